import { domainToASCII, domainToUnicode } from 'node:url'
import { coreErrors } from '../errors/core-errors.ts'
import { equalsText } from './string-comparison.ts'

/** What a host and its port consist of in a URI; anything else has to be encoded. */
const needsEncoding = /[^A-Za-z0-9\-._:[\]%]/
const digits = /^\d+$/
const maxPort = 2 ** 31 - 1
/** RFC 1035 section 2.3.4, in octets. */
const maxLabelLength = 63
const maxNameLength = 255
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what no name has
const control = /[\u0000-\u001f\u007f]/

/** A host name or address with an optional port, as the `Host` header has it; empty when there is none. (ASP.NET Core: HostString) */
export class HostString {
  /** As it was given, for people to read; `toUriComponent()` is the form for a URI or a header. */
  readonly value: string

  /**
   * A host alone may contain a port. With `port`, an IPv6 address (what has two colons) gets its brackets. Raises an argument-out-of-range
   * error for a port that is not a whole number from 1.
   */
  constructor(host: string, port?: number) {
    if (port === undefined) {
      this.value = host
      return
    }
    if (!Number.isInteger(port) || port < 1) throw coreErrors.argumentOutOfRange('port', `A port is a whole number from 1, not ${port}.`)
    this.value = `${!host.includes('[') && hasTwoColons(host) ? `[${host}]` : host}:${port}`
  }

  get hasValue(): boolean {
    return this.value !== ''
  }

  /** Without the port. An IPv6 address is in brackets. */
  get host(): string {
    return splitHost(this.value).host
  }

  /** Undefined when the value has none. */
  get port(): number | undefined {
    const { port } = splitHost(this.value)
    return digits.test(port) && Number(port) <= maxPort ? Number(port) : undefined
  }

  /** In punycode where the name has letters beyond ASCII (RFC 3492). Raises an argument error for a name that cannot be encoded. */
  toUriComponent(): string {
    if (!needsEncoding.test(this.value)) return this.value
    const { host, port } = splitHost(this.value)
    const ascii = toAscii(host)
    return port === '' ? ascii : `${ascii}:${port}`
  }

  toString(): string {
    return this.toUriComponent()
  }

  /** Compares values without regard to case. */
  equals(other: HostString): boolean {
    return equalsText(this.value, other.value, 'ordinal-ignore-case')
  }

  /** The host of a URI or a header; punycode becomes readable. */
  static fromUriComponent(uriComponent: string): HostString {
    if (!uriComponent.includes('xn--')) return new HostString(uriComponent)
    const { host, port } = splitHost(uriComponent)
    const decoded = domainToUnicode(host)
    // What cannot be encoded again would be a name that nobody asked for.
    const unicode = domainToASCII(decoded) === host.toLowerCase() ? decoded : host
    return new HostString(port === '' ? unicode : `${unicode}:${port}`)
  }

  /**
   * True when a host, its port aside, is one of the patterns: a name or address, `*.example.org` for every name below `example.org` (not
   * itself), or `*`. Case is ignored. A pattern with a port never matches. Raises a format error for a port that is no number.
   */
  static matchesAny(value: string, patterns: Iterable<string>): boolean {
    const { host, port } = splitHost(value)
    if (port !== '' && !digits.test(port)) throw coreErrors.format('a host with a port of digits', value)
    for (const pattern of patterns) if (matches(host, pattern)) return true
    return false
  }
}

function matches(host: string, pattern: string): boolean {
  if (pattern === '*') return true
  if (!pattern.startsWith('*.')) return host !== '' && equalsText(host, pattern, 'ordinal-ignore-case')
  return host.length >= pattern.length && equalsText(host.slice(1 - pattern.length), pattern.slice(1), 'ordinal-ignore-case')
}

/** The host, an IPv6 address in brackets, and what stands behind its colon; empty when nothing does. */
function splitHost(value: string): { host: string; port: string } {
  const bracket = value.indexOf(']')
  if (bracket >= 0) return { host: value.slice(0, bracket + 1), port: value[bracket + 1] === ':' ? value.slice(bracket + 2) : '' }
  if (hasTwoColons(value)) return { host: `[${value}]`, port: '' }
  const colon = value.indexOf(':')
  return colon < 0 ? { host: value, port: '' } : { host: value.slice(0, colon), port: value.slice(colon + 1) }
}

/** Only IPv6 has them. */
function hasTwoColons(host: string): boolean {
  return host.indexOf(':') !== host.lastIndexOf(':')
}

function toAscii(host: string): string {
  const ascii = /[^\0-\x7f]/.test(host) ? domainToASCII(host) : host
  const labels = ascii.replace(/\.$/, '').split('.')
  if (control.test(ascii) || ascii.length > maxNameLength || labels.some(label => label === '' || label.length > maxLabelLength)) {
    throw coreErrors.argument('host', `${JSON.stringify(host)} is no host name.`)
  }
  return ascii
}
