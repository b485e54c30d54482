import { PathString } from '../http/path-string.ts'
import { runBelowAsync } from './path-base-scope.ts'
import type { MiddlewareComponent } from './request-delegate.ts'

export function pathBaseComponent(base: string): MiddlewareComponent {
  return next =>
    function pathBaseMiddleware(context) {
      const match = PathString.startsWithSegments(context.request.path, base)
      return match === undefined ? next(context) : runBelowAsync(match, context, next)
    }
}
