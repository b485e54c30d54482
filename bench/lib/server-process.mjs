import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { cpuSeconds, pinned, residentBytes } from './machine.mjs'

/** Starts a server script on core 0 and waits for its line `{"port":...}`. */
export async function startServer(command, environment = {}) {
  const [file, ...args] = pinned(0, command)
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...environment } })
  const exited = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })
  const port = await Promise.race([
    new Promise(resolve => lines.on('line', line => line.startsWith('{"port"') && resolve(JSON.parse(line).port))),
    exited.then(([code]) => {
      throw new Error(`${command.join(' ')} ended with ${code} before it listened`)
    }),
  ])
  return {
    port,
    pid: child.pid,
    cpuSeconds: () => cpuSeconds(child.pid),
    residentBytes: () => residentBytes(child.pid),
    async stop() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

/** Runs the load generator on core 1 and resolves with the JSON that it prints last. */
export async function runLoad(script, options) {
  const [file, ...args] = pinned(1, [process.execPath, script, JSON.stringify(options)])
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', text => {
    output += text
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`the load generator ended with ${code}`)
  return JSON.parse(output.trim().split('\n').at(-1))
}
