import { WindhoverException } from '../errors/exceptions.ts'
import type { WebSocketError } from './web-socket-types.ts'

/** An operation on a WebSocket failed; `webSocketErrorCode` says why. (.NET: WebSocketException) */
export class WebSocketException extends WindhoverException {
  readonly webSocketErrorCode: WebSocketError

  constructor(code: string, webSocketErrorCode: WebSocketError, message: string, options?: ErrorOptions) {
    super(code, message, options)
    this.webSocketErrorCode = webSocketErrorCode
  }
}
