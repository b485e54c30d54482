import { coreErrors } from '../errors/core-errors.ts'
import { type CookieOptions, SameSiteMode } from './cookie-options.ts'
import type { HeaderDictionary } from './header-dictionary.ts'
import { encodePercent } from './percent-encoding.ts'

const sameSiteModes: ReadonlySet<unknown> = new Set(Object.values(SameSiteMode))
const cookieName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]*$/

/** Writes `Set-Cookie` lines into the headers of a response (RFC 6265 section 4.1). (ASP.NET Core: IResponseCookies) */
export class ResponseCookies {
  readonly #headers: HeaderDictionary

  constructor(headers: HeaderDictionary) {
    this.#headers = headers
  }

  /**
   * Adds a cookie; one of the same name that was added before stays. The value is percent-encoded. Raises an argument error for a name
   * that is no token, for a value that is no text and for a domain or path with a semicolon, which would begin an attribute of its own;
   * an argument-out-of-range error for an option that makes no sense.
   */
  append(name: string, value: string, options: CookieOptions = {}): void {
    this.#headers.append('Set-Cookie', formatCookie(name, value, options))
  }

  /**
   * Tells the browser to forget a cookie, and drops what was added for that name before. Give the domain and path with which it was set.
   */
  delete(name: string, options: CookieOptions = {}): void {
    const { maxAge: _, ...kept } = options
    const line = formatCookie(name, '', { ...kept, expires: new Date(0) })
    const lines = this.#headers.getAll('set-cookie')
    const remaining = lines.filter(earlier => !isReplaced(earlier, name, options))
    if (remaining.length < lines.length) this.#headers.set('Set-Cookie', remaining)
    this.#headers.append('Set-Cookie', line)
  }
}

/** In the order and spelling of ASP.NET Core, so that what compares whole lines sees the same. */
function formatCookie(name: string, value: string, options: CookieOptions): string {
  const { domain, path = '/', expires, maxAge, sameSite = 'unspecified' } = options
  if (!cookieName.test(name)) throw coreErrors.cookieName(name)
  if (typeof value !== 'string') throw coreErrors.cookieValue(name, value)
  if (expires !== undefined && !isDate(expires))
    throw coreErrors.argumentOutOfRange('expires', `The time at which a cookie expires is a valid Date, not ${String(expires)}.`)
  if (maxAge !== undefined && (typeof maxAge !== 'number' || Number.isNaN(maxAge)))
    throw coreErrors.argumentOutOfRange('maxAge', `The maximal age of a cookie is a number of milliseconds, not ${String(maxAge)}.`)
  if (!sameSiteModes.has(sameSite))
    throw coreErrors.argumentOutOfRange('sameSite', `sameSite is one of ${[...sameSiteModes].join(', ')}, not ${String(sameSite)}.`)
  let line = `${name}=${encodePercent(value)}`
  if (expires !== undefined) line += `; expires=${expires.toUTCString()}`
  if (maxAge !== undefined) line += `; max-age=${Math.trunc(maxAge / 1000)}`
  if (domain !== undefined && domain !== null) line += `; domain=${checked('domain', domain)}`
  if (path !== null) line += `; path=${checked('path', path)}`
  if (options.secure) line += '; secure'
  if (sameSite !== 'unspecified') line += `; samesite=${sameSite}`
  if (options.httpOnly) line += '; httponly'
  for (const extension of options.extensions ?? []) line += `; ${extension}`
  return line
}

function isDate(value: unknown): boolean {
  return value instanceof Date && !Number.isNaN(value.getTime())
}

function checked(attribute: string, value: string): string {
  if (value.includes(';')) throw coreErrors.cookieAttribute(attribute, value)
  return value
}

/** The rule of ASP.NET Core: the same name, and somewhere in the line the domain and path that were given. */
function isReplaced(line: string, name: string, { domain, path = '/' }: CookieOptions): boolean {
  const text = line.toLowerCase()
  if (!text.startsWith(`${name.toLowerCase()}=`)) return false
  if (domain && !text.includes(`domain=${domain.toLowerCase()}`)) return false
  return !path || text.includes(`path=${path.toLowerCase()}`)
}
