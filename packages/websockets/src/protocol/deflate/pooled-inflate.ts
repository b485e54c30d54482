import { constants, createInflateRaw, type InflateRaw } from 'node:zlib'
import type { History } from './history.ts'

/** What a sender leaves out at the end of a message (RFC 7692 section 7.2.2). */
export const flushMark: Buffer = Buffer.of(0, 0, 0xff, 0xff)
/** A final block may end a message (RFC 7692 section 7.2.3.4), and each costs as much as a message: nobody needs many. */
export const mostFinalBlocks = 16

/** So many parts are expanded at once in the process; more of them only fragment memory. */
const concurrencyLimit = 10
let running = 0
/** Each returns false when it was closed while it waited, and leaves its turn to the next. */
const waiting: (() => boolean)[] = []

export type InflateCallback = (failure: Error | 'too big' | undefined, plain: Buffer) => void

/**
 * Expands one message in the thread pool, part by part: a stream of zlib that begins with what went before and goes with the message. A final block ends the stream, but not the message: what is
 * behind it goes to the next stream.
 */
export class PooledInflate {
  readonly #windowBits: number
  readonly #history: History
  readonly #maxSize: number
  #stream: InflateRaw | undefined
  #size = 0
  #finalBlocks = 0
  #isRunning = false
  #callback: InflateCallback | undefined
  #plain: Buffer[] = []

  /** What comes out is added to `history`. `maxSize` is the limit for the message. */
  constructor(windowBits: number, history: History, maxSize: number) {
    this.#windowBits = windowBits
    this.#history = history
    this.#maxSize = maxSize
  }

  /** One part after the other. The memory must not change until `callback` is called, which does not happen any more after `close`. */
  expand(bytes: Uint8Array, isFinal: boolean, callback: InflateCallback): void {
    const all = isFinal ? Buffer.concat([bytes, flushMark]) : bytes
    this.#callback = callback
    whenFree(() => {
      if (this.#callback !== callback) return false
      this.#isRunning = true
      this.#write(all)
      return true
    })
  }

  /** Frees the stream. */
  close(): void {
    this.#stream?.close()
    this.#stream = undefined
    this.#callback = undefined
    this.#release()
  }

  #write(bytes: Uint8Array): void {
    this.#stream ??= this.#open()
    const stream = this.#stream
    const before = stream.bytesWritten
    stream.write(bytes)
    stream.flush(constants.Z_SYNC_FLUSH, () => {
      if (stream !== this.#stream) return
      const taken = stream.bytesWritten - before
      if (taken === bytes.length) this.#end(undefined)
      else this.#goOnBehindFinalBlock(bytes.subarray(taken))
    })
  }

  #goOnBehindFinalBlock(rest: Uint8Array): void {
    this.#stream?.close()
    this.#stream = undefined
    this.#finalBlocks++
    if (this.#finalBlocks === mostFinalBlocks) this.#end(tooManyFinalBlocks())
    else this.#write(rest)
  }

  #open(): InflateRaw {
    const dictionary = this.#history.last
    const stream = createInflateRaw({ windowBits: this.#windowBits, ...(dictionary === undefined ? undefined : { dictionary }) })
    stream.on('data', (plain: Buffer) => {
      if (stream === this.#stream) this.#add(plain)
    })
    stream.on('error', error => {
      if (stream === this.#stream) this.#end(error)
    })
    return stream
  }

  #add(plain: Buffer): void {
    this.#size += plain.length
    if (this.#size > this.#maxSize) {
      this.#end('too big')
      return
    }
    this.#history.add(plain)
    this.#plain.push(plain)
  }

  #end(failure: Error | 'too big' | undefined): void {
    const callback = this.#callback
    const plain = this.#plain.length === 1 ? this.#plain[0]! : Buffer.concat(this.#plain)
    this.#plain = []
    if (failure !== undefined) this.close()
    this.#release()
    callback?.(failure, plain)
  }

  #release(): void {
    if (!this.#isRunning) return
    this.#isRunning = false
    makeFree()
  }
}

export function tooManyFinalBlocks(): Error {
  return new Error(`it has more than ${mostFinalBlocks} final blocks`)
}

function whenFree(go: () => boolean): void {
  if (running === concurrencyLimit) {
    waiting.push(go)
    return
  }
  running++
  go()
}

function makeFree(): void {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) if (next()) return
  running--
}
