import { domainToASCII, domainToUnicode } from 'node:url'
import { coreErrors } from '../errors/core-errors.ts'
import { equalsText } from './string-comparison.ts'

const nonAscii = /[^\0-\x7f]/
const digits = /^\d+$/

/** A host name or address with an optional port, as the `Host` header has it; empty when there is none. (ASP.NET Core: HostString) */
export class HostString {
  /** As it was given, for people to read; `toUriComponent()` is the form for a URI or a header. */
  readonly value: string

  /**
   * A host alone may contain a port. With `port`, an IPv6 address gets its brackets. Raises an argument-out-of-range error for a port that
   * is not a natural number.
   */
  constructor(host: string, port?: number) {
    if (port === undefined) {
      this.value = host
      return
    }
    if (!Number.isInteger(port) || port < 0) throw coreErrors.argumentOutOfRange('port', `A port is a whole number from 0, not ${port}.`)
    this.value = `${host.includes(':') && host[0] !== '[' ? `[${host}]` : host}:${port}`
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
    return splitHost(this.value).port
  }

  /** In punycode where the name has letters beyond ASCII (RFC 3492). Raises an argument error for a name that cannot be encoded. */
  toUriComponent(): string {
    if (!nonAscii.test(this.value)) return this.value
    const { host, port } = splitHost(this.value)
    const ascii = domainToASCII(host)
    if (ascii === '') throw coreErrors.argument('host', `${JSON.stringify(host)} is no host name.`)
    return port === undefined ? ascii : `${ascii}:${port}`
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
    const unicode = domainToUnicode(host) || host
    return new HostString(port === undefined ? unicode : `${unicode}:${port}`)
  }

  /**
   * True when a host, its port aside, is one of the patterns: a name or address, `*.example.org` for every name below `example.org` (not
   * itself), or `*`. Case is ignored. A pattern with a port never matches.
   */
  static matchesAny(value: string, patterns: Iterable<string>): boolean {
    const { host } = splitHost(value)
    for (const pattern of patterns) if (matches(host, pattern)) return true
    return false
  }
}

function matches(host: string, pattern: string): boolean {
  if (pattern === '*') return true
  if (!pattern.startsWith('*.')) return equalsText(host, pattern, 'ordinal-ignore-case')
  return host.length >= pattern.length && equalsText(host.slice(1 - pattern.length), pattern.slice(1), 'ordinal-ignore-case')
}

function splitHost(value: string): { host: string; port: number | undefined } {
  const bracket = value.indexOf(']')
  const colon = bracket < 0 ? value.indexOf(':') : bracket + 1
  if (bracket < 0 && colon >= 0 && value.indexOf(':', colon + 1) >= 0) return { host: `[${value}]`, port: undefined }
  if (colon < 0 || colon >= value.length || value[colon] !== ':') return { host: value, port: undefined }
  const port = value.slice(colon + 1)
  return { host: value.slice(0, colon), port: digits.test(port) ? Number(port) : undefined }
}
