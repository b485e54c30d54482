import { hostingErrors } from '../errors/hosting-errors.ts'

const defaultPorts = new Map([
  ['http', 80],
  ['https', 443],
])

/**
 * An address to listen on, such as `http://localhost:5000`, read by the rules of ASP.NET Core, which are not those of `URL`: the host may be `*` or `+`,
 * and what is no number behind the last colon belongs to the host. Whether a server can listen there is the server's question.
 * (ASP.NET Core: BindingAddress)
 */
export class BindingAddress {
  readonly scheme: string
  /** As written; for a socket file `unix:` and its path. */
  readonly host: string
  /** The port of the scheme when none is named; 0 for a socket file. */
  readonly port: number
  /** Empty, or starting with `/` and without a trailing one. */
  readonly pathBase: string

  private constructor(scheme: string, host: string, port: number, pathBase: string) {
    this.scheme = scheme
    this.host = host
    this.port = port
    this.pathBase = pathBase
  }

  /** Raises a format error when the text has no scheme or no host, and an argument-out-of-range error when a socket file ends with a slash. */
  static parse(address: string): BindingAddress {
    const schemeEnd = address.indexOf('://')
    if (schemeEnd < 0) throw hostingErrors.addressMalformed(address)
    const scheme = address.slice(0, schemeEnd)
    const hostStart = schemeEnd + 3
    const isPipe = address.startsWith('unix:/', hostStart) || address.startsWith('pipe:/', hostStart)

    const found = isPipe ? address.indexOf(':', hostStart + 'unix:/'.length) : address.indexOf('/', hostStart)
    const hostEnd = found < 0 ? address.length : found
    const pathStart = found >= 0 && isPipe ? found + 1 : hostEnd
    if (isPipe && found < 0 && address.endsWith('/')) throw hostingErrors.socketFileIsFolder(address)
    const pathBase = address.slice(pathStart).replace(/\/$/, '')

    const authority = address.slice(hostStart, hostEnd)
    if (authority === '') throw hostingErrors.addressMalformed(address)
    if (address.startsWith('unix:/', hostStart)) return new BindingAddress(scheme, authority, 0, pathBase)

    const colon = authority.lastIndexOf(':')
    const port = colon < 0 ? undefined : parsePort(authority.slice(colon + 1))
    const host = port === undefined ? authority : authority.slice(0, colon)
    if (host === '') throw hostingErrors.addressMalformed(address)
    return new BindingAddress(scheme, host, port ?? defaultPorts.get(scheme.toLowerCase()) ?? 0, pathBase)
  }

  get isUnixPipe(): boolean {
    return this.host.startsWith('unix:/')
  }

  /** The socket file; undefined when the address has a port. */
  get unixPipePath(): string | undefined {
    return this.isUnixPipe ? this.host.slice('unix:'.length) : undefined
  }

  toString(): string {
    const start = `${this.scheme.toLowerCase()}://${this.host.toLowerCase()}`
    return this.isUnixPipe || this.host.startsWith('pipe:/') ? start : `${start}:${this.port}${this.pathBase}`
  }
}

/** As .NET reads a whole number: sign and surrounding blanks are allowed, what does not fit 32 bits is none. */
function parsePort(text: string): number | undefined {
  if (!/^\s*[+-]?\d+\s*$/.test(text)) return undefined
  const port = Number(text)
  return port === (port | 0) ? port : undefined
}
