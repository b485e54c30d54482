import { createServer, type Server as HttpServer, type ServerOptions } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { setImmediate } from 'node:timers'
import { hostingErrors } from '../errors/hosting-errors.ts'
import type { HttpApplication } from '../server/server.ts'
import { emptyAnswer, http2Preface, http11Required, type ParserError, statusOfClientError } from './client-error.ts'
import { DataRates } from './data-rates.ts'
import { lastLineOf } from './header-lines.ts'
import { HttpProtocol } from './http-protocols.ts'
import { Http2Engine } from './http2/http2-engine.ts'
import { type ConnectionAddresses, NodeConnection } from './node-connection.ts'
import { NodeExchange } from './node-exchange.ts'
import type { NodeResponse } from './node-response.ts'
import type { ResolvedNodeServerOptions } from './node-server-options.ts'
import { NodeUpgrade } from './node-upgrade.ts'
import { OpenConnections } from './open-connections.ts'
import { Reply } from './reply.ts'
import { isRefused, type RefusedHead, readHead } from './request-head.ts'
import { RequestMessage } from './request-message.ts'
import type { ServerLog } from './server-log.ts'

type NodeHttpServer = HttpServer<typeof RequestMessage, typeof Reply>

/**
 * From version 26 on Node parses the body of a request that is to be upgraded, but loses errors in its framing. So there the parser is told to treat such a request as an ordinary one,
 * which makes it drop what comes behind the request in the same packet. Before, the body comes as bytes behind the request, and is handed back.
 */
const nodeReadsUpgradeBody = Number.parseInt(process.versions.node, 10) >= 26

/** What Node has from version 24.9: answering false leaves a request with an `Upgrade` header to the parser. */
interface UpgradeChoice {
  readonly shouldUpgradeCallback: (message: RequestMessage) => boolean
}

/**
 * Turns connections into exchanges with Node's HTTP parser. It never listens: connections come by `accept`, from a listening socket or from memory, so that TLS is one
 * more kind of listener.
 */
export class HttpEngine {
  readonly options: ResolvedNodeServerOptions
  readonly log: ServerLog
  readonly dataRates: DataRates
  readonly connections: OpenConnections = new OpenConnections()
  readonly #http: NodeHttpServer
  readonly #http2: Http2Engine
  #application: HttpApplication<unknown> | undefined
  #unsent: NodeResponse[] = []

  constructor(options: ResolvedNodeServerOptions, log: ServerLog) {
    this.options = options
    this.log = log
    this.dataRates = new DataRates(options.limits.minRequestBodyDataRate, options.limits.minResponseDataRate, connection => {
      log.responseTooSlow(connection)
      connection.abort()
    })
    this.#http = this.#createHttpServer()
    this.#http2 = new Http2Engine(this, exchange => exchange.run(this.#application!))
  }

  #createHttpServer(): NodeHttpServer {
    const { limits } = this.options
    const options: ServerOptions<typeof RequestMessage, typeof Reply> & Partial<UpgradeChoice> = {
      IncomingMessage: RequestMessage,
      ServerResponse: Reply,
      maxHeaderSize: limits.maxRequestLineSize + limits.maxRequestHeadersTotalSize,
      // A missing `Host` is answered with the framing of Kestrel.
      requireHostHeader: false,
      keepAliveTimeout: limits.keepAliveTimeout,
      headersTimeout: limits.requestHeadersTimeout,
      // The pace of a body is limited, not its time.
      requestTimeout: 0,
      connectionsCheckingInterval: Math.max(100, Math.min(1_000, limits.requestHeadersTimeout / 4)),
      insecureHTTPParser: false,
      ...(nodeReadsUpgradeBody && { shouldUpgradeCallback: isUpgradable }),
    }
    const http = createServer(options)
    // Node drops what is above its limit without a word, so it has to see one more than is allowed.
    http.maxHeadersCount = limits.maxRequestHeaderCount + 1
    for (const event of ['request', 'checkContinue', 'checkExpectation'] as const) {
      http.on(event, (message: RequestMessage, reply: Reply) => this.#onRequest(message, reply))
    }
    http.prependListener('checkContinue', (_message, reply: Reply) => reply.forgetExpectation())
    for (const event of ['upgrade', 'connect'] as const) {
      http.on(event, (message: RequestMessage, socket: Duplex, head: Buffer) => this.#onUpgrade(message, socket, head))
    }
    http.on('clientError', (error, socket) => this.#onClientError(error, socket))
    return http
  }

  /** False before the start and once the stop has begun. */
  get isRunning(): boolean {
    return this.#application !== undefined && !this.connections.isStopping
  }

  start(application: HttpApplication<unknown>): void {
    this.#application = application
    // Node looks after slow and idle connections once it listens, which this server leaves to others.
    this.#http.emit('listening')
  }

  /** False for a connection above the limit, or at the wrong time: it is destroyed. */
  admits(socket: Duplex): boolean {
    // A peer may reset the connection at any time. What that means is told by `close`.
    socket.on('error', ignoreError)
    const { maxConcurrentConnections } = this.options.limits
    const isFull = maxConcurrentConnections !== null && this.connections.httpCount >= maxConcurrentConnections
    if (isFull) this.log.connectionRejected(maxConcurrentConnections)
    if (!isFull && this.isRunning && !socket.destroyed) return true
    socket.destroy()
    return false
  }

  /** `protocol` is what the peer speaks: it was negotiated with TLS, or is all that the endpoint offers. */
  accept(socket: Duplex, addresses?: ConnectionAddresses, protocol?: HttpProtocol): void {
    if (!this.admits(socket)) return
    if (protocol === HttpProtocol.Http2) {
      this.#http2.accept(socket, addresses)
      return
    }
    const connection = new NodeConnection(this, socket, addresses)
    this.connections.add(connection)
    socket.on('close', connectionClosed)
    this.parse(connection)
  }

  /** Gives a connection to Node's parser, for the first time or again. */
  parse(connection: NodeConnection): void {
    connection.parserBegins()
    this.#http.emit('connection', connection.socket as Socket)
  }

  #onRequest(message: RequestMessage, reply: Reply): void {
    const connection = NodeConnection.of(message.socket)!
    const { rawHeaders } = connection
    connection.rawHeaders = undefined
    // Behind the last response of a connection no request is served (RFC 9112 section 9.6).
    if (connection.closesWhenFinished) return
    connection.responseBegins()
    if (connection.isBusy) connection.wait(() => this.#begin(connection, message, reply, undefined, rawHeaders))
    else this.#begin(connection, message, reply, undefined, rawHeaders)
  }

  #begin(
    connection: NodeConnection,
    message: RequestMessage,
    reply: Reply | undefined,
    upgrade?: NodeUpgrade,
    rawHeaders?: string[],
  ): void {
    const head = readHead(message, this.options, rawHeaders)
    if (isRefused(head)) {
      this.#refuse(connection, message, reply ?? upgrade!.openReply(), head)
      return
    }
    const exchange = new NodeExchange(this, connection, message, head, reply, upgrade)
    if (upgrade === undefined && rawHeaders === undefined && losesNextRequest(message)) exchange.response.closesConnection = true
    connection.begin(exchange)
    exchange.run(this.#application!)
  }

  /** Answers a request that may not enter the pipeline. What follows it on the connection is not read. */
  #refuse(connection: NodeConnection, message: RequestMessage, reply: Reply, { statusCode, allow }: RefusedHead): void {
    this.log.requestRefused(connection, statusCode)
    connection.isBroken = true
    connection.closesWhenFinished = true
    message.discardBody()
    const lines = ['Content-Length', '0', 'Connection', 'close']
    reply.removeHeader('connection')
    reply.writeHead(statusCode, allow === undefined ? lines : [...lines, 'Allow', allow])
    reply.end()
  }

  /** Sends at the end of this turn of the event loop what the response has kept for its head. */
  sendSoon(response: NodeResponse): void {
    if (this.#unsent.push(response) === 1) setImmediate(() => this.#sendUnsent())
  }

  #sendUnsent(): void {
    const responses = this.#unsent
    this.#unsent = []
    for (const response of responses) response.endTick()
  }

  #onUpgrade(message: RequestMessage, socket: Duplex, head: Buffer): void {
    const connection = NodeConnection.of(socket)!
    connection.parserLeft()
    // A response that is still on its way would be overtaken by the 101, and arrive inside the new protocol.
    connection.whenIdle(() => {
      if (socket.destroyed || connection.closesWhenFinished) return
      // Its end has been told while nobody listened.
      if (socket.readableEnded) connection.endSoon()
      else if (message.method === 'CONNECT' || isUpgradable(message)) this.#beginDetached(connection, message, head)
      else this.#handBack(connection, message, socket, head)
    })
  }

  #beginDetached(connection: NodeConnection, message: RequestMessage, head: Buffer): void {
    const upgrade = new NodeUpgrade(connection, message, head)
    connection.responseBegins()
    const { maxPendingUpgrades } = this.options.limits
    if (maxPendingUpgrades !== null && this.connections.pendingUpgrades >= maxPendingUpgrades) {
      this.#refuse(connection, message, upgrade.openReply(), { statusCode: 503 })
      return
    }
    this.#begin(connection, message, undefined, upgrade)
  }

  /** Gives a request that only looked like an upgrade to the parser a second time, without the header that made it look so. */
  #handBack(connection: NodeConnection, message: RequestMessage, socket: Duplex, head: Buffer): void {
    const { rawHeaders } = message
    let text = `${message.method} ${message.url} HTTP/${message.httpVersion}\r\n`
    for (let i = 0; i < rawHeaders.length; i += 2) {
      if (rawHeaders[i]!.toLowerCase() !== 'upgrade') text += `${rawHeaders[i]}: ${rawHeaders[i + 1]}\r\n`
    }
    connection.rawHeaders = rawHeaders
    socket.unshift(Buffer.concat([Buffer.from(`${text}\r\n`, 'latin1'), head]))
    this.parse(connection)
  }

  #onClientError(error: ParserError, socket: Duplex): void {
    const connection = NodeConnection.of(socket)
    const statusCode = statusOfClientError(error, this.options.limits.maxRequestLineSize)
    // A browser opens connections to spare. One that has asked for nothing gets no answer, which it would take for that of its next request.
    const isUnasked = statusCode === 408 && connection?.isSilent
    if (connection === undefined || statusCode === undefined || isUnasked || !socket.writable) {
      socket.destroy()
      return
    }
    if (connection.isBroken) return
    connection.isBroken = true
    const { current } = connection
    if (current !== undefined && !current.isBodyComplete) {
      failBody(current, error)
      return
    }
    this.log.requestRefused(connection, statusCode)
    const answer = error.code === http2Preface ? http11Required : emptyAnswer(statusCode)
    connection.whenIdle(() => {
      if (socket.writable) socket.write(answer, 'latin1')
      connection.endSoon()
    })
  }

  /** The response is out, but the body is still coming: a connection is worth the time of a short rest, not that of a long one. */
  drainBody(connection: NodeConnection, message: RequestMessage): void {
    const { maxRequestBodySize, bodyDrainTimeout } = this.options.limits
    message.discardBody()
    if (maxRequestBodySize !== null && Number(message.headers['content-length'] ?? 0) > maxRequestBodySize) {
      connection.endSoon(true)
      return
    }
    const timer = setTimeout(() => connection.socket.destroy(), bodyDrainTimeout).unref()
    message.once('close', () => clearTimeout(timer))
  }

  hurry(signal: AbortSignal | undefined): void {
    this.connections.hurry(signal)
  }

  async stopAsync(signal?: AbortSignal): Promise<void> {
    const destroyed = await this.connections.stopAsync(signal)
    if (destroyed > 0) this.log.connectionsAborted(destroyed)
    this.dataRates.stop()
    this.#http.close()
  }
}

function ignoreError(): void {}

function connectionClosed(this: Duplex): void {
  NodeConnection.of(this)!.closed()
}

/** The peer has ended in the middle of a body, or has sent what is none. */
function failBody(exchange: NodeExchange, error: ParserError): void {
  if (error.code !== 'HPE_INVALID_EOF_STATE') {
    exchange.bodyFailed(hostingErrors.requestBodyMalformed(error))
    return
  }
  exchange.bodyFailed(hostingErrors.requestBodyIncomplete())
  exchange.connection.socket.destroy()
}

/** The client has to learn that nobody will answer what it sent behind this request. */
function losesNextRequest({ headers }: RequestMessage): boolean {
  return nodeReadsUpgradeBody && Boolean(headers.upgrade) && /(^|,)\s*upgrade\s*(,|$)/i.test(headers.connection ?? '')
}

/** RFC 9110 section 7.8, as Kestrel reads it: a body and an upgrade exclude each other. That `Connection` names it was checked by the parser. */
function isUpgradable({ rawHeaders }: RequestMessage): boolean {
  return lastLineOf(rawHeaders, 'transfer-encoding') === undefined && Number(lastLineOf(rawHeaders, 'content-length') ?? 0) === 0
}
