import { coreErrors } from '../errors/core-errors.ts'
import type { Middleware, MiddlewareComponent, RequestDelegate } from './request-delegate.ts'

const completed: Promise<void> = Promise.resolve()

/** Wraps a middleware so that it can call the rest of the pipeline once for each request. */
export function guardedComponent(middleware: Middleware): MiddlewareComponent {
  return function component(next: RequestDelegate): RequestDelegate {
    return function invoke(context) {
      let called = false
      return middleware(context, function callNext() {
        if (called) throw coreErrors.nextCalledTwice(middleware.name || 'anonymous')
        called = true
        return (next(context) ?? completed) as Promise<void>
      })
    }
  }
}
