import { WebSocketCloseStatus } from '@windhover/core'
import { Violation } from '../protocol/violation.ts'

const smallest = 4 * 1024

/** Collects a message that comes in parts: one growing buffer, so that memory follows bytes and not fragments. */
export class MessageBuilder {
  bytes: Buffer = Buffer.alloc(0)
  length = 0
  isAscii = true
  readonly #maxMessageSize: number

  constructor(maxMessageSize: number) {
    this.#maxMessageSize = maxMessageSize
  }

  /** Throws a `Violation` when the message is going to be too large. */
  announce(size: number): void {
    if (this.length + size <= this.#maxMessageSize) return
    throw new Violation(
      WebSocketCloseStatus.MessageTooBig,
      `The peer sent a message of more than ${this.#maxMessageSize} bytes (maxMessageSize).`,
    )
  }

  /** Makes room for so many further bytes; at least doubles, so that each byte is copied about once. */
  reserve(size: number): void {
    const needed = this.length + size
    if (needed <= this.bytes.length) return
    const larger = Buffer.allocUnsafeSlow(
      Math.min(Math.max(needed, 2 * this.bytes.length, smallest), Math.max(needed, this.#maxMessageSize)),
    )
    this.bytes.copy(larger, 0, 0, this.length)
    this.bytes = larger
  }
}
