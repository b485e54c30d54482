import type { Buffer } from 'node:buffer'

// Held from the start: a test that replaces the clock must not stop the connections.
const { setImmediate } = globalThis

/** What the receiving end of a wire offers. */
export interface WireTarget {
  readonly destroyed: boolean
  /** False: full, stop until `resume` is called. Null is the end of the data. */
  push(chunk: Buffer | null): boolean
  destroy(error?: Error): unknown
}

/** A writer waits while more bytes than this are under way in its direction: what the kernel's buffers are to TCP. */
const capacity = 64 * 1024
/** The largest piece in which bytes arrive: as much as Node reads from a socket at a time. */
const largestPiece = 64 * 1024

/**
 * One direction of a connection in memory. As with TCP, bytes arrive in a later turn of the event loop, never inside the call that wrote them;
 * what was written before the writer was destroyed still arrives; a reset overtakes it.
 */
export class Wire {
  readonly #target: WireTarget
  #queue: Buffer[] = []
  #queued = 0
  #ended = false
  #endDelivered = false
  #scheduled = false
  #targetIsFull = false
  #isWanted = false
  #waitingWriter: (() => void) | undefined

  constructor(target: WireTarget) {
    this.#target = target
  }

  /** Calls `done` when the wire takes more: at once unless it is full. */
  write(chunk: Buffer, done: () => void): void {
    for (let at = 0; at < chunk.length; at += largestPiece) this.#queue.push(chunk.subarray(at, at + largestPiece))
    this.#queued += chunk.length
    this.#schedule()
    if (this.#queued < capacity) done()
    else this.#waitingWriter = done
  }

  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#schedule()
  }

  reset(error: Error): void {
    this.#ended = true
    this.#queue = []
    this.#queued = 0
    setImmediate(() => this.#target.destroy(error))
  }

  /** The target wants more. */
  resume(): void {
    this.#isWanted = true
    if (!this.#targetIsFull) return
    this.#targetIsFull = false
    this.#schedule()
  }

  /** Lets a waiting writer go: nobody will read any more. */
  release(): void {
    const writer = this.#waitingWriter
    this.#waitingWriter = undefined
    writer?.()
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.#deliver()
    })
  }

  #deliver(): void {
    while (this.#queue.length > 0 && !this.#targetIsFull) {
      if (this.#target.destroyed) {
        this.#queue = []
        this.#queued = 0
        break
      }
      const chunk = this.#queue.shift()!
      this.#queued -= chunk.length
      this.#isWanted = false
      const isFull = !this.#target.push(chunk)
      // Whoever reads inside the push asks for more once, and not again after it.
      this.#targetIsFull = isFull && !this.#isWanted
    }
    if (this.#queued < capacity) this.release()
    if (this.#queue.length > 0 || !this.#ended || this.#endDelivered) return
    this.#endDelivered = true
    if (!this.#target.destroyed) this.#target.push(null)
  }
}
