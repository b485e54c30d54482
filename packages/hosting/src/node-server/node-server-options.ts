import { hostingErrors } from '../errors/hosting-errors.ts'

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
}

/** How `NodeServer` listens and answers. (ASP.NET Core: KestrelServerOptions) */
export interface NodeServerOptions {
  /**
   * Where to listen, such as `http://localhost:5000`, `http://*:80`, `http://[::1]:0` or `http://unix:/run/app.sock`. It wins over the addresses of the host's
   * configuration unless that prefers its own. `false`: nowhere; connections come by `connect`. Default: the host's addresses, else `http://localhost:5000`.
   */
  listen?: string | readonly string[] | false
  limits?: NodeServerLimits
  /**
   * True: a body without a Content-Length is always chunked, as Kestrel sends it. Default false: one that is complete in the tick of its first write goes
   * out with its length and in one piece.
   */
  alwaysChunk?: boolean
}

/** The options as the server uses them: complete, checked and frozen. */
export interface ResolvedNodeServerOptions {
  readonly listen: readonly string[] | false
  readonly limits: Readonly<Required<NodeServerLimits>>
  readonly alwaysChunk: boolean
}

const defaultDataRate: MinDataRate = Object.freeze({ bytesPerSecond: 240, gracePeriod: 5_000 })

/** Raises an argument-out-of-range error for a limit that is no such number. */
export function resolveNodeServerOptions(options: NodeServerOptions = {}): ResolvedNodeServerOptions {
  const { listen = [], limits = {}, alwaysChunk = false } = options
  return Object.freeze({
    listen: listen === false ? false : Object.freeze(typeof listen === 'string' ? [listen] : [...listen]),
    limits: resolveLimits(limits),
    alwaysChunk,
  })
}

function resolveLimits(limits: NodeServerLimits): Readonly<Required<NodeServerLimits>> {
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
  })
}

function atLeast(minimum: number, name: string, value: number | null | undefined, otherwise: number | null): number | null {
  if (value === undefined) return otherwise
  if (value === null) return null
  if (!Number.isFinite(value) || value < minimum) throw hostingErrors.limitOutOfRange(name, value, minimum)
  return value
}

function dataRate(name: string, value: MinDataRate | null | undefined): MinDataRate | null {
  if (value === undefined) return defaultDataRate
  if (value === null) return null
  const bytesPerSecond = atLeast(1, `${name}.bytesPerSecond`, value.bytesPerSecond, null)!
  const gracePeriod = atLeast(1_000, `${name}.gracePeriod`, value.gracePeriod, null)!
  return Object.freeze({ bytesPerSecond, gracePeriod })
}
