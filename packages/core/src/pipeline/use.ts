import { coreErrors } from '../errors/core-errors.ts'
import type { HttpContext } from '../http/http-context.ts'
import type { Middleware, MiddlewareComponent, RequestDelegate } from './request-delegate.ts'

const completed: Promise<void> = Promise.resolve()

/**
 * Runs a delegate; one that returns nothing has completed, and what one throws at once rejects, so that `next().catch(...)` sees every
 * error.
 */
export function runAsync(delegate: RequestDelegate, context: HttpContext): Promise<void> {
  try {
    return delegate(context) ?? completed
  } catch (error) {
    return Promise.reject(error)
  }
}

/** Wraps a middleware so that it can call the rest of the pipeline once for each request. */
export function guardedComponent(middleware: Middleware): MiddlewareComponent {
  return function component(next: RequestDelegate): RequestDelegate {
    return function invoke(context) {
      // Undefined until `next` was called. The fewer variables it needs, the less an idle WebSocket costs.
      let rest: Promise<void> | undefined
      const own = middleware(context, function callNext(given) {
        if (rest !== undefined) throw coreErrors.nextCalledTwice(middleware.name || 'anonymous')
        rest = completed
        rest = runAsync(next, given ?? context)
        return rest
      })
      // A plain function that calls next() and returns nothing must not end the request before the rest has.
      return own ?? rest
    }
  }
}
