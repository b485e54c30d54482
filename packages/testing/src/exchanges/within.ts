import { testingErrors } from '../errors/testing-errors.ts'

// Held from the start: a test that replaces the clock still gets its time-outs.
const { setTimeout, clearTimeout } = globalThis

/**
 * Waits for a promise, at most `timeout` ms; then rejects with an error that says what was waited for and how far it had come,
 * in place of a test that hangs until its runner ends it.
 */
export function within<T>(timeout: number, waitedFor: string, circumstances: () => string, promise: Promise<T>): Promise<T> {
  if (timeout === Number.POSITIVE_INFINITY) return promise
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(testingErrors.timeout(waitedFor, timeout, circumstances())), timeout)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
