import { createServer, type Server as HttpServer, type ServerOptions } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { hostingErrors } from '../errors/hosting-errors.ts'
import type { HttpApplication } from '../server/server.ts'
import { emptyAnswer, statusOfClientError } from './client-error.ts'
import { DataRates } from './data-rates.ts'
import { DetachedReply } from './detached-reply.ts'
import { type ConnectionAddresses, NodeConnection } from './node-connection.ts'
import { NodeExchange } from './node-exchange.ts'
import type { NodeResponse } from './node-response.ts'
import type { ResolvedNodeServerOptions } from './node-server-options.ts'
import { NodeUpgrade } from './node-upgrade.ts'
import { Reply } from './reply.ts'
import { isRefused, type RefusedHead, readHead } from './request-head.ts'
import { RequestMessage } from './request-message.ts'
import type { ServerLog } from './server-log.ts'

/** How long a stop that was cut short waits for the delegates whose connections it has destroyed, in milliseconds. */
const abortTimeout = 1_000

type NodeHttpServer = HttpServer<typeof RequestMessage, typeof Reply>

/**
 * Turns connections into exchanges with Node's HTTP parser. It never listens: connections come by `accept`, from a listening socket or from memory, so that TLS is one
 * more kind of listener.
 */
export class HttpEngine {
  readonly options: ResolvedNodeServerOptions
  readonly log: ServerLog
  readonly dataRates: DataRates
  readonly #http: NodeHttpServer
  readonly #connections = new Set<NodeConnection>()
  #application: HttpApplication<unknown> | undefined
  #running = 0
  #upgraded = 0
  #pendingUpgrades = 0
  #isStopping = false
  #whenEmpty: (() => void) | undefined
  #unsent: NodeResponse[] = []

  constructor(options: ResolvedNodeServerOptions, log: ServerLog) {
    this.options = options
    this.log = log
    this.dataRates = new DataRates(options.limits.minRequestBodyDataRate, options.limits.minResponseDataRate, socket => {
      log.responseTooSlow(NodeConnection.of(socket)!)
      socket.destroy()
    })
    this.#http = this.#createHttpServer()
  }

  #createHttpServer(): NodeHttpServer {
    const { limits } = this.options
    const options: ServerOptions<typeof RequestMessage, typeof Reply> & {
      shouldUpgradeCallback: (message: RequestMessage) => boolean
    } = {
      IncomingMessage: RequestMessage,
      ServerResponse: Reply,
      maxHeaderSize: limits.maxRequestLineSize + limits.maxRequestHeadersTotalSize,
      // A missing or second Host is answered with the framing of Kestrel.
      requireHostHeader: false,
      keepAliveTimeout: limits.keepAliveTimeout,
      headersTimeout: limits.requestHeadersTimeout,
      // The pace of a body is limited, not its time.
      requestTimeout: 0,
      connectionsCheckingInterval: Math.max(100, Math.min(1_000, limits.requestHeadersTimeout / 4)),
      insecureHTTPParser: false,
      shouldUpgradeCallback: isUpgradable,
    }
    const http = createServer(options)
    http.maxHeadersCount = limits.maxRequestHeaderCount + 1
    http.on('request', (message, reply) => this.#onRequest(message, reply))
    http.on('checkContinue', (message, reply) => this.#onRequest(message, reply))
    http.on('checkExpectation', (message, reply) => this.#onRequest(message, reply))
    http.on('upgrade', (message, socket, head) => this.#onUpgrade(message, socket, head))
    http.on('connect', (message, socket, head) => this.#onUpgrade(message, socket, head))
    http.on('clientError', (error, socket) => this.#onClientError(error, socket))
    return http
  }

  /** False before the start and once the stop has begun. */
  get isRunning(): boolean {
    return this.#application !== undefined && !this.#isStopping
  }

  get upgradedCount(): number {
    return this.#upgraded
  }

  start(application: HttpApplication<unknown>): void {
    this.#application = application
    // Node looks after slow and idle connections once it listens, which this server leaves to others.
    this.#http.emit('listening')
  }

  accept(socket: Duplex, info?: ConnectionAddresses): void {
    // The peer may reset the connection at any time; what that means is told by `close`.
    socket.on('error', () => {})
    const { maxConcurrentConnections } = this.options.limits
    if (!this.isRunning || (maxConcurrentConnections !== null && this.#connections.size - this.#upgraded >= maxConcurrentConnections)) {
      if (this.isRunning) this.log.connectionRejected(maxConcurrentConnections!)
      socket.destroy()
      return
    }
    const connection = new NodeConnection(this, socket, info)
    this.#connections.add(connection)
    socket.once('close', () => this.#onClose(connection))
    this.#http.emit('connection', socket as Socket)
  }

  #onClose(connection: NodeConnection): void {
    this.#connections.delete(connection)
    connection.closed()
    this.#checkEmpty()
  }

  #onRequest(message: RequestMessage, reply: Reply): void {
    const connection = NodeConnection.of(message.socket)!
    const { rawHeaders } = connection
    connection.rawHeaders = undefined
    // Behind the last response of a connection no request is served (RFC 9112 section 9.6).
    if (connection.closesWhenFinished) return
    connection.responseBegins()
    if (connection.current === undefined) this.#begin(connection, message, reply, undefined, rawHeaders)
    else connection.wait(() => this.#begin(connection, message, reply, undefined, rawHeaders))
  }

  #begin(connection: NodeConnection, message: RequestMessage, reply: Reply, upgrade?: NodeUpgrade, rawHeaders?: string[]): void {
    const head = readHead(message, this.options, rawHeaders)
    if (isRefused(head)) {
      this.#refuse(connection, message, reply, head)
      return
    }
    const exchange = new NodeExchange(this, connection, message, head, reply, upgrade)
    upgrade?.attach(exchange)
    connection.begin(exchange)
    void exchange.runAsync(this.#application!)
  }

  /** Answers a request that may not enter the pipeline. What follows it on the connection is not read. */
  #refuse(connection: NodeConnection, message: RequestMessage, reply: Reply, { statusCode, allow }: RefusedHead): void {
    this.log.requestRefused(connection, statusCode)
    connection.isBroken = true
    connection.closesWhenFinished = true
    message.discardBody()
    const lines = ['Content-Length', '0', 'Connection', 'close']
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
    for (const response of responses) response.sendPending()
  }

  #onUpgrade(message: RequestMessage, socket: Duplex, head: Buffer): void {
    const connection = NodeConnection.of(socket)!
    connection.forwardDrains()
    // A response that is still on its way would otherwise be overtaken by the 101, and arrive inside the new protocol.
    connection.whenFinished(() => {
      if (socket.destroyed) return
      if (message.method === 'CONNECT' || isUpgradable(message)) this.#beginDetached(connection, message, socket, head)
      else this.#handBack(connection, message, socket, head)
    })
  }

  #beginDetached(connection: NodeConnection, message: RequestMessage, socket: Duplex, head: Buffer): void {
    const reply = new DetachedReply(message, socket, head, message.method !== 'CONNECT')
    reply.once('finish', () => {
      connection.stopForwardingDrains()
      if (reply.shouldKeepAlive && !connection.closesWhenFinished && !this.#isStopping) this.#http.emit('connection', socket as Socket)
      else connection.endSoon()
    })
    connection.responseBegins()
    const { maxPendingUpgrades } = this.options.limits
    if (maxPendingUpgrades !== null && this.#pendingUpgrades >= maxPendingUpgrades) {
      this.#refuse(connection, message, reply, { statusCode: 503 })
      return
    }
    this.#pendingUpgrades++
    this.#begin(connection, message, reply, new NodeUpgrade(reply))
  }

  /** Gives a request that only looked like an upgrade to the parser a second time, without the header that made it look so. */
  #handBack(connection: NodeConnection, message: RequestMessage, socket: Duplex, head: Buffer): void {
    const { rawHeaders } = message
    let text = `${message.method} ${message.url} HTTP/${message.httpVersion}\r\n`
    for (let i = 0; i < rawHeaders.length; i += 2) {
      if (rawHeaders[i]!.toLowerCase() !== 'upgrade') text += `${rawHeaders[i]}: ${rawHeaders[i + 1]}\r\n`
    }
    connection.rawHeaders = rawHeaders
    connection.stopForwardingDrains()
    socket.unshift(Buffer.concat([Buffer.from(`${text}\r\n`, 'latin1'), head]))
    this.#http.emit('connection', socket as Socket)
  }

  #onClientError(error: Error & { code?: string; rawPacket?: Buffer }, socket: Duplex): void {
    const connection = NodeConnection.of(socket)
    const statusCode = statusOfClientError(error, this.options.limits.maxRequestLineSize)
    const isSilent = statusCode === 408 && (socket as Socket).bytesRead === 0
    if (connection === undefined || statusCode === undefined || isSilent || !socket.writable) {
      socket.destroy()
      return
    }
    if (connection.isBroken) return
    connection.isBroken = true
    const { current } = connection
    if (current !== undefined && !current.isBodyComplete) {
      const isEnd = error.code === 'HPE_INVALID_EOF_STATE'
      current.bodyFailed(isEnd ? hostingErrors.requestBodyIncomplete() : hostingErrors.requestBodyMalformed(error))
      if (isEnd) socket.destroy()
      return
    }
    this.log.requestRefused(connection, statusCode)
    connection.whenFinished(() => {
      if (socket.writable) socket.write(emptyAnswer(statusCode), 'latin1')
      connection.endSoon()
    })
  }

  /** The response is out, but the body is still coming. */
  drainBody(connection: NodeConnection, message: RequestMessage): void {
    const { maxRequestBodySize, bodyDrainTimeout } = this.options.limits
    message.discardBody()
    const declared = Number(message.headers['content-length'] ?? 0)
    if (maxRequestBodySize !== null && declared > maxRequestBodySize) {
      connection.endSoon()
      return
    }
    const timer = setTimeout(() => connection.endSoon(), bodyDrainTimeout).unref()
    message.once('close', () => clearTimeout(timer))
  }

  exchangeBegins(): void {
    this.#running++
  }

  exchangeEnded(connection: NodeConnection): void {
    this.#running--
    if (this.#isStopping && connection.isIdle) connection.endSoon()
    this.#checkEmpty()
  }

  upgradeBegins(): void {
    this.#upgraded++
  }

  upgradeEnded(): void {
    this.#upgraded--
  }

  pendingUpgradeEnded(): void {
    this.#pendingUpgrades--
  }

  /** Destroys what is left of a stop under way when this signal fires, too. */
  hurry(signal: AbortSignal | undefined): void {
    if (signal === undefined) return
    if (signal.aborted) this.#destroyAll()
    else signal.addEventListener('abort', () => this.#destroyAll(), { once: true })
  }

  #destroyAll(): void {
    for (const connection of this.#connections) connection.socket.destroy()
  }

  /** Ends idle connections at once, waits for the others, and destroys what is left when the signal fires. */
  async stopAsync(signal?: AbortSignal): Promise<void> {
    this.#isStopping = true
    for (const connection of this.#connections) if (connection.isIdle) connection.endSoon()
    if (!(await this.#emptyAsync(signal))) {
      const left = this.#connections.size
      this.#destroyAll()
      this.log.connectionsAborted(left)
      await this.#emptyAsync(AbortSignal.timeout(abortTimeout))
    }
    this.dataRates.stop()
    this.#http.close()
  }

  /** True when nothing is left; false when the signal came first. */
  async #emptyAsync(signal: AbortSignal | undefined): Promise<boolean> {
    if (this.#isEmpty) return true
    if (signal?.aborted) return false
    return new Promise(resolve => {
      const onAbort = (): void => resolve(false)
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#whenEmpty = () => {
        signal?.removeEventListener('abort', onAbort)
        resolve(true)
      }
    })
  }

  get #isEmpty(): boolean {
    return this.#connections.size === 0 && this.#running === 0
  }

  #checkEmpty(): void {
    if (this.#whenEmpty === undefined || !this.#isEmpty) return
    this.#whenEmpty()
    this.#whenEmpty = undefined
  }

  /** Called for every response that has left completely. */
  responseFinished(connection: NodeConnection): void {
    connection.responseFinished()
    if (connection.closesWhenFinished || (this.#isStopping && connection.isIdle)) connection.endSoon()
  }
}

/** RFC 9110 section 7.8, as Kestrel reads it: a body and an upgrade exclude each other. That `Connection` names it was checked by the parser. */
function isUpgradable({ headers }: RequestMessage): boolean {
  return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0
}
