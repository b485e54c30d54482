import { decodePercent } from './percent-encoding.ts'
import { foldCase } from './string-comparison.ts'

interface RequestCookie {
  readonly name: string
  readonly value: string
}

/**
 * RFC 6265 section 4.1.1, more strictly than browsers write it: a token, and a value of printable ASCII without blank, comma, semicolon,
 * backslash or unbalanced quotes.
 */
const cookiePair = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+)=((")?[!#-+\--:<-[\]-~]*(")?)$/

/**
 * The cookies that the client sent. Names ignore case and are not decoded, values are; of two with one name the last counts. A pair that
 * is not well formed or has an empty value is left out alone. (ASP.NET Core: IRequestCookieCollection)
 */
export class RequestCookies implements Iterable<[string, string]> {
  readonly #cookies: ReadonlyMap<string, RequestCookie>

  private constructor(cookies: ReadonlyMap<string, RequestCookie>) {
    this.#cookies = cookies
  }

  /** Reads the lines of the `Cookie` header. */
  static parse(lines: readonly string[]): RequestCookies {
    const cookies = new Map<string, RequestCookie>()
    for (const line of lines) {
      for (const pair of line.split(';')) {
        const match = cookiePair.exec(pair.trim())
        if (match === null || match[2] === '' || match[3] !== match[4]) continue
        const name = match[1]!
        cookies.set(foldCase(name), { name, value: decodePercent(match[2]!) })
      }
    }
    return new RequestCookies(cookies)
  }

  get size(): number {
    return this.#cookies.size
  }

  /** The value of a cookie, or null when there is none. */
  get(name: string): string | null {
    return this.#cookies.get(foldCase(name))?.value ?? null
  }

  has(name: string): boolean {
    return this.#cookies.has(foldCase(name))
  }

  *keys(): IterableIterator<string> {
    for (const { name } of this.#cookies.values()) yield name
  }

  *[Symbol.iterator](): IterableIterator<[string, string]> {
    for (const { name, value } of this.#cookies.values()) yield [name, value]
  }
}
