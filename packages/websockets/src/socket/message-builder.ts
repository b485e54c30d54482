import { releaseMemory } from '../protocol/release-memory.ts'

const smallest = 4 * 1024

/** Collects a message that comes in parts: one growing buffer, so that memory follows bytes and not fragments. */
export class MessageBuilder {
  bytes: Buffer = Buffer.alloc(0)
  length = 0
  isAscii = true

  /**
   * Makes room for `size` further bytes that have arrived. `rest` is how much of the present frame is missing, these included: room for all of it is made at once when a quarter of the
   * message has arrived, so that memory still follows what came and not what was announced. Behind a frame that is not the `last` one more comes, and each byte shall be copied about once.
   */
  reserve(size: number, rest: number, isLast: boolean): void {
    const needed = this.length + size
    if (needed <= this.bytes.length) return
    const known = Math.min(this.length + rest, 4 * needed)
    const larger = Buffer.allocUnsafeSlow(isLast ? known : Math.max(known, 2 * this.bytes.length, smallest))
    this.bytes.copy(larger, 0, 0, this.length)
    releaseMemory(this.bytes)
    this.bytes = larger
  }

  /** Copies the first bytes, as many as there is room for, and drops them. Returns how many that were. */
  takeBytes(target: Uint8Array): number {
    const count = this.bytes.copy(target, 0, 0, this.length)
    this.bytes.copyWithin(0, count, this.length)
    this.length -= count
    return count
  }

  /** The bytes as text, and the end of the memory that they were in. */
  takeText(): string {
    const text = this.bytes.toString(this.isAscii ? 'latin1' : 'utf8', 0, this.length)
    releaseMemory(this.bytes)
    return text
  }
}
