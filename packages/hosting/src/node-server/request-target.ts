import { PathString } from '@windhover/core'

/** Host and port as a target names them. */
export interface Authority {
  readonly text: string
  /** `:80` or `:443`, which may be left out; empty for CONNECT, where a port is always written. */
  readonly defaultPort: string
}

/** What a request line asks for. */
export interface RequestTarget {
  /** Decoded once, without dot segments; empty for `*` and for the target of CONNECT. */
  readonly path: string
  /** With its leading `?`, as sent. */
  readonly queryString: string
  /** Of an absolute target and of CONNECT; it must be that of the `Host` header, which alone counts afterwards. */
  readonly authority: Authority | undefined
}

/** A target that cannot be served: the answer's status, and for 405 the method that it would take. */
export interface RefusedTarget {
  readonly statusCode: 400 | 405
  readonly allow?: string
}

const slash = 0x2f
const badRequest: RefusedTarget = Object.freeze({ statusCode: 400 })
const onlyOptions: RefusedTarget = Object.freeze({ statusCode: 405, allow: 'OPTIONS' })
const onlyConnect: RefusedTarget = Object.freeze({ statusCode: 405, allow: 'CONNECT' })
const root: RequestTarget = Object.freeze({ path: '/', queryString: '', authority: undefined })

const notAscii = /[^\0-\x7f]/
const absoluteForm = /^(https?):\/\/([^/?#@]*)([/?#].*)?$/is

/** Reads the target of a request line (RFC 9112 section 3.2) as Kestrel does. */
export function parseRequestTarget(target: string, method: string): RequestTarget | RefusedTarget {
  if (target === '/') return root
  if (notAscii.test(target)) return badRequest
  if (target.charCodeAt(0) === slash) return parseOriginForm(target, undefined)
  if (target === '*') return method === 'OPTIONS' ? { path: '', queryString: '', authority: undefined } : onlyOptions
  if (target.startsWith('*')) return badRequest

  const [, scheme, text = '', rest = ''] = absoluteForm.exec(target) ?? []
  if (scheme !== undefined) {
    if (text === '') return badRequest
    const authority = { text, defaultPort: scheme.toLowerCase() === 'https' ? ':443' : ':80' }
    return parseOriginForm(rest.startsWith('/') ? rest : `/${rest}`, authority)
  }
  if (method === 'CONNECT') return { path: '', queryString: '', authority: { text: target, defaultPort: '' } }
  return /^[?#]|:\/\//.test(target) ? badRequest : onlyConnect
}

/** True when `Host` names what the target names: case does not count, nor whether a default port is written. */
export function isSameAuthority(target: Authority, host: string): boolean {
  return withoutPort(host.toLowerCase(), target.defaultPort) === withoutPort(target.text.toLowerCase(), target.defaultPort)
}

function parseOriginForm(target: string, authority: Authority | undefined): RequestTarget | RefusedTarget {
  const mark = target.indexOf('?')
  const encoded = mark < 0 ? target : target.slice(0, mark)
  const queryString = mark < 0 ? '' : target.slice(mark)
  const path = decodePath(encoded)
  return path === undefined ? badRequest : { path, queryString, authority }
}

/**
 * Decodes once, then removes dot segments: an encoded dot is a dot (RFC 3986 section 6.2.2.2), an encoded slash is none. Undefined for NUL, which no
 * file system and no handler takes.
 */
function decodePath(encoded: string): string | undefined {
  if (!encoded.includes('%')) return removeDotSegments(encoded)
  if (encoded.includes('%00')) return undefined
  return removeDotSegments(PathString.fromUriComponent(encoded))
}

/** RFC 3986 section 5.2.4. Nothing climbs above the root; empty segments stay. */
function removeDotSegments(path: string): string {
  if (!path.includes('/.')) return path
  const kept: string[] = []
  const segments = path.split('/')
  for (let i = 1; i < segments.length; i++) {
    const segment = segments[i]!
    const isDots = segment === '.' || segment === '..'
    if (!isDots) kept.push(segment)
    else if (segment === '..') kept.pop()
    if (isDots && i === segments.length - 1) kept.push('')
  }
  return `/${kept.join('/')}`
}

function withoutPort(authority: string, port: string): string {
  return port !== '' && authority.endsWith(port) ? authority.slice(0, -port.length) : authority
}
