import type { WebSocketMessage } from '@windhover/core'

/** What the iterator reads from. */
export interface MessageSource {
  nextMessageAsync(signal: AbortSignal | undefined): Promise<IteratorResult<WebSocketMessage>>
}

/** The messages of a socket, one at a time, until its peer closes or vanishes. It holds no buffer. */
export class MessageIterator implements AsyncIterableIterator<WebSocketMessage> {
  readonly #source: MessageSource
  readonly #signal: AbortSignal | undefined
  #hasEnded = false

  constructor(source: MessageSource, signal: AbortSignal | undefined) {
    this.#source = source
    this.#signal = signal
  }

  next(): Promise<IteratorResult<WebSocketMessage>> {
    return this.#hasEnded ? this.return() : this.#source.nextMessageAsync(this.#signal)
  }

  /** `break` leaves the socket open. */
  return(): Promise<IteratorResult<WebSocketMessage>> {
    this.#hasEnded = true
    return Promise.resolve({ done: true, value: undefined })
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}
