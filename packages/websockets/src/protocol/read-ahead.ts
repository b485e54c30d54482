import { WebSocketLimits } from '../options/web-socket-limits.ts'

const nothing: Buffer = Buffer.alloc(0)
const smallestGathering = 1024

/**
 * The bytes that have arrived and were not taken: the chunks of TCP as they came. Only chunks that are small and have to wait are copied, into one growing buffer, because a chunk of
 * one byte costs several hundred.
 */
export class ReadAhead {
  /** How many bytes there are. */
  unread = 0
  /** The first of them lie in `chunk`, from `at` on. */
  protected chunk: Buffer = nothing
  protected at = 0
  #more: Buffer[] | undefined
  /** Small chunks, behind all others. */
  #gathered: Buffer | undefined
  #gatheredLength = 0

  push(chunk: Buffer): void {
    if (chunk.length === 0) return
    this.unread += chunk.length
    if (this.chunk.length === 0) this.chunk = chunk
    else if (chunk.length < WebSocketLimits.gatheredChunk) this.#gather(chunk)
    else {
      this.#moveGathered()
      this.#more ??= []
      this.#more.push(chunk)
    }
  }

  /** Takes bytes. A header may reach over several chunks. */
  protected advance(count: number): void {
    this.unread -= count
    let at = this.at + count
    while (at >= this.chunk.length && this.chunk.length > 0) {
      at -= this.chunk.length
      this.#nextChunk()
    }
    this.at = at
  }

  /** Copies a few unread bytes, from `offset` on, until the target is full; returns how many that were. */
  protected peek(offset: number, target: Uint8Array): number {
    let skip = offset + this.at
    let copied = 0
    for (let i = 0; copied < target.length; i++) {
      const chunk = this.#chunkAt(i)
      if (chunk === undefined) break
      // A loop, because a method for so few bytes costs more than they do, and a flood of the smallest frames asks for each.
      for (; skip < chunk.length && copied < target.length; skip++) target[copied++] = chunk[skip]!
      skip = Math.max(0, skip - chunk.length)
    }
    return copied
  }

  /** Drops everything. */
  clear(): void {
    this.unread = 0
    this.chunk = nothing
    this.at = 0
    this.#more = undefined
    this.#gathered = undefined
    this.#gatheredLength = 0
  }

  #chunkAt(index: number): Uint8Array | undefined {
    if (index === 0) return this.chunk
    const count = this.#more?.length ?? 0
    if (index <= count) return this.#more![index - 1]
    return index === count + 1 ? this.#gathered?.subarray(0, this.#gatheredLength) : undefined
  }

  #nextChunk(): void {
    let next = this.#more?.shift()
    if (next === undefined && this.#gathered !== undefined) {
      next = this.#gathered.subarray(0, this.#gatheredLength)
      this.#gathered = undefined
      this.#gatheredLength = 0
    }
    this.chunk = next ?? nothing
  }

  #gather(chunk: Buffer): void {
    const length = this.#gatheredLength + chunk.length
    if (this.#gathered === undefined || this.#gathered.length < length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(smallestGathering, 2 * length))
      this.#gathered?.copy(larger, 0, 0, this.#gatheredLength)
      this.#gathered = larger
    }
    chunk.copy(this.#gathered, this.#gatheredLength)
    this.#gatheredLength = length
  }

  /** A large chunk comes behind the gathered ones. */
  #moveGathered(): void {
    if (this.#gathered === undefined) return
    this.#more ??= []
    this.#more.push(this.#gathered.subarray(0, this.#gatheredLength))
    this.#gathered = undefined
    this.#gatheredLength = 0
  }
}
