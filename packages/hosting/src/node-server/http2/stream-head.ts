import type { IncomingHttpHeaders } from 'node:http2'
import { isValidHost } from '../host-header.ts'
import type { ResolvedNodeServerOptions } from '../node-server-options.ts'
import { decodeHeaderValue, isRefused, type RefusedHead, type RequestHead } from '../request-head.ts'
import { parseRequestTarget, type RequestTarget } from '../request-target.ts'

const headersTooLarge: RefusedHead = Object.freeze({ statusCode: 431 })
/** RFC 9110 section 5.6.2. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const noTarget: RequestTarget = Object.freeze({ path: '', queryString: '', authority: undefined })

/**
 * Checks the head of a stream as Kestrel does: undefined means that the stream is reset with PROTOCOL_ERROR, which is what HTTP/2 has in place of 400. `:authority` becomes the
 * header `Host`, and wins over one that was sent; several `Cookie` lines become one (RFC 9113 section 8.2.3).
 */
export function readStreamHead(
  headers: IncomingHttpHeaders,
  rawHeaders: readonly string[],
  scheme: string,
  { limits }: ResolvedNodeServerOptions,
): RequestHead | RefusedHead | undefined {
  const authority = headers[':authority'] ?? headers.host ?? ''
  const target = readTarget(headers, scheme)
  if (target === undefined || !isValidHost(authority)) return undefined
  if (requestLineSize(headers, authority) > limits.maxRequestLineSize) return undefined

  const lines: string[] = []
  const cookies: string[] = []
  let hosts = 0
  let size = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!
    if (name.startsWith(':')) continue
    const value = decodeHeaderValue(rawHeaders[i + 1]!)
    if (value === undefined) return undefined
    size += name.length + value.length + 4
    if (name === 'cookie') cookies.push(value)
    else if (name === 'host') hosts++
    else lines.push(name, value)
  }
  if (headers[':authority'] === undefined && hosts > 1) return undefined
  if (lines.length / 2 + cookies.length + hosts > limits.maxRequestHeaderCount || size > limits.maxRequestHeadersTotalSize)
    return headersTooLarge
  if (authority !== '') lines.push('host', authority)
  if (cookies.length > 0) lines.push('cookie', cookies.join('; '))
  return { target, rawHeaders: lines }
}

/** RFC 9113 section 8.3.1, and RFC 8441 section 4 for CONNECT with a protocol. */
function readTarget(headers: IncomingHttpHeaders, scheme: string): RequestTarget | undefined {
  const { ':method': method = '', ':path': path, ':scheme': ownScheme, ':protocol': protocol } = headers
  if (!token.test(method)) return undefined
  if (method === 'CONNECT' && protocol === undefined) return path === undefined && ownScheme === undefined ? noTarget : undefined
  if (path === undefined || ownScheme?.toString().toLowerCase() !== scheme) return undefined
  if (path === '*') return method === 'OPTIONS' ? noTarget : undefined
  if (!path.startsWith('/')) return undefined
  const target = parseRequestTarget(path, method)
  return isRefused(target) ? undefined : target
}

/** What the line would be over HTTP/1.1, as Kestrel reckons it. */
function requestLineSize(
  { ':method': method = '', ':path': path = '', ':scheme': scheme = '' }: IncomingHttpHeaders,
  authority: string,
): number {
  return method.length + path.length + scheme.length + authority.length
}
