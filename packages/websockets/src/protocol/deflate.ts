import { WebSocketCloseStatus } from '@windhover/core'
import { Violation } from './violation.ts'
import { createPerMessageDeflate, type DeflateParameters, type PerMessageDeflate } from './ws-exports.ts'

/** So many calls of zlib run at once in the process; more of them only fragment memory. */
const concurrencyLimit = 10

/** Compresses and expands the messages of one socket (RFC 7692). The zlib contexts are made on first use and freed by `close`. `ws` must have been loaded. */
export class MessageDeflater {
  readonly #deflate: PerMessageDeflate
  readonly #maxMessageSize: number
  /** The size of the present message so far: a limit for each call would start again with each fragment. */
  #inflatedSize = 0
  #isClosed = false
  /** How many calls of zlib are under way. */
  #running = 0

  constructor(parameters: DeflateParameters, maxMessageSize: number) {
    this.#maxMessageSize = maxMessageSize
    this.#deflate = createPerMessageDeflate({ isServer: true, maxPayload: maxMessageSize, threshold: 0, concurrencyLimit })
    this.#deflate.params = parameters
  }

  /** Compresses a part of a message; the memory must not change until `callback` is called. It is not called any more after `close`. */
  deflate(data: Uint8Array | string, isFinal: boolean, callback: (error: Error | undefined, deflated: Buffer) => void): void {
    this.#running++
    this.#deflate.compress(data, isFinal, (error, deflated) => {
      if (this.#goesOn()) callback(error ?? undefined, deflated)
    })
  }

  /** Expands a part of a message. What comes out may be a `Violation`: 1007 for what cannot be expanded, 1009 for a message that grows beyond its limit. */
  inflate(data: Uint8Array, isFinal: boolean, callback: (violation: Violation | undefined, inflated: Buffer) => void): void {
    this.#running++
    this.#deflate.decompress(data, isFinal, (error, inflated) => {
      if (!this.#goesOn()) return
      this.#inflatedSize += inflated?.length ?? 0
      const violation = this.#violation(error)
      if (isFinal) this.#inflatedSize = 0
      callback(violation, inflated)
    })
  }

  #violation(error: (Error & { code?: string }) | null): Violation | undefined {
    if (error?.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' || this.#inflatedSize > this.#maxMessageSize)
      return new Violation(
        WebSocketCloseStatus.MessageTooBig,
        `The peer sent a compressed message that expands to more than ${this.#maxMessageSize} bytes (maxMessageSize).`,
      )
    if (error)
      return new Violation(
        WebSocketCloseStatus.InvalidPayloadData,
        `The peer sent compressed data that cannot be expanded: ${error.message}.`,
      )
    return undefined
  }

  /** Frees the zlib contexts. Callbacks that are outstanding are not called. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    if (this.#running === 0) this.#deflate.cleanup()
  }

  /** One call has ended. `ws` throws outside of any handler when a context goes while a call uses it, so the last call to end frees it. */
  #goesOn(): boolean {
    this.#running--
    if (this.#isClosed && this.#running === 0) this.#deflate.cleanup()
    return !this.#isClosed
  }
}
