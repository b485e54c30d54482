const nothing: Buffer = Buffer.alloc(0)
const smallest = 512

/**
 * The last bytes of the plain text that went through one direction of a socket. DEFLATE refers to nothing else of what went before (its sliding window is a preset dictionary), so a socket that keeps
 * its context keeps these bytes and no state of zlib. Memory grows with what came, up to five quarters of `size`.
 */
export class History {
  readonly #size: number
  #bytes: Buffer = nothing
  #end = 0

  constructor(size: number) {
    this.#size = size
  }

  /** The bytes, or undefined when there are none. Valid until the next change. */
  get last(): Buffer | undefined {
    return this.#end === 0 ? undefined : this.#bytes.subarray(Math.max(0, this.#end - this.#size), this.#end)
  }

  add(plain: Uint8Array): void {
    const added = plain.length > this.#size ? plain.subarray(plain.length - this.#size) : plain
    if (this.#end + added.length > this.#bytes.length) this.#makeRoom(added.length)
    this.#bytes.set(added, this.#end)
    this.#end += added.length
  }

  clear(): void {
    this.#bytes = nothing
    this.#end = 0
  }

  /** Keeps what still counts when `count` bytes have come, and moves it as seldom as a quarter of room to spare allows. */
  #makeRoom(count: number): void {
    const kept = Math.min(this.#end, this.#size - count)
    const needed = kept + count
    const target = needed <= this.#bytes.length ? this.#bytes : Buffer.allocUnsafeSlow(this.#capacityFor(needed))
    this.#bytes.copy(target, 0, this.#end - kept, this.#end)
    this.#bytes = target
    this.#end = kept
  }

  #capacityFor(needed: number): number {
    const most = this.#size + this.#size / 4
    return Math.min(most, Math.max(smallest, needed, 2 * this.#bytes.length))
  }
}
