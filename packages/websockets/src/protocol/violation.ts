import { WebSocketCloseStatus } from '@windhover/core'

/** The peer broke the protocol: the connection fails (RFC 6455 section 7.1.7), and `closeStatus` is what the peer is told. */
export class Violation extends Error {
  readonly closeStatus: WebSocketCloseStatus

  constructor(closeStatus: WebSocketCloseStatus, message: string) {
    super(message)
    this.closeStatus = closeStatus
  }
}

export function protocolViolation(message: string): Violation {
  return new Violation(WebSocketCloseStatus.ProtocolError, message)
}
