import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'

/** How a process has ended, and what it wrote. */
export interface ProcessEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly output: string
}

/**
 * A Node process of a test: what it writes is kept, `waitForOutputAsync` waits for a line, and `await using` ends it however the test goes.
 */
export class ChildProcess implements AsyncDisposable {
  readonly #process: ChildProcessWithoutNullStreams
  readonly #ended: Promise<ProcessEnd>
  #output = ''

  constructor(args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}) {
    this.#process = spawn(process.execPath, args, { cwd: options.cwd, env: { ...process.env, NO_COLOR: '1', ...options.env } })
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text
      })
    }
    this.#ended = once(this.#process, 'close').then(([code, signal]) => ({ code, signal, output: this.#output }))
  }

  get pid(): number {
    return this.#process.pid!
  }

  get output(): string {
    return this.#output
  }

  /** Resolves with the match as soon as the output has one. Rejects with the whole output when the process ends without it. */
  async waitForOutputAsync(pattern: RegExp): Promise<RegExpExecArray> {
    let hasEnded = false
    const ended = this.#ended.then(() => {
      hasEnded = true
    })
    for (;;) {
      const match = pattern.exec(this.#output)
      if (match !== null) return match
      if (hasEnded) throw new Error(`The process ended without writing ${pattern}. It wrote:\n${this.#output}`)
      await Promise.race([once(this.#process.stdout, 'data'), once(this.#process.stderr, 'data'), ended])
    }
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name)
  }

  writeLine(line: string): void {
    this.#process.stdin.write(`${line}\n`)
  }

  waitForEndAsync(): Promise<ProcessEnd> {
    return this.#ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGKILL')
    await this.#ended
  }
}
