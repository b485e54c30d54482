/** How one WebSocket is accepted. What is not given comes from `WebSocketOptions`. (ASP.NET Core: WebSocketAcceptContext) */
export interface WebSocketAcceptContext {
  /** The sub-protocol to answer with. It must be one that the client offered. Default none. */
  subProtocol?: string | undefined
  /** In milliseconds; 0 or Infinity switches keep-alive off. */
  keepAliveInterval?: number | undefined
  /** In milliseconds, from an unanswered ping to the abort; 0 or Infinity: never. */
  keepAliveTimeout?: number | undefined
  /**
   * Agrees to permessage-deflate (RFC 7692) when the client offers it. Default false: compressing secrets beside text that an attacker
   * chooses reveals them by length (CRIME, BREACH).
   */
  dangerousEnableCompression?: boolean | undefined
  /** Forgets the compression window after each message: less memory, worse compression. Default false. */
  disableServerContextTakeover?: boolean | undefined
  /** Base 2 logarithm of the compression window, 9 to 15. Default 15. Anything else raises an argument-out-of-range error. */
  serverMaxWindowBits?: number | undefined
}
