import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

/** A question to the implementation under test. */
export interface Message {
  readonly op: 'open' | 'trace' | 'close' | 'table' | 'services' | 'lifecycle'
  readonly spec?: unknown
  readonly table?: string
  readonly in?: unknown
}

export interface Answer {
  readonly out?: unknown
  readonly address?: string
  readonly trace?: readonly string[]
  readonly error?: string
  readonly unsupported?: true
  /** A mistake in a case or a driver, as opposed to a result. */
  readonly broken?: string
}

/** What the cases are carried out with: one message at a time. */
export interface Implementation {
  /** Starts the implementation in a process of its own, for the cases that need one. */
  readonly command: readonly string[] | undefined
  ask(message: Message): Promise<Answer>
  close(): void
}

/** A program that takes and gives a line of JSON at a time. */
export class CommandImplementation implements Implementation {
  readonly command: readonly string[]
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  readonly #waiting: { resolve(answer: Answer): void; reject(error: Error): void }[] = []

  constructor(command: readonly string[]) {
    this.command = command
    this.#child = spawn(command[0]!, command.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] })
    createInterface({ input: this.#child.stdout }).on('line', line => this.#waiting.shift()?.resolve(JSON.parse(line)))
    this.#child.on('error', error => this.#fail(error))
    this.#child.on('exit', code => this.#fail(new Error(`The implementation ended with exit code ${code}.`)))
  }

  ask(message: Message): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#child.stdin.write(`${JSON.stringify(message)}\n`)
    })
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error)
  }

  close(): void {
    this.#child.stdin.end()
  }
}
