import { lastLineOf } from './header-lines.ts'
import { isValidHost } from './host-header.ts'
import type { ResolvedNodeServerOptions } from './node-server-options.ts'
import type { RequestMessage } from './request-message.ts'
import { isSameAuthority, parseRequestTarget, type RefusedTarget, type RequestTarget } from './request-target.ts'

/** The head of a request that may enter the pipeline. */
export interface RequestHead {
  readonly target: RequestTarget
  /** Names and values in turn, values decoded as UTF-8. */
  readonly rawHeaders: readonly string[]
}

/** Why a request is answered before the pipeline. */
export interface RefusedHead {
  readonly statusCode: number
  readonly allow?: string
}

const notAscii = /[^\0-\x7f]/
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const badRequest: RefusedHead = Object.freeze({ statusCode: 400 })
const uriTooLong: RefusedHead = Object.freeze({ statusCode: 414 })
const headersTooLarge: RefusedHead = Object.freeze({ statusCode: 431 })
const versionNotSupported: RefusedHead = Object.freeze({ statusCode: 505 })

/** Method, blank, target, blank, `HTTP/1.1` and the line's end. */
const requestLineOverhead = 12

/**
 * Checks what Node's parser lets pass and Kestrel does not: sizes, version, target, `Host`, and header values that are no UTF-8. `rawHeaders` are those of the
 * message unless the request was handed back to the parser without some of them.
 */
export function readHead(
  message: RequestMessage,
  { limits }: ResolvedNodeServerOptions,
  rawHeaders: string[] = message.rawHeaders,
): RequestHead | RefusedHead {
  const { method, url, httpVersionMajor, httpVersionMinor } = message as { method: string; url: string } & RequestMessage
  if (httpVersionMajor !== 1 || httpVersionMinor > 1) return versionNotSupported
  if (method.length + url.length + requestLineOverhead > limits.maxRequestLineSize) return uriTooLong
  if (rawHeaders.length > limits.maxRequestHeaderCount * 2) return headersTooLarge

  const target = parseRequestTarget(url, method)
  if (isRefused(target)) return target

  let host: string | undefined
  let size = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!
    let value = rawHeaders[i + 1]!
    size += name.length + value.length + 4
    if (notAscii.test(value)) {
      const decoded = decodeHeaderValue(value)
      if (decoded === undefined) return badRequest
      value = decoded
      rawHeaders[i + 1] = decoded
    }
    if (name.length === 4 && name.toLowerCase() === 'host') {
      if (host !== undefined || !isValidHost(value)) return badRequest
      host = value
    }
  }
  if (size > limits.maxRequestHeadersTotalSize) return headersTooLarge
  if (host === undefined && httpVersionMinor === 1) return badRequest
  if (target.authority !== undefined && host !== undefined && !isSameAuthority(target.authority, host)) return badRequest
  if (!isBodyFramed(message, rawHeaders)) return badRequest
  return { target, rawHeaders }
}

export function isRefused<T extends object>(head: T | RefusedHead | RefusedTarget): head is RefusedHead {
  return 'statusCode' in head
}

/** Node gives every byte of a value as one character. Undefined for what is no UTF-8. */
export function decodeHeaderValue(value: string): string | undefined {
  if (!notAscii.test(value)) return value
  try {
    return utf8.decode(Buffer.from(value, 'latin1'))
  } catch {
    return undefined // That it is no UTF-8 is the whole answer.
  }
}

/** RFC 9112 section 6.3: where the last coding is not `chunked`, or HTTP/1.0 sends a body without a length, nobody can tell where the body ends. */
function isBodyFramed({ method, httpVersionMinor }: RequestMessage, rawHeaders: readonly string[]): boolean {
  const encoding = lastLineOf(rawHeaders, 'transfer-encoding')
  if (encoding !== undefined) return /(^|,)\s*chunked\s*$/i.test(encoding)
  return httpVersionMinor === 1 || (method !== 'POST' && method !== 'PUT') || lastLineOf(rawHeaders, 'content-length') !== undefined
}
