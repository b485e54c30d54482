import type { Predicate } from './application-builder.ts'
import type { MiddlewareComponent, RequestDelegate } from './request-delegate.ts'

export function mapWhenComponent(predicate: Predicate, branch: RequestDelegate): MiddlewareComponent {
  return next =>
    function mapWhenMiddleware(context) {
      return predicate(context) ? branch(context) : next(context)
    }
}
