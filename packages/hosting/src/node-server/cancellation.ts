import { IOException, OperationCanceledException } from '@windhover/core'

const connectionErrors = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED', 'ABORT_ERR'])

/** True for an error that merely says that the peer has gone or that the work was cancelled: no fault of the application once the request is aborted. */
export function isCancellation(error: unknown): boolean {
  if (error instanceof OperationCanceledException || error instanceof IOException) return true
  if (!(error instanceof Error)) return false
  return error.name === 'AbortError' || connectionErrors.has((error as NodeJS.ErrnoException).code ?? '')
}
