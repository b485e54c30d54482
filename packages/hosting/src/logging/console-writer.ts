import { writeSync } from 'node:fs'
import { setImmediate } from 'node:timers'
import { ConsoleLoggerQueueFullMode } from './console-logger-options.ts'

/** How many entries may wait, and what happens to more. */
export interface ConsoleQueueLimits {
  readonly maxQueueLength: number
  readonly queueFullMode: ConsoleLoggerQueueFullMode
}

/** `process.stdout` or `process.stderr`, of a process or of a worker thread. */
type ConsoleStream = Pick<NodeJS.WriteStream, 'isTTY' | 'write'> & { readonly fd?: 1 | 2 }

/** A tick that logs more than this many UTF-16 code units writes in between. */
const maxBatchLength = 64 * 1024
/** How long a full pipe is left alone before the next attempt, in milliseconds. */
const retryDelay = 5
/** How long the process waits at its exit for a pipe that nobody reads, in milliseconds. As long as .NET waits. */
const exitTimeout = 1500

const sleepingPlace = new Int32Array(new SharedArrayBuffer(4))
const nothing = new Uint8Array(0)

/**
 * Writes what is logged in one turn of the event loop with one call, and all of it before the process ends, however that happens in an orderly
 * way: at the end, on `process.exit`, after an uncaught error.
 *
 * It writes to the file descriptor, not to `process.stdout`: of what a stream holds for a full pipe, `process.exit` would lose the rest.
 */
export class ConsoleWriter {
  static readonly standardOutput: ConsoleWriter = new ConsoleWriter(() => process.stdout)
  static readonly standardError: ConsoleWriter = new ConsoleWriter(() => process.stderr)

  readonly #stream: () => ConsoleStream
  /** What waits, as text; `#unsent` goes before it. */
  #text = ''
  #unsent: Uint8Array = nothing
  #waiting = 0
  #dropped = 0
  #isScheduled = false
  #endsWithProcess = false

  private constructor(stream: () => ConsoleStream) {
    this.#stream = stream
  }

  /** Writes an entry at the end of this turn of the event loop. */
  write(text: string, limits: ConsoleQueueLimits): void {
    if (this.#waiting >= limits.maxQueueLength && !this.#makeRoom(limits)) return
    this.#text += text
    this.#waiting++
    if (this.#text.length >= maxBatchLength) this.flush()
    this.#schedule()
  }

  /** Writes as much as the console takes now. */
  flush(): void {
    while (this.#waiting > 0) {
      if (this.#unsent.length === 0) this.#encode()
      const written = this.#writeSome(this.#unsent)
      if (written === 0) return
      this.#unsent = this.#unsent.subarray(written)
      if (this.#unsent.length === 0 && this.#text === '' && this.#dropped === 0) this.#waiting = 0
    }
  }

  /** Writes everything and waits for it, at most until `deadline`, a time of `performance.now()`. */
  drain(deadline: number = Number.POSITIVE_INFINITY): void {
    this.flush()
    while (this.#waiting > 0 && performance.now() < deadline) {
      Atomics.wait(sleepingPlace, 0, 0, retryDelay)
      this.flush()
    }
  }

  #makeRoom(limits: ConsoleQueueLimits): boolean {
    this.flush()
    if (this.#waiting < limits.maxQueueLength) return true
    if (limits.queueFullMode === ConsoleLoggerQueueFullMode.DropWrite) {
      this.#dropped++
      return false
    }
    this.drain()
    return true
  }

  #encode(): void {
    if (this.#dropped > 0) {
      this.#text += `warn: ${this.#dropped} log entries were dropped because the console did not take them fast enough (ConsoleLoggerOptions.queueFullMode).\n`
      this.#dropped = 0
    }
    this.#unsent = Buffer.from(this.#text)
    this.#text = ''
  }

  /** How many bytes the console took: 0 when it takes none at the moment, all of them when it is gone. */
  #writeSome(bytes: Uint8Array): number {
    const stream = this.#stream()
    try {
      if (!stream.isTTY && stream.fd !== undefined) return writeSync(stream.fd, bytes)
      // A terminal takes what its stream writes at once, and on Windows only the stream knows its encoding. In a worker thread there is no descriptor.
      stream.write(bytes)
      return bytes.length
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0
      // Nobody is there any more to read (EPIPE), or ever was (EBADF): no reason to end the program, and no place to tell.
      return bytes.length
    }
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    if (!this.#endsWithProcess) process.on('exit', () => this.drain(performance.now() + exitTimeout))
    this.#endsWithProcess = true
    setImmediate(() => this.#flushInTurn())
  }

  #flushInTurn(): void {
    this.flush()
    this.#isScheduled = this.#waiting > 0
    if (this.#isScheduled) setTimeout(() => this.#flushInTurn(), retryDelay).unref()
  }
}
