import type { OutgoingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import type { ResponseWriter } from '../response-writer.ts'

/** Headers that belong to a connection of HTTP/1 (RFC 9113 section 8.2.2): left out, as Kestrel does, and so are those of them that only requests have, which Node refuses. */
const connectionHeaders = new Set(['connection', 'transfer-encoding', 'keep-alive', 'upgrade', 'proxy-connection', 'te', 'http2-settings'])

/** A stream that counts what it was given, as a socket does. */
export type CountingStream = ServerHttp2Stream & { bytesWritten?: number }

/** A response on a stream of HTTP/2: the head waits, so that a response without a body is one frame. What comes after the stream has closed is dropped. */
export class StreamReply implements ResponseWriter {
  shouldKeepAlive = true
  chunkedEncoding = false
  readonly #stream: CountingStream
  #head: OutgoingHttpHeaders | undefined

  constructor(stream: CountingStream) {
    this.#stream = stream
    stream.bytesWritten = 0
  }

  get writableLength(): number {
    return this.#stream.writableLength
  }

  /** HTTP/2 has no reason phrase. */
  writeHead(statusCode: number, _reasonPhrase: string, lines: readonly string[]): void {
    this.#head = toHeaders(statusCode, lines)
  }

  removeHeader(): void {}

  writeContinue(): void {
    if (this.#isOpen) this.#stream.additionalHeaders({ ':status': 100 })
  }

  flushHeaders(): void {
    this.#respond(false)
  }

  write(data: string | Uint8Array, written: (error?: Error | null) => void = ignore): boolean {
    if (!this.#isOpen) {
      written()
      return true
    }
    this.#respond(false)
    this.#count(Buffer.byteLength(data))
    return this.#stream.write(data, written)
  }

  end(body?: Buffer): void {
    if (!this.#isOpen) return
    this.#respond(body === undefined)
    if (body !== undefined) this.#count(body.length)
    this.#stream.end(body)
  }

  endWith(body: string, encoding: BufferEncoding): void {
    this.end(Buffer.from(body, encoding))
  }

  on(event: 'drain', listener: () => void): void {
    this.#stream.on(event, listener)
  }

  get #isOpen(): boolean {
    return !this.#stream.closed && !this.#stream.destroyed
  }

  #count(length: number): void {
    this.#stream.bytesWritten! += length
  }

  #respond(endStream: boolean): void {
    const head = this.#head
    this.#head = undefined
    if (head !== undefined && this.#isOpen) this.#stream.respond(head, { endStream })
  }
}

/** Node wants names in lower case, and takes a list of values for `Set-Cookie` only where a header may come once. */
function toHeaders(statusCode: number, lines: readonly string[]): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = Object.create(null)
  headers[':status'] = statusCode
  for (let i = 0; i < lines.length; i += 2) {
    const name = lines[i]!.toLowerCase()
    const value = lines[i + 1]!
    const before = headers[name]
    if (connectionHeaders.has(name)) continue
    if (before === undefined) headers[name] = name === 'set-cookie' ? [value] : value
    else if (Array.isArray(before)) before.push(value)
    else headers[name] = `${before}, ${value}`
  }
  return headers
}

function ignore(): void {}
