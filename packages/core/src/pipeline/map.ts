import { coreErrors } from '../errors/core-errors.ts'
import { PathString } from '../http/path-string.ts'
import { runBelowAsync } from './path-base-scope.ts'
import type { MiddlewareComponent, RequestDelegate } from './request-delegate.ts'

/** How a branch by path sees the path. */
export interface MapOptions {
  /** Leaves `path` and `pathBase` as they are in the branch. Default false. */
  preserveMatchedPathSegment?: boolean
}

/** The path that is compared with those of requests, which are decoded. The empty path is allowed: every request matches it. */
export function readMapPath(pathMatch: string): string {
  if (pathMatch !== '' && (pathMatch[0] !== '/' || pathMatch.endsWith('/'))) {
    throw coreErrors.argument(
      'pathMatch',
      `app.map() takes a path like "/admin", with a leading and without a trailing slash, not "${pathMatch}".`,
    )
  }
  return PathString.fromUriComponent(pathMatch)
}

export function mapComponent(pathMatch: string, branch: RequestDelegate, options: MapOptions = {}): MiddlewareComponent {
  const { preserveMatchedPathSegment = false } = options

  return next =>
    function mapMiddleware(context) {
      const match = PathString.startsWithSegments(context.request.path, pathMatch)
      if (match === undefined) return next(context)
      return preserveMatchedPathSegment ? branch(context) : runBelowAsync(match, context, branch)
    }
}
