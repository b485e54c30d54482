import type { WebSocketMessage } from '@windhover/core'
import { type ClientOptions, type RawData, WebSocket } from 'ws'
import type { Exchange } from '../exchanges/exchange.ts'
import { headersOf } from './response-head.ts'

/** How a connection of a `TestWebSocket` has ended; 1006 when it ended without a close frame (RFC 6455 section 7.1.5). */
export interface TestWebSocketClose {
  readonly code: number
  readonly reason: string
}

/**
 * The client's end of a WebSocket of the application: a `WebSocket` of the package `ws`, which keeps every message until the test asks for it.
 * `using` ends the connection without a close frame, like a browser that is killed.
 */
export class TestWebSocket extends WebSocket implements AsyncIterable<WebSocketMessage>, Disposable {
  /** The headers of the 101: cookies, the sub-protocol, the extensions. */
  handshakeHeaders: Headers = new Headers()
  readonly #exchange: Exchange
  readonly #messages: WebSocketMessage[] = []
  readonly #readers: ((message: WebSocketMessage | undefined) => void)[] = []
  readonly #closed: Promise<TestWebSocketClose>

  /** Made by `TestServer.connectWebSocketAsync`. */
  constructor(url: URL, protocols: string[], options: ClientOptions, exchange: Exchange) {
    super(url, protocols, options)
    this.#exchange = exchange
    this.once('upgrade', response => {
      this.handshakeHeaders = headersOf(response)
    })
    this.on('message', (data, isBinary) => this.#keep(toMessage(data, isBinary)))
    // What went wrong ends in a close, with the code that tells.
    this.on('error', () => {})
    this.#closed = new Promise(resolve => {
      this.once('close', (code, reason) => {
        resolve({ code, reason: reason.toString() })
        for (const reader of this.#readers.splice(0)) reader(undefined)
      })
    })
  }

  /** Resolves with the next message, in order and none lost since the handshake; undefined once the connection has ended. Rejects when none comes in time. */
  receiveMessageAsync(): Promise<WebSocketMessage | undefined> {
    const message = this.#messages.shift()
    if (message !== undefined || this.readyState === WebSocket.CLOSED) return Promise.resolve(message)
    let reader!: (message: WebSocketMessage | undefined) => void
    const received = new Promise<WebSocketMessage | undefined>(resolve => {
      reader = resolve
      this.#readers.push(reader)
    })
    return this.#within('a message', received).catch(error => {
      this.#readers.splice(this.#readers.indexOf(reader), 1)
      throw error
    })
  }

  /** Resolves when the connection has ended, with the code and reason of the application's close frame. Rejects when that takes too long. */
  waitForCloseAsync(): Promise<TestWebSocketClose> {
    return this.#within('the close', this.#closed)
  }

  /**
   * Resolves when the application's pipeline has ended for this socket: middleware has unwound, the scope is disposed.
   * Rejects with what the handler threw, or when that takes too long.
   */
  waitForHandlerAsync(): Promise<void> {
    return this.#within('the end of the handler', this.#exchange.outcome)
  }

  /** Ends the connection by a reset, in the middle of whatever is under way. `terminate()` ends it by a FIN. */
  reset(): void {
    this.#exchange.connection.resetAndDestroy()
  }

  async *[Symbol.asyncIterator](): AsyncIterableIterator<WebSocketMessage> {
    for (let message = await this.receiveMessageAsync(); message !== undefined; message = await this.receiveMessageAsync()) yield message
  }

  [Symbol.dispose](): void {
    this.terminate()
  }

  #keep(message: WebSocketMessage): void {
    const reader = this.#readers.shift()
    if (reader === undefined) this.#messages.push(message)
    else reader(message)
  }

  #within<T>(waitedFor: string, promise: Promise<T>): Promise<T> {
    return this.#exchange.within(`${waitedFor} on the WebSocket ${this.#exchange.name}`, promise)
  }
}

function toMessage(data: RawData, isBinary: boolean): WebSocketMessage {
  const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Uint8Array)
  return isBinary ? { type: 'binary', data: bytes } : { type: 'text', data: bytes.toString() }
}
