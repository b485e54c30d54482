import { setImmediate } from 'node:timers'
import {
  type HostApplicationLifetime,
  type HttpContext,
  HttpExtendedConnectFeature,
  HttpUpgradeFeature,
  HttpWebSocketFeature,
  type Logger,
  markLogged,
  OperationCanceledException,
  type RequestDelegate,
  WebSocketException,
} from '@windhover/core'
import { webSocketsErrors } from '../errors/web-sockets-errors.ts'
import { expectedTime, isTime, type WebSocketOptions } from '../options/web-socket-options.ts'
import { watch } from '../socket/cancellation.ts'
import { KeepAlive } from '../socket/keep-alive.ts'
import type { ServerWebSocket, SocketSettings } from '../socket/server-web-socket.ts'
import type { NegotiatedDeflate } from './extension-negotiation.ts'
import { Handshake } from './handshake.ts'
import { OriginPolicy, originOf } from './origin-policy.ts'

/** Accept contexts may name times of their own; beyond this number those without sockets are dropped. */
const keptSettings = 16

/**
 * Offers WebSockets to the middleware behind it, refuses foreign origins, and finishes what a handler has left open. (ASP.NET Core: WebSocketMiddleware)
 */
export class WebSocketMiddleware {
  readonly options: Readonly<WebSocketOptions>
  readonly #next: RequestDelegate
  readonly #logger: Logger
  readonly #origins: OriginPolicy
  readonly #stopping: AbortSignal | undefined
  readonly #settings: Map<string, SocketSettings> = new Map()
  /** Those of the options. */
  #usualSettings: SocketSettings | undefined

  /** `options` must not change any more. Without a `lifetime` nothing happens when the host stops. */
  constructor(next: RequestDelegate, options: Readonly<WebSocketOptions>, logger: Logger, lifetime: HostApplicationLifetime | undefined) {
    this.options = options
    this.#next = next
    this.#logger = logger
    this.#origins = new OriginPolicy(options.allowedOrigins)
    if (options.onStopping === 'none' || lifetime === undefined) return
    this.#stopping = lifetime.applicationStopping
    // Handlers that watch the signal themselves come first, and may close with a reason of their own.
    watch(this.#stopping, { cancel: () => setImmediate(() => this.#closeAll()) })
  }

  invokeAsync(context: HttpContext): Promise<void> | void {
    const { features } = context
    const upgrade = features.get(HttpUpgradeFeature)
    const connect = features.get(HttpExtendedConnectFeature)
    const isOffered = features.get(HttpWebSocketFeature) !== undefined
    if (isOffered || (upgrade === undefined && connect === undefined)) return this.#next(context)
    const handshake = new Handshake(context, this)
    features.set(HttpWebSocketFeature, handshake)
    if (!upgrade?.isUpgradableRequest && !connect?.isExtendedConnect) return this.#next(context)
    if (handshake.isWebSocketRequest && !this.#origins.allows(context)) return this.#refuse(context)
    return this.#run(context, handshake)
  }

  #refuse(context: HttpContext): void {
    context.response.statusCode = 403
    const rule = this.options.allowedOrigins.length > 0 ? 'it is not among' : 'it is not the same host; to allow it, name it in'
    this.#logger.logWarning(
      'A WebSocket from origin {Origin} to host {Host} was refused: {Rule} the option allowedOrigins of useWebSockets.',
      originOf(context),
      context.request.host.value,
      rule,
    )
  }

  /** Two callbacks instead of a suspended function, because they wait as long as the socket lives and cost half of it. */
  #run(context: HttpContext, handshake: Handshake): Promise<void> {
    let running: Promise<void> | void
    try {
      running = this.#next(context)
    } catch (error) {
      return this.#threwAsync(handshake, error)
    }
    return Promise.resolve(running).then(
      () => this.#returned(context, handshake),
      error => this.#threwAsync(handshake, error),
    )
  }

  #returned(context: HttpContext, { socket }: Handshake): Promise<void> | void {
    if (socket === undefined) return
    const isOpen = !socket.isFinished && socket.closeStatus === undefined
    const finished = socket.finishAsync(false)
    if (isOpen) this.#logLeftOpen(context, socket)
    return finished
  }

  async #threwAsync({ socket }: Handshake, error: unknown): Promise<never> {
    if (socket !== undefined) {
      this.#logFailure(error, socket)
      await socket.finishAsync(true)
    }
    throw error
  }

  /** What a peer or the end of the host brings about is no error of the application. Everything else is logged by the layer that answers for errors. */
  #logFailure(error: unknown, socket: ServerWebSocket): void {
    if (!socket.wasCutOff || !(error instanceof WebSocketException || error instanceof OperationCanceledException)) return
    this.#logger.logDebug(error, 'The handler of a WebSocket ended with its connection.')
    markLogged(error)
  }

  #logLeftOpen(context: HttpContext, socket: ServerWebSocket): void {
    const endpoint = context.getEndpoint()?.toString() ?? context.request.path
    if (socket.hadPendingOperation)
      this.#logger.logWarning(
        'The handler of {Endpoint} returned while an operation of its WebSocket was pending. Await every receive and send before the handler returns.',
        endpoint,
      )
    else this.#logger.logDebug('The handler of {Endpoint} returned with its WebSocket open; it is closed now.', endpoint)
  }

  /** What sockets with these times share; what is not given comes from the options. Raises an argument-out-of-range error for what is no time. */
  settingsFor(interval?: number, timeout?: number): SocketSettings {
    if (interval !== undefined || timeout !== undefined) return this.#settingsFor(interval, timeout)
    this.#usualSettings ??= this.#settingsFor()
    return this.#usualSettings
  }

  #settingsFor(interval: number = this.options.keepAliveInterval, timeout: number = this.options.keepAliveTimeout): SocketSettings {
    if (!isTime(interval)) throw webSocketsErrors.option('keepAliveInterval', expectedTime, interval)
    if (!isTime(timeout)) throw webSocketsErrors.option('keepAliveTimeout', expectedTime, timeout)
    const key = `${interval} ${timeout}`
    return this.#settings.get(key) ?? this.#addSettings(key, interval, timeout)
  }

  #addSettings(key: string, interval: number, timeout: number): SocketSettings {
    if (this.#settings.size >= keptSettings)
      for (const [key, unused] of this.#settings)
        if (unused.keepAlive.sockets.size === 0 && unused !== this.#usualSettings) this.#settings.delete(key)
    const { closeTimeout, maxMessageSize, unreadTimeout } = this.options
    const settings = {
      keepAlive: new KeepAlive<ServerWebSocket>(interval, timeout, unreadTimeout),
      closeTimeout,
      maxMessageSize,
      timedOut: (error: WebSocketException) => this.#logTimeout(error),
    }
    this.#settings.set(key, settings)
    return settings
  }

  negotiated(offers: readonly string[], agreed: NegotiatedDeflate | undefined): void {
    if (agreed === undefined) this.#logger.logDebug('None of the WebSocket extensions {Offers} was accepted.', offers)
    else this.#logger.logDebug('WebSocket compression was accepted: {Extension}.', agreed.header)
  }

  accepted(socket: ServerWebSocket): void {
    if (this.#stopping?.aborted) socket.closeForStopping()
  }

  #logTimeout(error: WebSocketException): void {
    if (error.code === 'WINDHOVER_ERR_WEBSOCKET_UNREAD_TIMEOUT')
      this.#logger.logWarning(error, 'A WebSocket was aborted: {Reason}', error.message)
    else this.#logger.logDebug('A WebSocket was aborted: {Reason}', error.message)
  }

  #closeAll(): void {
    for (const { keepAlive } of this.#settings.values()) for (const socket of keepAlive.sockets) socket.closeForStopping()
  }
}
