import type { PreparedWebSocketMessage } from './prepared-web-socket-message.ts'
import type { WebSocketMessage, WebSocketReceiveResult } from './web-socket-receive-result.ts'
import type { WebSocketCloseStatus, WebSocketMessageType, WebSocketState } from './web-socket-types.ts'

/** Options of one operation. The signal cancels it: an operation that is under way aborts the socket. */
export interface WebSocketOperationOptions {
  signal?: AbortSignal | undefined
}

/** Options of one send. (.NET: WebSocketMessageFlags) */
export interface WebSocketSendOptions extends WebSocketOperationOptions {
  /**
   * Sends this message uncompressed on a socket that compresses. The same for every fragment of a message. Default false. (.NET:
   * WebSocketMessageFlags.DisableCompression)
   */
  disableCompression?: boolean | undefined
}

/** What can be sent: text, bytes, or a message that was encoded before. */
export type WebSocketSendData = string | Uint8Array | PreparedWebSocketMessage

/**
 * An accepted WebSocket (RFC 6455). One message at a time: nothing is read from the peer faster than the application receives, apart from
 * a small read-ahead. (.NET: WebSocket)
 *
 * Argument errors are thrown at once, everything else comes through the promise. Every promise that a socket has returned is settled when
 * it dies, and one that nobody awaits cannot end the process.
 */
export abstract class WebSocket implements AsyncIterable<WebSocketMessage>, Disposable {
  abstract get state(): WebSocketState
  /** What the peer's close frame said; undefined until it came. Our own close does not change it. */
  abstract get closeStatus(): WebSocketCloseStatus | undefined
  abstract get closeStatusDescription(): string | undefined
  /** The sub-protocol of the 101; undefined when none was chosen. */
  abstract get subProtocol(): string | undefined

  /**
   * Fills `buffer` with at most one frame's data and resolves with what came. A frame that is larger than the buffer takes several
   * receives; within a frame it waits until the buffer is full or the frame is complete. An empty buffer waits for data without taking
   * any.
   *
   * Allowed in Open and CloseSent; one receive at a time: a second one rejects with an invalid-operation error. Cancelling by signal
   * aborts the socket and rejects with operation-canceled. Rejects with a `WebSocketException`: connection-closed-prematurely when the
   * peer vanished, faulted when it broke the protocol, invalid-state in a wrong state.
   */
  abstract receiveAsync(buffer: Uint8Array, options?: AbortSignal | WebSocketOperationOptions): Promise<WebSocketReceiveResult>

  /**
   * Resolves with the next whole message, undefined when the peer closed. A message of more than `maxMessageSize` bytes (default 1 MiB)
   * closes with 1009 and rejects with faulted. For the rest as `receiveAsync`.
   */
  abstract receiveMessageAsync(options?: AbortSignal | WebSocketOperationOptions): Promise<WebSocketMessage | undefined>

  /**
   * Messages until the peer closes or vanishes. `break` leaves the socket open. One reader at a time: a second one rejects with an
   * invalid-operation error.
   */
  abstract messages(options?: AbortSignal | WebSocketOperationOptions): AsyncIterableIterator<WebSocketMessage>

  /**
   * Sends one frame. A string is text, bytes are binary, unless `type` says otherwise; `endOfMessage` false lets the next send continue
   * the message. Calls queue in order. Resolves when the caller may reuse its buffer and the connection takes more; text in bytes is not
   * checked for UTF-8.
   *
   * Allowed in Open and CloseReceived. Throws an argument error for the type `close`. Rejects with a `WebSocketException`:
   * connection-closed-prematurely when the peer is gone, invalid-state in a wrong state.
   */
  abstract sendAsync(
    data: WebSocketSendData,
    type?: WebSocketMessageType,
    endOfMessage?: boolean,
    options?: AbortSignal | WebSocketSendOptions,
  ): Promise<void>

  /**
   * Closes (RFC 6455 section 7.1.2): sends a close frame unless that was done, waits for the peer's and drops the messages that come
   * before it, at most `closeTimeout` ms (default 10 s), then aborts. Does nothing when already Closed.
   *
   * Throws an argument error for a status that must not be sent or a reason of more than 123 bytes of UTF-8; 1005 writes an empty close
   * frame.
   */
  abstract closeAsync(
    closeStatus?: WebSocketCloseStatus,
    statusDescription?: string | null,
    options?: AbortSignal | WebSocketOperationOptions,
  ): Promise<void>

  /** Sends a close frame and does not wait for the peer's: messages can still be received. Allowed in Open and CloseReceived. */
  abstract closeOutputAsync(
    closeStatus?: WebSocketCloseStatus,
    statusDescription?: string | null,
    options?: AbortSignal | WebSocketOperationOptions,
  ): Promise<void>

  /** Ends the connection at once, without a close frame. Pending operations reject. Never throws. */
  abstract abort(): void

  /**
   * Ends the application's use of the socket: pending operations settle, nothing is written. `useWebSockets` closes the connection when
   * the handler has ended.
   */
  abstract [Symbol.dispose](): void

  [Symbol.asyncIterator](): AsyncIterableIterator<WebSocketMessage> {
    return this.messages()
  }
}
