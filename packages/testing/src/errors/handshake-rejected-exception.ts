import { InvalidOperationException } from '@windhover/core'

/** A WebSocket handshake was answered with an ordinary response, which is here in full. */
export class HandshakeRejectedException extends InvalidOperationException {
  readonly status: number
  readonly headers: Headers
  /** The whole body as text. */
  readonly body: string

  constructor(code: string, message: string, status: number, headers: Headers, body: string) {
    super(code, message)
    this.status = status
    this.headers = headers
    this.body = body
  }
}
