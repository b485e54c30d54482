import { OperationCanceledException } from '@windhover/core'

/** Whether an error says that an operation was cancelled by its signal, in our words or in those of the platform. */
export function isCancellation(error: unknown): boolean {
  return error instanceof OperationCanceledException || (error instanceof Error && error.name === 'AbortError')
}
