import { type ApplicationBuilder, HostString, type HttpContext, type MiddlewareComponent, Options, PathString } from '@windhover/core'
import { loggerOf } from '../diagnostics/exception-handler.ts'
import { hostingErrors } from '../errors/hosting-errors.ts'
import { ForwardedHeaders, ForwardedHeadersOptions } from './forwarded-headers-options.ts'
import { formatIpEndPoint, type IpEndPoint, parseIpEndPoint } from './ip-end-point.ts'
import { KnownAddresses } from './known-addresses.ts'

/** One of the headers: how an entry is read, and what it changes. */
interface Forwarded<T> {
  readonly header: string
  /** Undefined for what is not taken over. */
  read(entry: string): T | undefined
  apply(context: HttpContext, value: T): void
}

const scheme = /^[A-Za-z0-9+\-.]+$/
const host = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?$/

/** Takes over what known proxies say of the client's request. (ASP.NET Core: UseForwardedHeaders) */
export function forwardedHeadersComponent(app: ApplicationBuilder, given?: Partial<ForwardedHeadersOptions>): MiddlewareComponent {
  const logger = loggerOf(app, 'Windhover.HttpOverrides.ForwardedHeadersMiddleware')
  const options =
    given === undefined
      ? app.applicationServices.getRequiredService(Options.of(ForwardedHeadersOptions)).value
      : Object.assign(new ForwardedHeadersOptions(), given)
  const { forwardLimit, requireHeaderSymmetry } = options
  if (forwardLimit !== null && !(Number.isSafeInteger(forwardLimit) && forwardLimit > 0)) throw hostingErrors.forwardLimit(forwardLimit)
  const known = new KnownAddresses(options)
  const addresses = addressHeader(options)
  const takesAddress = (options.forwardedHeaders & ForwardedHeaders.XForwardedFor) !== 0
  const others = otherHeaders(options)

  return next =>
    function forwardedHeadersMiddleware(context) {
      takeOver(context)
      return next(context)
    }

  function takeOver(context: HttpContext): void {
    const { headers } = context.request
    const all: readonly Forwarded<never>[] = takesAddress ? [addresses as Forwarded<never>, ...others] : others
    const entries = all.map(({ header }) => headers.getCommaSeparatedValues(header))
    const longest = Math.max(0, ...entries.map(list => list.length))
    if (longest === 0) return
    if (requireHeaderSymmetry && entries.some(list => list.length !== longest)) {
      logger.logWarning('The forwarded headers {Headers} have different numbers of entries.', all.map(({ header }) => header).join(', '))
      return
    }

    // From the last entry on, which the proxy next to this server has written; each is believed when the one behind it is a known proxy.
    const values: unknown[] = []
    let address = context.connection.remoteIpAddress
    let taken = 0
    for (; taken < Math.min(longest, forwardLimit ?? longest); taken++) {
      if (!known.has(address)) {
        logger.logDebug('Unknown proxy: {Address}', address)
        break
      }
      const found = all.map(({ read }, i) => {
        const entry = entries[i]!.at(-1 - taken)
        return entry === undefined ? undefined : read(entry)
      })
      if (takesAddress) {
        const entry = entries[0]!.at(-1 - taken)
        if (entry !== undefined && found[0] === undefined) {
          logger.logDebug('Unparsable IP: {Entry}', entry)
          break
        }
        address = (found[0] as IpEndPoint | undefined)?.address ?? address
      }
      if (requireHeaderSymmetry && found.includes(undefined)) {
        logger.logWarning('An entry of the forwarded headers {Headers} is not valid.', all.map(({ header }) => header).join(', '))
        return
      }
      found.forEach((value, i) => {
        if (value !== undefined) values[i] = value
      })
    }
    all.forEach(({ header, apply }, i) => {
      if (values[i] === undefined) return
      apply(context, values[i] as never)
      const left = entries[i]!.slice(0, Math.max(0, entries[i]!.length - taken))
      headers.set(header, left.length === 0 ? null : left)
    })
  }
}

function addressHeader({ forwardedForHeaderName, originalForHeaderName }: ForwardedHeadersOptions): Forwarded<IpEndPoint> {
  return {
    header: forwardedForHeaderName,
    read: parseIpEndPoint,
    apply({ request, connection }, { address, port }) {
      const { remoteIpAddress, remotePort } = connection
      if (remoteIpAddress !== undefined)
        request.headers.set(originalForHeaderName, formatIpEndPoint({ address: remoteIpAddress, port: remotePort }))
      connection.remoteIpAddress = address
      connection.remotePort = port
    },
  }
}

function otherHeaders(options: ForwardedHeadersOptions): Forwarded<never>[] {
  const allowed = options.allowedHosts.map(name => new HostString(name).toUriComponent())
  const allowsAll = allowed.length === 0 || allowed.some(name => name === '*' || name === '[::]' || name === '0.0.0.0')
  const forwardedProto: Forwarded<string> = {
    header: options.forwardedProtoHeaderName,
    read: entry => (scheme.test(entry) ? entry : undefined),
    apply({ request }, value) {
      request.headers.set(options.originalProtoHeaderName, request.scheme)
      request.scheme = value
    },
  }
  const forwardedHost: Forwarded<string> = {
    header: options.forwardedHostHeaderName,
    read: entry => (host.test(entry) && (allowsAll || HostString.matchesAny(new HostString(entry).host, allowed)) ? entry : undefined),
    apply({ request }, value) {
      request.headers.set(options.originalHostHeaderName, request.host.toUriComponent())
      request.host = HostString.fromUriComponent(value)
    },
  }
  const forwardedPrefix: Forwarded<string> = {
    header: options.forwardedPrefixHeaderName,
    read: entry => (entry.startsWith('/') ? entry : undefined),
    apply({ request }, value) {
      if (request.pathBase !== '') request.headers.set(options.originalPrefixHeaderName, PathString.toUriComponent(request.pathBase))
      request.pathBase = PathString.fromUriComponent(value)
    },
  }
  const pairs: [number, Forwarded<string>][] = [
    [ForwardedHeaders.XForwardedProto, forwardedProto],
    [ForwardedHeaders.XForwardedHost, forwardedHost],
    [ForwardedHeaders.XForwardedPrefix, forwardedPrefix],
  ]
  return pairs.filter(([flag]) => (options.forwardedHeaders & flag) !== 0).map(([, forwarded]) => forwarded as Forwarded<never>)
}
