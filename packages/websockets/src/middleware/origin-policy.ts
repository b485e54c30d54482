import type { HttpContext } from '@windhover/core'
import { linesOf } from './is-web-socket-request.ts'

const anyOrigin = '*'
const defaultPorts: ReadonlyMap<string, string> = new Map([
  ['http:', '80'],
  ['ws:', '80'],
  ['https:', '443'],
  ['wss:', '443'],
])

/**
 * Which origins may open a WebSocket. Browsers send cookies with a handshake whichever page starts it, so without a list only pages of the same host and port may; a list replaces that rule.
 */
export class OriginPolicy {
  readonly #allowed: ReadonlySet<string> | undefined

  /** An empty list stands for the rule of the same host. The list is read once; its case does not matter. */
  constructor(allowedOrigins: readonly string[]) {
    if (allowedOrigins.length > 0) this.#allowed = new Set(allowedOrigins.map(origin => origin.toLowerCase()))
  }

  /** A request without an `Origin` is no browser's, and always allowed. */
  allows(context: HttpContext): boolean {
    if (this.#allowed?.has(anyOrigin)) return true
    const origin = originOf(context)
    if (origin === '') return true
    return this.#allowed === undefined ? isSameHost(origin, context.request.host.toUriComponent()) : this.#allowed.has(origin)
  }
}

/** The `Origin` header; empty lines do not count, several others make a value that is nobody's origin. */
export function originOf(context: HttpContext): string {
  return linesOf(context, 'Origin')
}

/** Compares host and port (RFC 6454 section 4); a port that is not named is the default of the origin's scheme. `null` is no URL. */
function isSameHost(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false
  const { protocol, hostname, port, pathname, search, hash, username } = new URL(origin)
  const defaultPort = defaultPorts.get(protocol)
  if (defaultPort === undefined || username !== '' || search !== '' || hash !== '' || pathname !== '/') return false
  const own = `${protocol}//${host}`
  if (host === '' || !URL.canParse(own)) return false
  const server = new URL(own)
  return server.hostname === hostname && (server.port || defaultPort) === (port || defaultPort)
}
