import { coreErrors } from '../errors/core-errors.ts'
import { HttpWebSocketFeature } from '../features/http-web-socket-feature.ts'
import type { HttpContext } from '../http/http-context.ts'
import type { WebSocket } from './web-socket.ts'
import type { WebSocketAcceptContext } from './web-socket-accept-context.ts'

/** Accepts the WebSocket of a request. (ASP.NET Core: WebSocketManager) */
export class WebSocketManager {
  readonly #context: HttpContext

  constructor(context: HttpContext) {
    this.#context = context
  }

  /** True for a valid opening handshake (RFC 6455 section 4.2.1); always false without `app.useWebSockets()` before this middleware. */
  get isWebSocketRequest(): boolean {
    return this.#context.features.get(HttpWebSocketFeature)?.isWebSocketRequest ?? false
  }

  /** The sub-protocols that the client offers, in its order of preference; works without the middleware. */
  get webSocketRequestedProtocols(): string[] {
    return this.#context.request.headers.getCommaSeparatedValues('Sec-WebSocket-Protocol')
  }

  /**
   * Sends the 101 with the headers and cookies that were set so far and resolves with an open socket. The request stays with this handler
   * until its loop has ended.
   *
   * Throws a not-supported error at once when `app.useWebSockets()` is missing. Rejects with an invalid-operation error when the request
   * is no WebSocket handshake, was accepted before or its response has started; with an argument error for a sub-protocol that is no token
   * (RFC 9110 section 5.6.2) or that the client did not offer; with a bad-request error of status 503 when the limit of open sockets is
   * reached.
   */
  acceptWebSocketAsync(subProtocolOrContext: string | WebSocketAcceptContext | null = {}): Promise<WebSocket> {
    const feature = this.#context.features.get(HttpWebSocketFeature)
    if (feature === undefined) throw coreErrors.webSocketsMissing()
    if (typeof subProtocolOrContext === 'string') return feature.acceptAsync({ subProtocol: subProtocolOrContext })
    if (typeof subProtocolOrContext !== 'object') throw coreErrors.acceptArgument(subProtocolOrContext)
    return feature.acceptAsync(subProtocolOrContext ?? {})
  }
}
