import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import { Readable } from 'node:stream'
import { hostingErrors } from '../../errors/hosting-errors.ts'
import type { BodyReader, IncomingRequest } from '../incoming-request.ts'

/**
 * A request on a stream of HTTP/2. The body is read from the stream when somebody asks for it, so that what nobody reads is held back by the peer's window;
 * what is left over when the response is out is given up with the stream.
 */
export class StreamRequest extends Readable implements IncomingRequest {
  readonly httpVersion = '2'
  readonly httpVersionMinor: number | undefined = undefined
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  reader: BodyReader | undefined = undefined
  bodyBytesReceived = 0
  readonly #stream: ServerHttp2Stream
  #isComplete: boolean
  #isRead = false
  #isDiscarded = false

  constructor(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, flags: number) {
    super()
    this.#stream = stream
    this.headers = headers
    this.method = headers[':method']!
    this.url = headers[':path'] ?? headers[':authority'] ?? ''
    this.#isComplete = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0
  }

  get complete(): boolean {
    return this.#isComplete
  }

  get isBodyRead(): boolean {
    return this.#isRead
  }

  get isBodyAwaited(): boolean {
    return this.#isRead && !this.#isComplete && !this.destroyed && this.readableLength < this.readableHighWaterMark
  }

  override _read(): void {
    if (this.#isRead) this.#stream.resume()
    else this.#beginReading()
  }

  #beginReading(): void {
    this.#isRead = true
    if (this.#isComplete) {
      this.push(null)
      return
    }
    if (this.#exceeds(Number(this.headers['content-length'] ?? 0))) return
    this.reader?.onBodyReading()
    this.#stream
      .on('data', (chunk: Buffer) => this.#arrived(chunk))
      .once('end', () => this.#ended())
      .once('close', () => this.#lost())
  }

  #arrived(chunk: Buffer): void {
    if (this.#isDiscarded) return
    this.bodyBytesReceived += chunk.length
    if (!this.#exceeds(this.bodyBytesReceived) && !this.push(chunk)) this.#stream.pause()
  }

  #ended(): void {
    // A stream that was reset ends as well.
    if (this.#stream.aborted || this.#stream.rstCode !== constants.NGHTTP2_NO_ERROR) return
    this.#isComplete = true
    if (!this.destroyed) this.push(null)
  }

  #lost(): void {
    if (!this.#isComplete && !this.#isDiscarded) this.destroy(hostingErrors.requestAborted())
  }

  #exceeds(size: number): boolean {
    const limit = this.reader?.maxRequestBodySize ?? null
    if (limit === null || size <= limit) return false
    this.reader!.onBodyTooLarge()
    this.destroy(hostingErrors.requestBodyTooLarge(limit))
    return true
  }

  /** Without a listener the error would end the process; a later read finds the stream destroyed. */
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.discardBody()
    done(this.listenerCount('error') > 0 ? error : null)
  }

  discardBody(): void {
    if (this.#isDiscarded) return
    this.#isDiscarded = true
    // Nobody reads any more: the window closes, and the stream ends behind the response.
    if (!this.#isComplete) this.#stream.pause()
  }
}
