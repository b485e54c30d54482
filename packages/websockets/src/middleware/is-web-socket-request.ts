import { type HttpContext, HttpExtendedConnectFeature, HttpUpgradeFeature } from '@windhover/core'

/** Base64 of exactly 16 bytes, its unused bits zero. */
const handshakeKey = /^[A-Za-z0-9+/]{21}[AQgw]==$/

/**
 * True for an opening handshake: RFC 6455 section 4.2.1 for HTTP/1.1, RFC 8441 section 5 for an extended CONNECT of HTTP/2. Headers with a single value get its usual spelling, as in ASP.NET Core.
 */
export function isWebSocketRequest(context: HttpContext): boolean {
  const connect = context.features.get(HttpExtendedConnectFeature)
  if (connect?.isExtendedConnect) return isConnectHandshake(context, connect.protocol)
  if (!context.features.get(HttpUpgradeFeature)?.isUpgradableRequest) return false
  return (
    equalsIgnoringCase(context.request.method, 'GET') &&
    names(context, 'Sec-WebSocket-Version', '13') &&
    names(context, 'Upgrade', 'websocket') &&
    names(context, 'Connection', 'Upgrade') &&
    handshakeKey.test(keyOf(context))
  )
}

/** The value of `Sec-WebSocket-Key`. */
export function keyOf(context: HttpContext): string {
  return linesOf(context, 'Sec-WebSocket-Key')
}

/** The lines of a header joined by commas; empty ones do not count. */
export function linesOf({ request }: HttpContext, header: string): string {
  const value = request.headers.get(header) ?? ''
  if (!value.includes(',')) return value
  return request.headers
    .getAll(header)
    .filter(line => line !== '')
    .join(',')
}

function isConnectHandshake(context: HttpContext, protocol: string | undefined): boolean {
  return (
    context.request.method === 'CONNECT' &&
    protocol !== undefined &&
    equalsIgnoringCase(protocol, 'websocket') &&
    names(context, 'Sec-WebSocket-Version', '13')
  )
}

/** Whether a list header has this element, in any case. */
function names(context: HttpContext, header: string, element: string): boolean {
  const { headers } = context.request
  // What most clients send needs no list.
  if (headers.get(header) === element) return true
  const values = headers.getCommaSeparatedValues(header)
  const isNamed = values.some(value => equalsIgnoringCase(value, element))
  const isAlone = header === 'Connection' ? !values.some(isOtherOption) : values.length === 1
  if (isNamed && isAlone) headers.set(header, element)
  return isNamed
}

/** Kestrel knows three options of `Connection`; what else a client names beside `Upgrade` does not count. */
function isOtherOption(value: string): boolean {
  return equalsIgnoringCase(value, 'keep-alive') || equalsIgnoringCase(value, 'close')
}

function equalsIgnoringCase(a: string, b: string): boolean {
  return a.length === b.length && a.toLowerCase() === b.toLowerCase()
}
