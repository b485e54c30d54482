import { PreparedWebSocketMessage } from './prepared-web-socket-message.ts'
import type { WebSocketCloseStatus, WebSocketMessageType } from './web-socket-types.ts'

/** What one `receiveAsync` has put into the buffer. (.NET: WebSocketReceiveResult) */
export interface WebSocketReceiveResult {
  /** How many bytes of the buffer were filled. */
  readonly count: number
  /** The type of the whole message, also on its continuation frames. */
  readonly messageType: WebSocketMessageType
  /** True on the receive that delivers the last byte of a message. */
  readonly endOfMessage: boolean
  /** Undefined unless the peer closed; 1005 when its close frame had no status. */
  readonly closeStatus: WebSocketCloseStatus | undefined
  /** Undefined unless the peer closed; empty when it gave no reason. */
  readonly closeStatusDescription: string | undefined
  /** True when the peer closed with 1000 or without a status. */
  readonly wasNormal: boolean
}

/** A whole message; checking `type` narrows `data`. */
export type WebSocketMessage = { readonly type: 'text'; readonly data: string } | { readonly type: 'binary'; readonly data: Uint8Array }

/** Helpers for whole messages. */
export const WebSocketMessage = {
  /**
   * Encodes a frame once, so that a broadcast to many sockets encodes once: pass the result to each `sendAsync`.
   * A string is text, bytes are binary, unless `type` says otherwise. The bytes are copied.
   */
  prepare: (data: string | Uint8Array, type?: 'text' | 'binary'): PreparedWebSocketMessage => new PreparedWebSocketMessage(data, type),
}
