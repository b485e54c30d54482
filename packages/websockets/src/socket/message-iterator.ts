import { type WebSocket, WebSocketError, WebSocketException, type WebSocketMessage } from '@windhover/core'

const ended: IteratorResult<WebSocketMessage> = { done: true, value: undefined }

/** The messages of a socket, one at a time, until its peer closes or vanishes. It holds no buffer and no socket longer than its loop. */
export class MessageIterator implements AsyncIterableIterator<WebSocketMessage> {
  readonly #socket: WebSocket
  readonly #signal: AbortSignal | undefined

  constructor(socket: WebSocket, signal: AbortSignal | undefined) {
    this.#socket = socket
    this.#signal = signal
  }

  next(): Promise<IteratorResult<WebSocketMessage>> {
    return this.#socket.receiveMessageAsync(this.#signal).then(toResult, endOrThrow)
  }

  /** `break` leaves the socket open. */
  return(): Promise<IteratorResult<WebSocketMessage>> {
    return Promise.resolve(ended)
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}

function toResult(value: WebSocketMessage | undefined): IteratorResult<WebSocketMessage> {
  return value === undefined ? ended : { done: false, value }
}

function endOrThrow(error: unknown): IteratorResult<WebSocketMessage> {
  if (isVanishedPeer(error)) return ended
  throw error
}

/** True for the errors of operations whose peer has gone: it left, or it did not answer a ping. */
export function isVanishedPeer(error: unknown): boolean {
  if (error instanceof WebSocketException)
    return (
      error.webSocketErrorCode === WebSocketError.ConnectionClosedPrematurely || error.code === 'WINDHOVER_ERR_WEBSOCKET_KEEP_ALIVE_TIMEOUT'
    )
  return error instanceof Error && error.cause !== undefined && isVanishedPeer(error.cause)
}
