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

export function tooBig(maxMessageSize: number): Violation {
  return new Violation(WebSocketCloseStatus.MessageTooBig, `The peer sent a message of more than ${maxMessageSize} bytes (maxMessageSize).`)
}

export function invalidText(): Violation {
  return new Violation(WebSocketCloseStatus.InvalidPayloadData, 'The peer sent text that is not UTF-8.')
}
