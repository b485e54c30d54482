import { type HttpContext, PathString } from '@windhover/core'

/**
 * The path below `requestPath`, when a file may answer: the method is GET or HEAD, and no endpoint with a delegate was chosen, which is to answer then.
 */
export function requestedPath(context: HttpContext, requestPath: string): string | undefined {
  const { method, path } = context.request
  if (method !== 'GET' && method !== 'HEAD') return undefined
  if (context.getEndpoint()?.requestDelegate !== undefined) return undefined
  return PathString.startsWithSegments(path, requestPath)?.remaining
}
