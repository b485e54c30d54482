import type { HttpRequest } from './http-request.ts'
import { PathString } from './path-string.ts'
import { QueryString } from './query-string.ts'

/** For people to read: not a valid URI when path or host have characters that must be encoded. */
export function displayUrl(request: HttpRequest): string {
  return `${request.scheme}://${request.host.value}${request.pathBase}${request.path}${request.queryString}`
}

export function encodedUrl(request: HttpRequest): string {
  return `${request.scheme}://${request.host.toUriComponent()}${encodedPathAndQuery(request)}`
}

export function encodedPathAndQuery(request: HttpRequest): string {
  const path = PathString.add(PathString.toUriComponent(request.pathBase), PathString.toUriComponent(request.path))
  return (path === '' ? '/' : path) + QueryString.toUriComponent(request.queryString)
}
