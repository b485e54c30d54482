import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'

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

/** A request as its connection gives it. Its stream is the body: it ends at the size limit, and destroying it leaves the response alone. */
export interface IncomingRequest extends Readable {
  /** Undefined before the request enters the pipeline. */
  reader: BodyReader | undefined
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly httpVersion: string
  /** Undefined for HTTP/2, which has none. */
  readonly httpVersionMinor: number | undefined
  readonly headers: IncomingHttpHeaders
  /** Everything has arrived. */
  readonly complete: boolean
  readonly bodyBytesReceived: number
  readonly isBodyRead: boolean
  /** True while somebody waits for bytes that have not arrived. */
  readonly isBodyAwaited: boolean
  /** Drops what has arrived of the body and what will. */
  discardBody(): void
}
