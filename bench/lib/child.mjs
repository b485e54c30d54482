// A child process that is asked by lines on its stdin and answers by lines of JSON on its stdout.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { pinned } from './machine.mjs'

export function startChild(core, command, environment) {
  const [file, ...args] = pinned(core, command)
  const started = performance.now()
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...environment } })
  const exited = once(child, 'exit')
  const waiting = []
  const unread = []
  let complaints = ''
  child.stdin.on('error', () => {}) // It has ended; whoever waits for an answer hears of it below.
  child.stderr.setEncoding('utf8').on('data', text => {
    complaints = (complaints + text).slice(-2000)
  })
  createInterface({ input: child.stdout }).on('line', line => {
    if (!line.startsWith('{')) return
    const answer = JSON.parse(line)
    if (waiting.length > 0) waiting.shift()(answer)
    else unread.push(answer)
  })
  return {
    pid: child.pid,
    started,
    exited,
    /** The next line of JSON that the child prints. */
    async answer() {
      if (unread.length > 0) return unread.shift()
      const answered = new Promise(resolve => waiting.push(resolve))
      const ended = exited.then(([code, signal]) => {
        throw new Error(`${command.join(' ')} ended with ${signal ?? code} and answered nothing\n${complaints}`)
      })
      return Promise.race([answered, ended])
    },
    ask(line) {
      child.stdin.write(`${line}\n`)
      return this.answer()
    },
    async stop(signal = 'SIGKILL') {
      child.kill(signal)
      await exited
    },
  }
}
