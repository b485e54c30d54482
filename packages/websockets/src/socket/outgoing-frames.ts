import type { WebSocketSendData } from '@windhover/core'
import { webSocketsErrors } from '../errors/web-sockets-errors.ts'
import { type Cancelable, unwatch, watch } from './cancellation.ts'
import { Deferred } from './deferred.ts'

/** A frame that waits for its turn. */
export class QueuedFrame extends Deferred<void> implements Cancelable {
  readonly isClose: boolean
  readonly isText: boolean
  data: WebSocketSendData
  readonly endOfMessage: boolean
  readonly isCompressed: boolean
  readonly signal: AbortSignal | undefined
  isCanceled = false
  next: QueuedFrame | undefined

  constructor(
    isClose: boolean,
    isText: boolean,
    data: WebSocketSendData,
    endOfMessage: boolean,
    isCompressed: boolean,
    signal: AbortSignal | undefined,
  ) {
    super()
    this.isClose = isClose
    this.isText = isText
    this.data = data
    this.endOfMessage = endOfMessage
    this.isCompressed = isCompressed
    this.signal = signal
    if (signal !== undefined) watch(signal, this)
  }

  detach(error: Error): void {
    if (this.signal !== undefined) unwatch(this.signal, this)
    if (this.data instanceof Uint8Array) this.data = Buffer.from(this.data)
    // Whoever closes would go on to wait for the peer.
    if (this.isClose) this.reject(error)
    else this.resolve()
  }

  /** Nothing of it is on its way, so the socket stays usable. */
  cancel(reason: unknown): void {
    this.isCanceled = true
    this.reject(webSocketsErrors.canceled(this.isClose ? 'Closing' : 'Sending', reason))
  }
}

interface Abortable {
  abort(): void
}

/** A frame whose bytes are on their way: when it is cancelled, the stream of frames is broken. */
export class WrittenFrame extends Deferred<void> implements Cancelable {
  readonly #owner: Abortable

  constructor(owner: Abortable) {
    super()
    this.#owner = owner
  }

  cancel(reason: unknown): void {
    this.reject(webSocketsErrors.canceled('Sending', reason))
    this.#owner.abort()
  }
}
