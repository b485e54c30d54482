import { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { hostingErrors } from '../errors/hosting-errors.ts'

/** What the body of a request needs from the exchange that it belongs to. */
export interface BodyReader {
  /** In bytes; null is unlimited. */
  readonly maxRequestBodySize: number | null
  /** The body is wanted for the first time. */
  onBodyReading(): void
  /** Its reader was told that it is too large. */
  onBodyTooLarge(): void
  /** More than the limit has come of a body that nobody reads any more. */
  onDrainLimit(): void
}

/**
 * Node's request, whose stream is the body: it ends at the size limit with status 413, and destroying it does not touch the connection, so that a handler
 * which leaves a `for await` over the body can still answer.
 */
export class RequestMessage extends IncomingMessage {
  /** Undefined before the request enters the pipeline. */
  reader: BodyReader | undefined = undefined
  /** Bytes of the body that have arrived, kept or not. */
  bodyBytesReceived = 0
  #isRead = false
  #isDiscarded = false

  /** True once somebody has begun to read the body. */
  get isBodyRead(): boolean {
    return this.#isRead
  }

  /** True when there is no body and nobody has asked for it. */
  get isBodyAbsent(): boolean {
    return !this.#isRead && this.complete && this.bodyBytesReceived === 0
  }

  /** True while somebody waits for bytes that have not arrived. */
  get isBodyAwaited(): boolean {
    return this.#isRead && !this.complete && !this.destroyed && this.readableLength < this.readableHighWaterMark
  }

  /** Whoever reads comes by here, also when the whole body has arrived before: then Node does not ask for more. */
  override read(size?: number): unknown {
    return this.#beginReading() ? super.read(size) : null
  }

  /** False when the body is too large. */
  #beginReading(): boolean {
    if (this.#isRead || this.#isDiscarded || this.reader === undefined) return true
    this.#isRead = true
    const length = this.complete ? this.bodyBytesReceived : Number(this.headers['content-length'] ?? this.bodyBytesReceived)
    if (exceeds(this, length)) return false
    if (!this.complete) this.reader.onBodyReading()
    else if (this.bodyBytesReceived === 0) super.push(null)
    return true
  }

  override push(chunk: Buffer | null, encoding?: BufferEncoding): boolean {
    // Most requests have no body, and nobody asks for it: the stream of such a one ends when it is read, not before.
    if (chunk === null) return this.bodyBytesReceived === 0 && !this.#isRead && !this.#isDiscarded ? true : super.push(null)
    this.bodyBytesReceived += chunk.length
    if (this.#isDiscarded) {
      const limit = this.reader?.maxRequestBodySize ?? null
      if (limit !== null && this.bodyBytesReceived > limit) this.reader!.onDrainLimit()
      return true
    }
    // Until somebody reads, the limit may still be changed; what can come by then is bounded by the stream's own buffer.
    if (this.#isRead && exceeds(this, this.bodyBytesReceived)) return true
    return super.push(chunk, encoding)
  }

  /** Without a listener the error would end the process; a later read finds the stream destroyed. */
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.discardBody()
    done(this.listenerCount('error') > 0 ? error : null)
  }

  /** Node calls it when the response is out and nobody has read the body: from then on it would drop any amount. */
  _dump(): void {
    this.discardBody()
  }

  /** Drops what has arrived of the body and what will, so that the connection can go on. */
  discardBody(): void {
    if (this.#isDiscarded) return
    this.#isDiscarded = true
    if (this.complete && this.bodyBytesReceived === 0) return
    if (!this.destroyed) this.resume()
    else if (!this.complete) super._read(0)
  }
}

const { get: hasEnded } = Object.getOwnPropertyDescriptor(Readable.prototype, 'readableEnded')!

// Node keeps a request until its stream has ended. One without a body need not come to its end.
Object.defineProperty(RequestMessage.prototype, 'readableEnded', {
  get(this: RequestMessage): boolean {
    return this.isBodyAbsent || hasEnded!.call(this)
  },
})

function exceeds(message: RequestMessage, size: number): boolean {
  const limit = message.reader?.maxRequestBodySize ?? null
  if (limit === null || size <= limit) return false
  message.reader!.onBodyTooLarge()
  message.destroy(hostingErrors.requestBodyTooLarge(limit))
  return true
}
