/** How a response leaves: a message of HTTP/1, or a stream of HTTP/2. */
export interface ResponseWriter {
  /** Bytes that were written and not sent. */
  readonly writableLength: number
  /** HTTP/1: whether the connection may serve another request. */
  shouldKeepAlive: boolean
  /** HTTP/1: whether a body without a length is chunked. */
  chunkedEncoding: boolean
  /** `lines` are names and values in turn. The head waits for what follows it. */
  writeHead(statusCode: number, reasonPhrase: string, lines: string[]): unknown
  removeHeader(name: string): void
  writeContinue(): void
  flushHeaders(): void
  /** False asks to wait for `drain`. */
  write(data: string | Uint8Array, written?: (error?: Error | null) => void): boolean
  end(body?: Buffer): unknown
  endWith(body: string, encoding: BufferEncoding): void
  on(event: 'drain', listener: () => void): unknown
}
