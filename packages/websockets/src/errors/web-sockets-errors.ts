import {
  ArgumentException,
  ArgumentNullException,
  ArgumentOutOfRangeException,
  InvalidOperationException,
  kindOf,
  OperationCanceledException,
  WebSocketError,
  WebSocketException,
  type WebSocketState,
} from '@windhover/core'
import type { Violation } from '../protocol/violation.ts'

/**
 * Every error that this package raises, by what went wrong: code, class and message in one place.
 * docs/reference/errors.md lists the same codes; a test compares the two.
 */
export const webSocketsErrors = {
  argumentNull: (paramName: string, member: string): ArgumentNullException =>
    new ArgumentNullException(
      'WINDHOVER_ERR_WEBSOCKET_ARGUMENT_NULL',
      paramName,
      `${member} needs a value for "${paramName}", but got none.`,
    ),

  notAWebSocketRequest: (): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_WEBSOCKET_REQUEST',
      'This request is no WebSocket handshake (RFC 6455 section 4.2.1). Look at context.webSockets.isWebSocketRequest before you accept, and answer 400 otherwise.',
    ),

  acceptedTwice: (): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_WEBSOCKET_ACCEPTED_TWICE',
      'The WebSocket of this request was accepted before. Accept once, and pass the socket on.',
    ),

  acceptAfterStart: (): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_WEBSOCKET_RESPONSE_STARTED',
      'The response of this request has started, so its WebSocket cannot be accepted any more. Accept before anything is written.',
    ),

  subProtocolSyntax: (subProtocol: unknown): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_WEBSOCKET_SUB_PROTOCOL',
      'subProtocol',
      `A sub-protocol is a token of letters, digits and !#$%&'*+-.^_\`|~ (RFC 9110 section 5.6.2), not ${JSON.stringify(subProtocol)}.`,
    ),

  subProtocolNotOffered: (subProtocol: string, offered: readonly string[]): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_WEBSOCKET_SUB_PROTOCOL_NOT_OFFERED',
      'subProtocol',
      `The client did not offer the sub-protocol ${JSON.stringify(subProtocol)}; it offered ${offered.length === 0 ? 'none' : offered.map(name => JSON.stringify(name)).join(', ')}. Choose one of context.webSockets.webSocketRequestedProtocols.`,
    ),

  serverMaxWindowBits: (bits: unknown): ArgumentOutOfRangeException =>
    new ArgumentOutOfRangeException(
      'WINDHOVER_ERR_WEBSOCKET_WINDOW_BITS',
      'serverMaxWindowBits',
      `serverMaxWindowBits is a whole number from 9 to 15, not ${String(bits)}.`,
    ),

  options: (options: unknown): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_WEBSOCKET_OPTIONS',
      'options',
      `app.useWebSockets() takes an object of options, like { keepAliveInterval: 60_000 }, not ${kindOf(options)}. A function that sets them is for services.addWebSockets().`,
    ),

  loop: (loop: unknown): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_WEBSOCKET_LOOP',
      'loops',
      `runSideBySide() takes functions (socket, signal) => Promise, not ${kindOf(loop)}.`,
    ),

  option: (name: string, expected: string, value: unknown): ArgumentOutOfRangeException =>
    new ArgumentOutOfRangeException(
      'WINDHOVER_ERR_WEBSOCKET_OPTION',
      name,
      `The option "${name}" of useWebSockets is ${expected}, not ${display(value)}.`,
    ),

  buffer: (buffer: unknown): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_WEBSOCKET_BUFFER',
      'buffer',
      `receiveAsync() needs a Uint8Array to fill, but got ${kindOf(buffer)}.`,
    ),

  data: (data: unknown): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_WEBSOCKET_DATA',
      'data',
      `sendAsync() takes a string, a Uint8Array or what WebSocketMessage.prepare() has made, but got ${kindOf(data)}.`,
    ),

  messageType: (type: unknown): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_WEBSOCKET_MESSAGE_TYPE',
      'messageType',
      `sendAsync() sends messages of type "text" or "binary", not ${display(type)}. Close with closeAsync().`,
    ),

  compressionOfFragment: (): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_WEBSOCKET_FRAGMENT_COMPRESSION',
      'disableCompression',
      'disableCompression must be the same for every fragment of a message.',
    ),

  signal: (signal: unknown): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_WEBSOCKET_SIGNAL',
      'signal',
      `The signal of an operation is an AbortSignal, not ${kindOf(signal)}.`,
    ),

  closeStatus: (status: unknown): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_WEBSOCKET_CLOSE_STATUS',
      'closeStatus',
      `A close frame carries 1000 to 1003, 1007 to 1014 or 3000 to 4999 (RFC 6455 section 7.4), or 1005 for none, not ${display(status)}.`,
    ),

  closeDescriptionType: (description: unknown): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_WEBSOCKET_CLOSE_DESCRIPTION',
      'statusDescription',
      `The description of a close is a string, not ${kindOf(description)}.`,
    ),

  closeDescriptionLength: (length: number): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_WEBSOCKET_CLOSE_DESCRIPTION',
      'statusDescription',
      `The description of a close takes up to 123 bytes of UTF-8, not ${length} (RFC 6455 section 5.5).`,
    ),

  closeDescriptionWithoutStatus: (): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_WEBSOCKET_CLOSE_DESCRIPTION',
      'statusDescription',
      'A close without a status (1005) has no description either: its frame is empty.',
    ),

  invalidState: (state: WebSocketState, allowed: readonly WebSocketState[], cause?: unknown): WebSocketException =>
    new WebSocketException(
      'WINDHOVER_ERR_WEBSOCKET_STATE',
      WebSocketError.InvalidState,
      `The WebSocket is in the state "${state}"; this operation needs ${allowed.map(name => `"${name}"`).join(' or ')}.`,
      cause === undefined ? undefined : { cause },
    ),

  secondReceive: (): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_WEBSOCKET_SECOND_RECEIVE',
      'This WebSocket is receiving already. Await one receive before the next; messages have one reader.',
    ),

  closedPrematurely: (cause?: unknown): WebSocketException =>
    new WebSocketException(
      'WINDHOVER_ERR_WEBSOCKET_CLOSED_PREMATURELY',
      WebSocketError.ConnectionClosedPrematurely,
      'The peer ended the connection without closing the WebSocket.',
      cause === undefined ? undefined : { cause },
    ),

  closeTimeout: (milliseconds: number): WebSocketException =>
    new WebSocketException(
      'WINDHOVER_ERR_WEBSOCKET_CLOSE_TIMEOUT',
      WebSocketError.ConnectionClosedPrematurely,
      `The peer did not answer the close frame within ${milliseconds} ms (closeTimeout).`,
    ),

  disposed: (): WebSocketException =>
    new WebSocketException(
      'WINDHOVER_ERR_WEBSOCKET_DISPOSED',
      WebSocketError.ConnectionClosedPrematurely,
      'The WebSocket was disposed while this operation was pending.',
    ),

  faulted: (violation: Violation): WebSocketException =>
    new WebSocketException('WINDHOVER_ERR_WEBSOCKET_FAULTED', WebSocketError.Faulted, violation.message, { cause: violation }),

  keepAliveTimeout: (milliseconds: number): WebSocketException =>
    new WebSocketException(
      'WINDHOVER_ERR_WEBSOCKET_KEEP_ALIVE_TIMEOUT',
      WebSocketError.Faulted,
      `Nothing came from the peer within ${milliseconds} ms after a ping (keepAliveTimeout).`,
    ),

  unreadTimeout: (milliseconds: number): WebSocketException =>
    new WebSocketException(
      'WINDHOVER_ERR_WEBSOCKET_UNREAD_TIMEOUT',
      WebSocketError.Faulted,
      `The application did not receive for ${milliseconds} ms while the read-ahead was full (unreadTimeout).`,
    ),

  hostStopping: (): OperationCanceledException =>
    new OperationCanceledException(
      'WINDHOVER_ERR_WEBSOCKET_HOST_STOPPING',
      'The host is stopping and has closed this WebSocket with 1001.',
    ),

  aborted: (cause?: unknown): OperationCanceledException =>
    new OperationCanceledException(
      'WINDHOVER_ERR_WEBSOCKET_ABORTED',
      'The WebSocket was aborted.',
      cause === undefined ? undefined : { cause },
    ),

  canceled: (operation: string, reason: unknown): OperationCanceledException =>
    new OperationCanceledException('WINDHOVER_ERR_WEBSOCKET_CANCELED', `${operation} was cancelled by its signal.`, { cause: reason }),
}

function display(value: unknown): string {
  return typeof value === 'string' || Array.isArray(value) ? JSON.stringify(value) : String(value)
}
