import { constants } from 'node:http2'
import type { ExchangeConnection } from '../exchange-connection.ts'
import type { IncomingRequest } from '../incoming-request.ts'
import type { ConnectionAddresses } from '../node-connection.ts'
import { closeBehindResponse } from './close-stream.ts'
import { resetsOnDestroy } from './destroy-stream.ts'
import type { Http2Connection } from './http2-connection.ts'
import type { CountingStream } from './stream-reply.ts'

const nothing = Buffer.alloc(0)

/** One stream of a connection, as its exchange sees it: what ends an exchange of HTTP/1 with its connection resets the stream, and leaves the others alone. */
export class StreamConnection implements ExchangeConnection {
  readonly socket: CountingStream
  closesWhenFinished = false
  #isAbortedHere = false
  readonly #connection: Http2Connection

  constructor(connection: Http2Connection, stream: CountingStream) {
    this.#connection = connection
    this.socket = stream
    resetsOnDestroy(stream)
  }

  get id(): string {
    return this.#connection.id
  }

  get scheme(): 'http' | 'https' {
    return this.#connection.scheme
  }

  get addresses(): ConnectionAddresses {
    return this.#connection.addresses
  }

  /** A stream that is reset counts as ended for Node. */
  get isEndedHere(): boolean {
    return this.socket.writableEnded && !this.socket.aborted
  }

  /** Once the stream has closed: whether its peer wanted that, before or behind the end of the answer. */
  get wasResetByPeer(): boolean {
    const { rstCode, writableFinished } = this.socket
    return !this.#isAbortedHere && (rstCode !== constants.NGHTTP2_NO_ERROR || !writableFinished)
  }

  nextRequestNumber(): number {
    return this.socket.id!
  }

  endSoon(): void {
    if (this.socket.writableEnded) closeBehindResponse(this.socket)
    else if (this.socket.headersSent) this.socket.write(nothing, () => this.abort())
    else this.abort()
  }

  abort(): void {
    this.#isAbortedHere = true
    this.socket.destroy()
  }

  /** RFC 9113 section 8.1: behind a whole response NO_ERROR asks the client to send no more of its request. */
  drainBody(message: IncomingRequest): void {
    message.discardBody()
    if (this.socket.writableEnded) closeBehindResponse(this.socket)
  }

  end(): void {
    this.#connection.exchangeEnded()
  }
}
