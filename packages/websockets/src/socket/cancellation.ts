import type { WebSocketOperationOptions } from '@windhover/core'
import { webSocketsErrors } from '../errors/web-sockets-errors.ts'

/** An operation that can be cancelled while it is pending. */
export interface Cancelable {
  cancel(reason: unknown): void
}

/** One listener for each signal, however many operations wait with it: a signal that is used in a loop collects no listeners. */
const watched = new WeakMap<AbortSignal, Set<Cancelable>>()

/** Calls `operation.cancel` when the signal fires, until `unwatch`. */
export function watch(signal: AbortSignal, operation: Cancelable): void {
  let operations = watched.get(signal)
  if (operations === undefined) {
    operations = new Set()
    watched.set(signal, operations)
    signal.addEventListener('abort', cancelAll, { once: true })
  }
  operations.add(operation)
}

export function unwatch(signal: AbortSignal, operation: Cancelable): void {
  watched.get(signal)?.delete(operation)
}

function cancelAll(this: AbortSignal): void {
  for (const operation of watched.get(this) ?? []) operation.cancel(this.reason)
  watched.delete(this)
}

/** The signal of an operation, which is given as such or among its options. Throws an argument error for anything else. */
export function signalOf(options: AbortSignal | WebSocketOperationOptions): AbortSignal | undefined {
  const signal = options instanceof AbortSignal ? options : options.signal
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw webSocketsErrors.signal(signal)
  return signal
}
