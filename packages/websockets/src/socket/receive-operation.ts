import {
  OperationCanceledException,
  WebSocketError,
  WebSocketException,
  type WebSocketMessage,
  type WebSocketReceiveResult,
} from '@windhover/core'
import type { Cancelable } from './cancellation.ts'
import { Deferred } from './deferred.ts'
import type { FrameReceiver } from './frame-receiver.ts'

/** What a receive that waits needs of its socket. */
export interface ReceiveOwner {
  cancelReceive(reason: unknown): void
}

/** A receive that waits for the peer. */
export interface PendingReceive extends Cancelable {
  readonly signal: AbortSignal | undefined
  /** Resolves the receive if enough has arrived. */
  attempt(receiver: FrameReceiver): boolean
  reject(error: unknown): void
}

export abstract class ReceiveOperation<T> extends Deferred<T> implements PendingReceive {
  readonly signal: AbortSignal | undefined
  readonly #owner: ReceiveOwner

  constructor(owner: ReceiveOwner, signal: AbortSignal | undefined) {
    super()
    this.#owner = owner
    this.signal = signal
  }

  abstract attempt(receiver: FrameReceiver): boolean

  cancel(reason: unknown): void {
    this.#owner.cancelReceive(reason)
  }
}

export class FrameReceive extends ReceiveOperation<WebSocketReceiveResult> {
  readonly #buffer: Uint8Array

  constructor(owner: ReceiveOwner, signal: AbortSignal | undefined, buffer: Uint8Array) {
    super(owner, signal)
    this.#buffer = buffer
  }

  attempt(receiver: FrameReceiver): boolean {
    const result = receiver.receive(this.#buffer)
    if (result === undefined) return false
    this.resolve(result)
    return true
  }
}

export class MessageReceive extends ReceiveOperation<WebSocketMessage | undefined> {
  attempt(receiver: FrameReceiver): boolean {
    const message = receiver.receiveMessage()
    if (message === undefined) return false
    this.resolve(message ?? undefined)
    return true
  }
}

/** The next step of the message iterator. */
export class IterationReceive extends ReceiveOperation<IteratorResult<WebSocketMessage>> {
  attempt(receiver: FrameReceiver): boolean {
    const message = receiver.receiveMessage()
    if (message === undefined) return false
    this.resolve(message === null ? endOfIteration : iterationOf(message))
    return true
  }

  /** A peer that has vanished ends the iteration as one that has closed. */
  override reject(error: unknown): void {
    if (isVanishedPeer(error)) this.resolve(endOfIteration)
    else super.reject(error)
  }
}

export const endOfIteration: IteratorResult<WebSocketMessage> = { done: true, value: undefined }

class Iteration implements IteratorYieldResult<WebSocketMessage> {
  readonly done = false
  readonly value: WebSocketMessage

  constructor(value: WebSocketMessage) {
    this.value = value
  }
}

// A promise looks for `then` in what it is resolved with. Found here, the search is over before it reaches Object.prototype.
Object.defineProperty(Iteration.prototype, 'then', { value: undefined })

export function iterationOf(value: WebSocketMessage): IteratorResult<WebSocketMessage> {
  return new Iteration(value)
}

/** True for the errors of operations whose peer has gone: it left, or it did not answer a ping. */
function isVanishedPeer(error: unknown): boolean {
  if (error instanceof OperationCanceledException) return isVanishedPeer(error.cause)
  if (!(error instanceof WebSocketException)) return false
  return (
    error.webSocketErrorCode === WebSocketError.ConnectionClosedPrematurely || error.code === 'WINDHOVER_ERR_WEBSOCKET_KEEP_ALIVE_TIMEOUT'
  )
}
