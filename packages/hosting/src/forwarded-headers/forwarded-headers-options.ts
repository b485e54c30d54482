/** Which headers of a proxy are taken over, combined with `|`, as in ASP.NET Core: `ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto`. */
export const ForwardedHeaders = {
  None: 0,
  /** The address of the client. */
  XForwardedFor: 1,
  /** The host that the client has asked for. */
  XForwardedHost: 2,
  /** The scheme that the client uses. */
  XForwardedProto: 4,
  /** The path below which the proxy offers the application. */
  XForwardedPrefix: 8,
  All: 15,
} as const

/** What a proxy may say, and which proxies. (ASP.NET Core: ForwardedHeadersOptions) */
export class ForwardedHeadersOptions {
  /** A combination of `ForwardedHeaders`. Default none: the middleware does nothing. */
  forwardedHeaders: number = ForwardedHeaders.None
  /** How many entries are taken over at most, from the last one on: one for each proxy in a row. Default 1; null takes all that known proxies have written. */
  forwardLimit: number | null = 1
  /** The addresses of proxies that are believed, beside `knownNetworks`. Default `::1`. When both lists are empty, everybody is believed. */
  knownProxies: string[] = ['::1']
  /** Networks of such proxies, such as `10.0.0.0/8`. Default `127.0.0.0/8`. */
  knownNetworks: string[] = ['127.0.0.0/8']
  /** The hosts that `X-Forwarded-Host` may name, without port; `*.example.org` matches sub-domains. Default empty: all. */
  allowedHosts: string[] = []
  /** True: nothing is taken over unless all headers have the same number of entries. Default false. */
  requireHeaderSymmetry = false
  forwardedForHeaderName = 'X-Forwarded-For'
  forwardedHostHeaderName = 'X-Forwarded-Host'
  forwardedProtoHeaderName = 'X-Forwarded-Proto'
  forwardedPrefixHeaderName = 'X-Forwarded-Prefix'
  /** Where the values of the connection itself are kept. */
  originalForHeaderName = 'X-Original-For'
  originalHostHeaderName = 'X-Original-Host'
  originalProtoHeaderName = 'X-Original-Proto'
  originalPrefixHeaderName = 'X-Original-Prefix'
}
