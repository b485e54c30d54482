import type { IncomingMessage } from 'node:http'

/** All lines of all headers, in order: `getSetCookie()` finds each cookie. */
export function headersOf(message: IncomingMessage): Headers {
  const headers = new Headers()
  const { rawHeaders } = message
  for (let i = 0; i < rawHeaders.length; i += 2) headers.append(rawHeaders[i]!, rawHeaders[i + 1]!)
  return headers
}

/** Statuses to which the web's `Response` allows no body at all (https://fetch.spec.whatwg.org/#null-body-status). */
export function isNullBodyStatus(status: number): boolean {
  return status === 204 || status === 205 || status === 304
}
