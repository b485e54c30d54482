import { coreErrors } from '../errors/core-errors.ts'
import { PathString } from '../http/path-string.ts'
import type { MiddlewareComponent, RequestDelegate } from './request-delegate.ts'

export interface MapOptions {
  /** Leaves `path` and `pathBase` as they are in the branch. Default false. */
  preserveMatchedPathSegment?: boolean
}

export function mapComponent(pathMatch: string, branch: RequestDelegate, options: MapOptions = {}): MiddlewareComponent {
  if (pathMatch !== '' && (pathMatch[0] !== '/' || pathMatch.endsWith('/'))) {
    throw coreErrors.argument(
      'pathMatch',
      `app.map() takes a path like "/admin", with a leading and without a trailing slash, not "${pathMatch}".`,
    )
  }
  const { preserveMatchedPathSegment = false } = options

  return next =>
    async function mapMiddleware(context) {
      const { request } = context
      const match = PathString.startsWithSegments(request.path, pathMatch)
      if (match === undefined) return next(context)
      if (preserveMatchedPathSegment) return branch(context)

      const { path, pathBase } = request
      request.pathBase = PathString.add(pathBase, match.matched)
      request.path = match.remaining
      try {
        await branch(context)
      } finally {
        request.pathBase = pathBase
        request.path = path
      }
    }
}
