import {
  constants,
  type IncomingHttpHeaders,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type ServerOptions,
} from 'node:http2'
import type { Duplex } from 'node:stream'
import type { HttpEngine } from '../http-engine.ts'
import type { ConnectionAddresses } from '../node-connection.ts'
import { isRefused } from '../request-head.ts'
import { closeBehindResponse } from './close-stream.ts'
import { Http2Connection } from './http2-connection.ts'
import { Http2Exchange } from './http2-exchange.ts'
import { sessionOptions } from './session-options.ts'
import { StreamConnection } from './stream-connection.ts'
import { readStreamHead } from './stream-head.ts'
import { StreamReply } from './stream-reply.ts'
import { StreamRequest } from './stream-request.ts'
import { StreamTunnel } from './stream-tunnel.ts'

type RunExchange = (exchange: Http2Exchange) => void

/** Turns connections into sessions of `node:http2`, and their streams into exchanges. The rules of requests and responses are those of HTTP/1.1, in the forms that HTTP/2 has for them. */
export class Http2Engine {
  readonly #engine: HttpEngine
  readonly #run: RunExchange
  readonly #options: ServerOptions

  constructor(engine: HttpEngine, run: RunExchange) {
    this.#engine = engine
    this.#run = run
    this.#options = sessionOptions(engine.options.limits)
  }

  /** Speaks HTTP/2 on a connection from its first byte. */
  accept(socket: Duplex, addresses: ConnectionAddresses | undefined): void {
    const { connections, log, options } = this.#engine
    const session: ServerHttp2Session = performServerHandshake(socket, this.#options)
    const connection = new Http2Connection(socket, session, addresses, options.limits)
    connections.add(connection)
    socket.once('close', () => connections.delete(connection))
    session.setLocalWindowSize(options.limits.http2.initialConnectionWindowSize)
    // The types of Node leave the last argument out.
    session.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, flags: number, ...rest: unknown[]) =>
      this.#onStream(connection, stream, headers, flags, rest[0] as string[]),
    )
    session.on('error', error => log.sessionFailed(connection, error))
    session.once('close', () => connection.closed())
  }

  #onStream(
    connection: Http2Connection,
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    flags: number,
    rawHeaders: readonly string[],
  ): void {
    // A peer may reset the stream at any time. What that means is told by `close`.
    stream.on('error', ignoreError)
    // Head and reset came together: nobody waits for an answer.
    if (stream.destroyed) {
      connection.streamReset()
      return
    }
    const { options, connections, log } = this.#engine
    const head = readStreamHead(headers, rawHeaders, connection.scheme, options)
    if (head === undefined) {
      log.requestRefused(connection, 400)
      stream.close(constants.NGHTTP2_PROTOCOL_ERROR)
      return
    }
    const { maxPendingUpgrades } = options.limits
    const protocol = headers[':protocol']
    const isOverflow = protocol !== undefined && maxPendingUpgrades !== null && connections.pendingUpgrades >= maxPendingUpgrades
    if (isRefused(head) || isOverflow) {
      this.#refuse(connection, stream, isRefused(head) ? head.statusCode : 503)
      return
    }
    const tunnel = protocol === undefined ? undefined : new StreamTunnel(stream, protocol as string)
    const reply = tunnel === undefined ? new StreamReply(stream) : undefined
    const message = new StreamRequest(stream, headers, flags)
    const own = new StreamConnection(connection, stream)
    const exchange = new Http2Exchange(this.#engine, own, message, head, reply, tunnel)
    connection.exchangeBegins()
    stream.once('close', () => {
      if (own.wasResetByPeer) connection.streamReset()
      exchange.connectionClosed()
    })
    this.#run(exchange)
  }

  /** The rest of the request is not read. */
  #refuse(connection: Http2Connection, stream: ServerHttp2Stream, statusCode: number): void {
    this.#engine.log.requestRefused(connection, statusCode)
    stream.respond({ ':status': statusCode, 'content-length': 0 }, { endStream: true })
    closeBehindResponse(stream)
  }
}

function ignoreError(): void {}
