import { PathString } from '../http/path-string.ts'
import type { MiddlewareComponent } from './request-delegate.ts'

export function pathBaseComponent(base: string): MiddlewareComponent {
  return next =>
    async function pathBaseMiddleware(context) {
      const { request } = context
      const match = PathString.startsWithSegments(request.path, base)
      if (match === undefined) return next(context)

      const { path, pathBase } = request
      request.pathBase = PathString.add(pathBase, match.matched)
      request.path = match.remaining
      try {
        await next(context)
      } finally {
        request.pathBase = pathBase
        request.path = path
      }
    }
}
