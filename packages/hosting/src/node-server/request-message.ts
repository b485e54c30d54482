import { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { type BodySink, drainTo } from '@windhover/core'
import { hostingErrors } from '../errors/hosting-errors.ts'
import type { BodyReader, IncomingRequest } from './incoming-request.ts'

/** Chunks below this size are gathered while others wait to be read, in bytes. */
const gatheredChunk = 1024

const { get: hasEnded } = Object.getOwnPropertyDescriptor(Readable.prototype, 'readableEnded')!

/**
 * Node's request, whose stream is the body: it ends at the size limit with status 413, and destroying it does not touch the connection, so that a handler
 * which leaves a `for await` over the body can still answer.
 */
export class RequestMessage extends IncomingMessage implements IncomingRequest {
  /** Undefined before the request enters the pipeline. */
  reader: BodyReader | undefined = undefined
  /** Bytes of the body that have arrived, kept or not. */
  bodyBytesReceived = 0
  #isRead = false
  #isDiscarded = false
  #sink: BodySink | undefined
  /** A reader of the whole has everything: what the stream has not told by its events. */
  #isDrained = false
  /** Small chunks that wait behind what the stream has: each costs some hundred bytes there, and a client may send nothing but chunks of one byte. */
  #gathered: Buffer | undefined
  #gatheredLength = 0

  // Defined by hand where the types of Node and of core know no accessor.
  static {
    // Node keeps a request until its stream has ended. One without a body, or whose body went past the stream, need not come to its end.
    Object.defineProperty(RequestMessage.prototype, 'readableEnded', {
      get(this: RequestMessage): boolean {
        return this.#isDrained || this.isBodyAbsent || hasEnded!.call(this)
      },
    })
    Object.defineProperty(RequestMessage.prototype, drainTo, { value: RequestMessage.prototype.drain })
  }

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
    return this.#isRead && !this.complete && !this.destroyed && this.readableLength + this.#gatheredLength < this.readableHighWaterMark
  }

  /** See `drainTo`. */
  drain(sink: BodySink): boolean {
    const isTouched = this.#isRead || this.readableFlowing !== null || this.readableEncoding !== null
    if (isTouched || this.#isDiscarded || this.destroyed || !this.#beginReading()) return false
    this.#passOn()
    const arrived: Buffer | null = super.read()
    if (arrived !== null) sink.take(arrived)
    this.#sink = sink
    if (this.complete) this.#endSink()
    return true
  }

  #endSink(): void {
    const sink = this.#sink!
    this.#sink = undefined
    this.#isDrained = true
    sink.end()
  }

  /** Whoever reads comes by here, also when the whole body has arrived before: then Node does not ask for more. */
  override read(size?: number): unknown {
    if (!this.#beginReading()) return null
    this.#passOn()
    return super.read(size)
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
    if (chunk === null) {
      if (this.bodyBytesReceived === 0 && !this.#isRead && !this.#isDiscarded) return true
      this.#passOn()
      if (this.#sink !== undefined) this.#endSink()
      return super.push(null)
    }
    this.bodyBytesReceived += chunk.length
    if (this.#isDiscarded) {
      const limit = this.reader?.maxRequestBodySize ?? null
      if (limit !== null && this.bodyBytesReceived > limit) this.reader!.onDrainLimit()
      return true
    }
    // Until somebody reads, the limit may still be changed; what can come by then is bounded by the stream's own buffer.
    if (this.#isRead && exceeds(this, this.bodyBytesReceived)) return true
    if (this.#sink !== undefined) {
      this.#sink.take(chunk)
      return true
    }
    if (this.readableLength > 0 && chunk.length < gatheredChunk) return this.#gather(chunk)
    this.#passOn()
    return super.push(chunk, encoding)
  }

  /** False when the stream has enough, as `push` tells it. */
  #gather(chunk: Buffer): boolean {
    const length = this.#gatheredLength + chunk.length
    if (this.#gathered === undefined || this.#gathered.length < length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(gatheredChunk, 2 * length))
      this.#gathered?.copy(larger, 0, 0, this.#gatheredLength)
      this.#gathered = larger
    }
    chunk.copy(this.#gathered, this.#gatheredLength)
    this.#gatheredLength = length
    return this.readableLength + length < this.readableHighWaterMark
  }

  /** Gives the stream what was gathered, as one chunk. */
  #passOn(): void {
    if (this.#gathered === undefined) return
    const chunk = this.#gathered.subarray(0, this.#gatheredLength)
    this.#gathered = undefined
    this.#gatheredLength = 0
    if (!this.#isDiscarded && !this.destroyed) super.push(chunk)
  }

  /** Without a listener the error would end the process; a later read finds the stream destroyed. */
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.discardBody()
    this.#sink?.fail(error)
    this.#sink = undefined
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

function exceeds(message: RequestMessage, size: number): boolean {
  const limit = message.reader?.maxRequestBodySize ?? null
  if (limit === null || size <= limit) return false
  message.reader!.onBodyTooLarge()
  message.destroy(hostingErrors.requestBodyTooLarge(limit))
  return true
}
