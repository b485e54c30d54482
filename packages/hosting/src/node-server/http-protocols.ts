/** A version of HTTP, by the name that requests show as `request.protocol`. */
export const HttpProtocol = { Http11: 'HTTP/1.1', Http2: 'HTTP/2' } as const
export type HttpProtocol = (typeof HttpProtocol)[keyof typeof HttpProtocol]

/**
 * The versions of HTTP that an endpoint speaks. With TLS the client chooses among them (ALPN). Without TLS there is no choosing: `http1AndHttp2` is HTTP/1.1 there, and `http2` takes clients
 * that know it before (h2c with prior knowledge). (ASP.NET Core: HttpProtocols)
 */
export const HttpProtocols = { Http1: 'http1', Http2: 'http2', Http1AndHttp2: 'http1AndHttp2' } as const
export type HttpProtocols = (typeof HttpProtocols)[keyof typeof HttpProtocols]
