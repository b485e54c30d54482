import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { coreErrors } from '../errors/core-errors.ts'
import { encodedPathAndQuery } from './encoded-url.ts'
import type { HttpRequest } from './http-request.ts'

/** Methods that fetch forbids (https://fetch.spec.whatwg.org/#forbidden-method). */
const forbiddenMethods: ReadonlySet<string> = new Set(['CONNECT', 'TRACE', 'TRACK'])

const nonAscii = /[^\0-\x7f]/

/** The URL takes the place of `Host` for code that routes by it, so a request without one gets `localhost`. */
export function toWebRequest(request: HttpRequest): Request {
  const { httpContext, method } = request
  if (forbiddenMethods.has(method.toUpperCase())) throw coreErrors.webRequestMethod(method)
  const headers = new Headers()
  for (const [name, value] of request.headers.lines()) if (name[0] !== ':') headers.append(name, byteString(value))
  const url = `${request.scheme}://${request.host.toUriComponent() || 'localhost'}${encodedPathAndQuery(request)}`
  const init: RequestInit = { method, headers, signal: httpContext.requestAborted }
  if (method === 'GET' || method === 'HEAD' || !request.canHaveBody) return new Request(url, init)
  return new Request(url, { ...init, body: Readable.toWeb(request.body) as ReadableStream<Uint8Array>, duplex: 'half' })
}

/** The web's headers hold bytes: a value that the server has decoded as UTF-8 goes back to them. */
function byteString(value: string): string {
  return nonAscii.test(value) ? Buffer.from(value).toString('latin1') : value
}
