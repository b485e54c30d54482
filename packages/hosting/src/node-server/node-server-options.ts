import { hostingErrors } from '../errors/hosting-errors.ts'
import { HttpProtocols } from './http-protocols.ts'
import { type Http2Limits, resolveHttp2Limits } from './http2/http2-limits.ts'
import { atLeast } from './limit.ts'
import type { ListenOptions } from './listen-options.ts'
import type { HttpsOptions } from './tls/https-options.ts'

/** The slowest pace at which a peer may send or receive; slower ones are cut off. (ASP.NET Core: MinDataRate) */
export interface MinDataRate {
  readonly bytesPerSecond: number
  /** How long a transfer may be slower before it is judged, in milliseconds. */
  readonly gracePeriod: number
}

/** What one client may ask of the server. (ASP.NET Core: KestrelServerLimits) */
export interface NodeServerLimits {
  /** Bytes of a request body; null is unlimited. Reading further fails with status 413. Default 30,000,000. */
  maxRequestBodySize?: number | null
  /** Bytes of the request line; a longer one is answered with 414. Default 8,192. */
  maxRequestLineSize?: number
  /** Bytes of all header lines together; more are answered with 431. Default 32,768. */
  maxRequestHeadersTotalSize?: number
  /** Header lines of a request; more are answered with 431. Default 100. */
  maxRequestHeaderCount?: number
  /** Milliseconds that a connection may be idle between two requests. Default 130,000. */
  keepAliveTimeout?: number
  /** Milliseconds for the head of a request to arrive; then 408. Default 30,000. */
  requestHeadersTimeout?: number
  /** Connections at a time, upgraded ones not counted; null is unlimited, the default. A further one is closed at once. */
  maxConcurrentConnections?: number | null
  /** Upgraded connections at a time; null is unlimited, the default. A further upgrade fails with status 503. */
  maxConcurrentUpgradedConnections?: number | null
  /** Upgrade requests that are in the pipeline and not accepted yet; null is unlimited. A further one is answered with 503. Default 10,000. */
  maxPendingUpgrades?: number | null
  /** Default 240 bytes per second after 5 s; null switches it off. A slower body fails with status 408. */
  minRequestBodyDataRate?: MinDataRate | null
  /** Default 240 bytes per second after 5 s; null switches it off. A connection that takes its response more slowly is closed. */
  minResponseDataRate?: MinDataRate | null
  /** Milliseconds for the rest of a body that nobody read, once the response is out; then the connection is closed. Default 5,000. */
  bodyDrainTimeout?: number
  /** Milliseconds for the peer of an upgraded connection to end its side, once the server has ended its own. Default 2,000. */
  upgradedCloseTimeout?: number
  /** What belongs to HTTP/2 alone. */
  http2?: Http2Limits
}

/** How `NodeServer` listens and answers. (ASP.NET Core: KestrelServerOptions) */
export interface NodeServerOptions {
  /**
   * Where to listen, such as `http://localhost:5000`, `https://*:443`, `http://[::1]:0` or `http://unix:/run/app.sock`; an object says more about an address. It wins over the addresses of the
   * host's configuration unless that prefers its own. `false`: nowhere; connections come by `connect`. Default: the host's addresses, else `http://localhost:5000`.
   */
  listen?: string | ListenOptions | readonly (string | ListenOptions)[] | false
  limits?: NodeServerLimits
  /** The versions of HTTP that an endpoint speaks unless it says otherwise. Default `http1AndHttp2`. (ASP.NET Core: ConfigureEndpointDefaults) */
  protocols?: HttpProtocols
  /** The certificate of addresses of `https` that have none of their own. (ASP.NET Core: ConfigureHttpsDefaults) */
  https?: HttpsOptions
  /**
   * Whether an address of `https` without any certificate takes the one that `npx windhover dev-certs https` has made. Default false; a default host says true in Development.
   */
  useDevelopmentCertificate?: boolean
  /**
   * True: a body without a Content-Length is always chunked, as Kestrel sends it. Default false: one that is complete in the tick of its first write goes
   * out with its length and in one piece.
   */
  alwaysChunk?: boolean
}

/** The limits as the server uses them. */
export type ResolvedNodeServerLimits = Readonly<Required<Omit<NodeServerLimits, 'http2'>>> & {
  readonly http2: Readonly<Required<Http2Limits>>
}

/** The options as the server uses them: complete, checked and frozen. */
export interface ResolvedNodeServerOptions {
  readonly listen: readonly ListenOptions[] | false
  readonly limits: ResolvedNodeServerLimits
  readonly protocols: HttpProtocols
  readonly https: HttpsOptions | undefined
  readonly useDevelopmentCertificate: boolean
  readonly alwaysChunk: boolean
}

const defaultDataRate: MinDataRate = Object.freeze({ bytesPerSecond: 240, gracePeriod: 5_000 })

/** Raises an argument-out-of-range error for a limit that is no such number. */
export function resolveNodeServerOptions(options: NodeServerOptions = {}): ResolvedNodeServerOptions {
  const {
    listen = [],
    limits = {},
    protocols = HttpProtocols.Http1AndHttp2,
    https,
    useDevelopmentCertificate = false,
    alwaysChunk = false,
  } = options
  return Object.freeze({
    listen: listen === false ? false : Object.freeze([listen].flat().map(resolveEndpoint)),
    limits: resolveLimits(limits),
    protocols: checkProtocols(protocols),
    https: https && Object.freeze({ ...https }),
    useDevelopmentCertificate,
    alwaysChunk,
  })
}

function resolveEndpoint(endpoint: string | ListenOptions): ListenOptions {
  if (typeof endpoint === 'string') return Object.freeze({ url: endpoint })
  const { url, protocols, https } = endpoint
  return Object.freeze({
    url,
    ...(protocols === undefined ? {} : { protocols: checkProtocols(protocols) }),
    ...(https === undefined ? {} : { https: Object.freeze({ ...https }) }),
  })
}

/** Configuration and JavaScript know no types. */
function checkProtocols(protocols: HttpProtocols): HttpProtocols {
  if (!Object.values(HttpProtocols).includes(protocols)) throw hostingErrors.protocolsUnknown(protocols, Object.values(HttpProtocols))
  return protocols
}

function resolveLimits(limits: NodeServerLimits): ResolvedNodeServerLimits {
  return Object.freeze({
    maxRequestBodySize: atLeast(0, 'maxRequestBodySize', limits.maxRequestBodySize, 30_000_000),
    maxRequestLineSize: atLeast(1, 'maxRequestLineSize', limits.maxRequestLineSize ?? undefined, 8 * 1024)!,
    maxRequestHeadersTotalSize: atLeast(1, 'maxRequestHeadersTotalSize', limits.maxRequestHeadersTotalSize ?? undefined, 32 * 1024)!,
    maxRequestHeaderCount: atLeast(1, 'maxRequestHeaderCount', limits.maxRequestHeaderCount ?? undefined, 100)!,
    keepAliveTimeout: atLeast(1, 'keepAliveTimeout', limits.keepAliveTimeout ?? undefined, 130_000)!,
    requestHeadersTimeout: atLeast(1, 'requestHeadersTimeout', limits.requestHeadersTimeout ?? undefined, 30_000)!,
    maxConcurrentConnections: atLeast(1, 'maxConcurrentConnections', limits.maxConcurrentConnections, null),
    maxConcurrentUpgradedConnections: atLeast(0, 'maxConcurrentUpgradedConnections', limits.maxConcurrentUpgradedConnections, null),
    maxPendingUpgrades: atLeast(1, 'maxPendingUpgrades', limits.maxPendingUpgrades, 10_000),
    minRequestBodyDataRate: dataRate('minRequestBodyDataRate', limits.minRequestBodyDataRate),
    minResponseDataRate: dataRate('minResponseDataRate', limits.minResponseDataRate),
    bodyDrainTimeout: atLeast(0, 'bodyDrainTimeout', limits.bodyDrainTimeout ?? undefined, 5_000)!,
    upgradedCloseTimeout: atLeast(0, 'upgradedCloseTimeout', limits.upgradedCloseTimeout ?? undefined, 2_000)!,
    http2: resolveHttp2Limits(limits.http2),
  })
}

function dataRate(name: string, value: MinDataRate | null | undefined): MinDataRate | null {
  if (value === undefined) return defaultDataRate
  if (value === null) return null
  const bytesPerSecond = atLeast(1, `${name}.bytesPerSecond`, value.bytesPerSecond, null)!
  const gracePeriod = atLeast(1_000, `${name}.gracePeriod`, value.gracePeriod, null)!
  return Object.freeze({ bytesPerSecond, gracePeriod })
}
