import type { WebSocket } from '@windhover/core'
import { webSocketsErrors } from '../errors/web-sockets-errors.ts'
import { LoopEnded } from './loop-ended.ts'

/** One of several loops over a socket. It passes `signal` to what it waits for, and ends when that fires. */
export type WebSocketLoop = (socket: WebSocket, signal: AbortSignal) => Promise<void>

/**
 * Runs several loops over one socket, for example one that receives and one that sends. When the first of them ends, the signal of the others fires; all are awaited, then the first error is
 * thrown. A receive that is cancelled this way leaves the connection open, so that it is closed in order when the handler ends; what it had received of a frame is lost.
 * Rejects with an argument error, and starts none of them, when one is no function.
 */
export async function runSideBySide(socket: WebSocket, ...loops: WebSocketLoop[]): Promise<void> {
  for (const loop of loops) if (typeof loop !== 'function') throw webSocketsErrors.loop(loop)
  const controller = new AbortController()
  const { signal } = controller
  const end = new LoopEnded()
  let failure: { readonly error: unknown } | undefined

  const run = async (loop: WebSocketLoop): Promise<void> => {
    try {
      await loop(socket, signal)
    } catch (error) {
      // An error after the first end is most often its consequence; a cancellation always is.
      if (!signal.aborted || !isCancellation(error, end)) failure ??= { error }
    } finally {
      controller.abort(end)
    }
  }

  await Promise.all(loops.map(run))
  if (failure !== undefined) throw failure.error
}

function isCancellation(error: unknown, reason: LoopEnded): boolean {
  // What Node itself cancels rejects with an AbortError that has the reason as its cause.
  return error === reason || (error instanceof Error && error.cause === reason)
}
