import { webSocketsErrors } from '../errors/web-sockets-errors.ts'
import type { Cancelable } from './cancellation.ts'
import { Deferred } from './deferred.ts'

/** A close that waits for the close frame of the peer. */
export class CloseOperation extends Deferred<void> implements Cancelable {
  readonly signal: AbortSignal | undefined
  readonly #abort: () => void

  constructor(abort: () => void, signal: AbortSignal | undefined) {
    super()
    this.#abort = abort
    this.signal = signal
  }

  cancel(reason: unknown): void {
    this.reject(webSocketsErrors.canceled('Closing', reason))
    this.#abort()
  }
}
