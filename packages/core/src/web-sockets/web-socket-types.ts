/** (.NET: WebSocketMessageType) */
export const WebSocketMessageType = { Text: 'text', Binary: 'binary', Close: 'close' } as const
export type WebSocketMessageType = (typeof WebSocketMessageType)[keyof typeof WebSocketMessageType]

/** A server's socket begins in `Open` and only moves forward. (.NET: WebSocketState) */
export const WebSocketState = {
  None: 'none',
  Connecting: 'connecting',
  Open: 'open',
  CloseSent: 'close-sent',
  CloseReceived: 'close-received',
  Closed: 'closed',
  Aborted: 'aborted',
} as const
export type WebSocketState = (typeof WebSocketState)[keyof typeof WebSocketState]

/**
 * The status codes of RFC 6455 section 7.4.1 and its registry. Any number of 3000 to 4999 may be used as well. (.NET:
 * WebSocketCloseStatus)
 */
export const WebSocketCloseStatus = {
  NormalClosure: 1000,
  EndpointUnavailable: 1001,
  ProtocolError: 1002,
  InvalidMessageType: 1003,
  /** The peer's close frame had no status. Never written to the wire: closing with it writes an empty close frame. */
  Empty: 1005,
  InvalidPayloadData: 1007,
  PolicyViolation: 1008,
  MessageTooBig: 1009,
  MandatoryExtension: 1010,
  InternalServerError: 1011,
} as const
/** A status code is a number on the wire, so any number is allowed here; sending checks it. */
export type WebSocketCloseStatus = number

/** (.NET: WebSocketError) */
export const WebSocketError = {
  Success: 'success',
  InvalidMessageType: 'invalid-message-type',
  Faulted: 'faulted',
  NativeError: 'native-error',
  NotAWebSocket: 'not-a-web-socket',
  UnsupportedVersion: 'unsupported-version',
  UnsupportedProtocol: 'unsupported-protocol',
  HeaderError: 'header-error',
  ConnectionClosedPrematurely: 'connection-closed-prematurely',
  InvalidState: 'invalid-state',
} as const
export type WebSocketError = (typeof WebSocketError)[keyof typeof WebSocketError]
