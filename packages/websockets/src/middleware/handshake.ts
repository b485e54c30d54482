import { hash } from 'node:crypto'
import type { Duplex } from 'node:stream'
import {
  HeaderDictionary,
  type HttpContext,
  HttpExtendedConnectFeature,
  HttpRequestLifetimeFeature,
  HttpRequestTimeoutFeature,
  HttpUpgradeFeature,
  type HttpWebSocketFeature,
  type WebSocket,
  type WebSocketAcceptContext,
} from '@windhover/core'
import { webSocketsErrors } from '../errors/web-sockets-errors.ts'
import { MessageDeflate } from '../protocol/deflate/message-deflate.ts'
import { loadPerMessageDeflateAsync } from '../protocol/ws-exports.ts'
import { ServerWebSocket, type SocketSettings } from '../socket/server-web-socket.ts'
import { type DeflateSettings, largestWindow, type NegotiatedDeflate, negotiateDeflate, smallestWindow } from './extension-negotiation.ts'
import { isWebSocketRequest, keyOf } from './is-web-socket-request.ts'
import type { WebSocketMiddleware } from './web-socket-middleware.ts'

/** RFC 6455 section 1.3. */
const acceptGuid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const handshakeHeaders = [
  'Content-Length',
  'Connection',
  'Upgrade',
  'Sec-WebSocket-Accept',
  'Sec-WebSocket-Protocol',
  'Sec-WebSocket-Extensions',
]
/** RFC 9110 section 5.6.2. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/** The opening handshake of one request, and the socket that came of it. */
export class Handshake implements HttpWebSocketFeature {
  readonly #context: HttpContext
  readonly #middleware: WebSocketMiddleware
  #isWebSocketRequest: boolean | undefined
  #isAccepting = false
  #socket: ServerWebSocket | undefined

  constructor(context: HttpContext, middleware: WebSocketMiddleware) {
    this.#context = context
    this.#middleware = middleware
  }

  /** Looked up once: changes of the headers afterwards do not count. */
  get isWebSocketRequest(): boolean {
    this.#isWebSocketRequest ??= isWebSocketRequest(this.#context)
    return this.#isWebSocketRequest
  }

  /** The accepted socket. */
  get socket(): ServerWebSocket | undefined {
    return this.#socket
  }

  /** Throws at once for numbers that make no sense, as setting them does in ASP.NET Core; everything else comes through the promise. */
  acceptAsync(accept: WebSocketAcceptContext): Promise<WebSocket> {
    const serverMaxWindowBits = checkWindowBits(accept.serverMaxWindowBits)
    const settings = this.#middleware.settingsFor(accept.keepAliveInterval, accept.keepAliveTimeout)
    return this.#acceptAsync(accept, settings, serverMaxWindowBits)
  }

  async #acceptAsync(accept: WebSocketAcceptContext, settings: SocketSettings, serverMaxWindowBits: number): Promise<WebSocket> {
    const context = this.#context
    // Before everything else: from the checks to the taking over of the connection nothing may come in between.
    if (accept.dangerousEnableCompression) await loadPerMessageDeflateAsync()
    if (!this.isWebSocketRequest) throw webSocketsErrors.notAWebSocketRequest()
    if (this.#isAccepting) throw webSocketsErrors.acceptedTwice()
    if (context.response.hasStarted) throw webSocketsErrors.acceptAfterStart()
    const subProtocol = checkSubProtocol(accept.subProtocol, context)
    const deflate = accept.dangerousEnableCompression
      ? this.#negotiate({ serverContextTakeover: !accept.disableServerContextTakeover, serverMaxWindowBits })
      : undefined

    const before = context.response.headers.rawHeaders.slice()
    this.#isAccepting = true
    let stream: Duplex
    try {
      stream = await this.#upgradeAsync(subProtocol, deflate)
    } catch (error) {
      this.#isAccepting = false
      restore(context.response.headers, new HeaderDictionary(before))
      throw error
    }
    context.features.get(HttpRequestTimeoutFeature)?.disableTimeout()
    this.#socket = new ServerWebSocket(stream, settings, {
      subProtocol,
      deflate: deflate && new MessageDeflate(deflate.parameters, settings.maxMessageSize),
      lifetime: context.features.get(HttpRequestLifetimeFeature),
    })
    this.#middleware.accepted(this.#socket)
    return this.#socket
  }

  #negotiate(settings: DeflateSettings): NegotiatedDeflate | undefined {
    const offers = this.#context.request.headers.getCommaSeparatedValues('Sec-WebSocket-Extensions')
    if (offers.length === 0) return undefined
    const agreed = negotiateDeflate(offers, settings)
    this.#middleware.negotiated(offers, agreed)
    return agreed
  }

  /** Answers 101, or 200 over HTTP/2, and takes the connection over. */
  #upgradeAsync(subProtocol: string | undefined, deflate: NegotiatedDeflate | undefined): Promise<Duplex> {
    const { features, response } = this.#context
    const connect = features.get(HttpExtendedConnectFeature)
    const isConnect = connect?.isExtendedConnect === true
    response.headers.delete('Content-Length')
    if (!isConnect) this.#setUpgradeHeaders(response.headers)
    if (subProtocol !== undefined) response.headers.set('Sec-WebSocket-Protocol', subProtocol)
    if (deflate !== undefined) response.headers.set('Sec-WebSocket-Extensions', deflate.header)
    return isConnect ? connect.acceptAsync() : features.getRequired(HttpUpgradeFeature).upgradeAsync()
  }

  #setUpgradeHeaders(headers: HeaderDictionary): void {
    headers.set('Connection', 'Upgrade')
    headers.set('Upgrade', 'websocket')
    headers.set('Sec-WebSocket-Accept', acceptValue(keyOf(this.#context)))
  }
}

/** RFC 6455 section 4.2.2, item 5.4. */
export function acceptValue(key: string): string {
  return hash('sha1', key + acceptGuid, 'base64')
}

/** The headers of a handshake stay only when it succeeds. */
function restore(headers: HeaderDictionary, before: HeaderDictionary): void {
  if (!headers.isReadOnly) for (const name of handshakeHeaders) headers.set(name, before.getAll(name))
}

function checkSubProtocol(subProtocol: string | undefined, { webSockets }: HttpContext): string | undefined {
  if (subProtocol === undefined || subProtocol === null) return undefined
  if (typeof subProtocol !== 'string' || !token.test(subProtocol)) throw webSocketsErrors.subProtocolSyntax(subProtocol)
  const offered = webSockets.webSocketRequestedProtocols
  if (!offered.includes(subProtocol)) throw webSocketsErrors.subProtocolNotOffered(subProtocol, offered)
  return subProtocol
}

function checkWindowBits(bits: number | undefined): number {
  if (bits === undefined) return largestWindow
  if (!Number.isInteger(bits) || bits < smallestWindow || bits > largestWindow) throw webSocketsErrors.serverMaxWindowBits(bits)
  return bits
}
