import { WebSocketCloseStatus, type WebSocketMessageType, type WebSocketReceiveResult } from '@windhover/core'

export class ReceiveResult implements WebSocketReceiveResult {
  readonly count: number
  readonly messageType: WebSocketMessageType
  readonly endOfMessage: boolean
  readonly closeStatus: WebSocketCloseStatus | undefined
  readonly closeStatusDescription: string | undefined

  constructor(
    count: number,
    messageType: WebSocketMessageType,
    endOfMessage: boolean,
    closeStatus: WebSocketCloseStatus | undefined,
    closeStatusDescription: string | undefined,
  ) {
    this.count = count
    this.messageType = messageType
    this.endOfMessage = endOfMessage
    this.closeStatus = closeStatus
    this.closeStatusDescription = closeStatusDescription
  }

  get wasNormal(): boolean {
    return this.closeStatus === WebSocketCloseStatus.NormalClosure || this.closeStatus === WebSocketCloseStatus.Empty
  }
}

// A promise looks for `then` in what it is resolved with. Found here, the search is over before it reaches Object.prototype.
Object.defineProperty(ReceiveResult.prototype, 'then', { value: undefined })
