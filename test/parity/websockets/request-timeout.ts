import { type ApplicationBuilder, HttpRequestTimeoutFeature } from '@windhover/core'

/** Aborts `requestAborted` when a request takes longer than so many milliseconds, as `UseRequestTimeouts` does; such a request that has not answered gets 504. */
export function useRequestTimeouts(app: ApplicationBuilder, timeout: number): void {
  app.use(async (context, next) => {
    const timedOut = new AbortController()
    const timer = setTimeout(() => timedOut.abort(), timeout)
    const original = context.requestAborted
    context.requestAborted = AbortSignal.any([original, timedOut.signal])
    context.features.set(HttpRequestTimeoutFeature, { requestTimeoutToken: timedOut.signal, disableTimeout: () => clearTimeout(timer) })
    try {
      await next()
    } finally {
      clearTimeout(timer)
      context.requestAborted = original
      context.features.set(HttpRequestTimeoutFeature, undefined)
    }
  })
}
