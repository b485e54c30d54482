import type { HttpContext } from '../http/http-context.ts'
import { type PathMatch, PathString } from '../http/path-string.ts'
import type { RequestDelegate } from './request-delegate.ts'

/** Runs a delegate with the matched text moved from `path` to `pathBase`, and puts both back, also when it throws. */
export async function runBelowAsync({ matched, remaining }: PathMatch, context: HttpContext, delegate: RequestDelegate): Promise<void> {
  const { request } = context
  const { path, pathBase } = request
  request.pathBase = PathString.add(pathBase, matched)
  request.path = remaining
  try {
    await delegate(context)
  } finally {
    request.pathBase = pathBase
    request.path = path
  }
}
