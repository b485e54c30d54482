const smallest = 4 * 1024

/** Collects a message that comes in parts: one growing buffer, so that memory follows bytes and not fragments. */
export class MessageBuilder {
  bytes: Buffer = Buffer.alloc(0)
  length = 0
  isAscii = true

  /** Makes room for so many further bytes; at least doubles, so that each byte is copied about once. */
  reserve(size: number): void {
    const needed = this.length + size
    if (needed <= this.bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.bytes.length, smallest))
    this.bytes.copy(larger, 0, 0, this.length)
    this.bytes = larger
  }
}
