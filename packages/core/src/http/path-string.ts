import { coreErrors } from '../errors/core-errors.ts'
import { decodePercent } from './percent-encoding.ts'
import { equalsText, type StringComparison, startsWithText } from './string-comparison.ts'

/** What `startsWithSegments` has found. */
export interface PathMatch {
  /** The beginning of the path, in the path's own spelling. */
  readonly matched: string
  /** What is left; empty, or starting with `/`. */
  readonly remaining: string
}

/** RFC 3986 section 3.3: pchar and `/` stay, and so does what is encoded already. */
const needsEncoding = /%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~!$&'()*+,;=:@/%]+/g
const slash = 0x2f

/**
 * The rules of ASP.NET Core for paths, which are plain strings here: unescaped, empty or starting with `/`. Case is ignored unless a
 * comparison says otherwise; undefined and null count as empty. (ASP.NET Core: PathString)
 */
export const PathString = {
  equals(left: string | null | undefined, right: string | null | undefined, comparison: StringComparison = 'ordinal-ignore-case'): boolean {
    return equalsText(left ?? '', right ?? '', comparison)
  },

  /**
   * Compares whole segments: `/a` starts `/a` and `/a/b`, not `/ab`. Undefined when the path does not start with `other`. The empty text
   * starts every path. An `other` that ends in `/` starts only itself and what has a further `/` behind it. Raises an argument error for a
   * text without its leading `/`, which would never match.
   */
  startsWithSegments(path: string, other: string, comparison: StringComparison = 'ordinal-ignore-case'): PathMatch | undefined {
    checkSlash(path)
    checkSlash(other)
    const length = other.length
    if (path.length < length || (path.length > length && path.charCodeAt(length) !== slash)) return undefined
    if (!startsWithText(path, other, comparison)) return undefined
    return { matched: path.slice(0, length), remaining: path.slice(length) }
  },

  /** Concatenates; of two slashes that meet one is dropped. Raises an argument error for a text without its leading `/`. */
  add(left: string | null | undefined, right: string | null | undefined): string {
    checkSlash(left ?? '')
    checkSlash(right ?? '')
    if (!left) return right ?? ''
    if (!right) return left
    return left.endsWith('/') && right[0] === '/' ? left + right.slice(1) : left + right
  },

  /**
   * Encodes a path for a URI: letters, digits, `-._~!$&'()*+,;=:@/` and every `%XX` stay, everything else becomes UTF-8 in `%XX`.
   * Raises an argument error for a text without its leading `/` and an invalid-operation error for half a surrogate pair.
   */
  toUriComponent(path: string | null | undefined): string {
    if (!path) return ''
    checkSlash(path)
    try {
      return path.replace(needsEncoding, encodeURIComponent)
    } catch (error) {
      throw coreErrors.pathNotUnicode(path, error)
    }
  },

  /**
   * Decodes the path of a URI once. `%2F` stays, because a decoded slash would make two segments of one; malformed escapes and invalid
   * UTF-8 stay too. Raises an argument error for a text without its leading `/` and an invalid-operation error for `%00`.
   */
  fromUriComponent(uriComponent: string): string {
    checkSlash(uriComponent)
    return decodePercent(uriComponent, keepsInPath)
  },
}

function checkSlash(path: string): void {
  if (path !== '' && path.charCodeAt(0) !== slash) throw coreErrors.pathWithoutSlash(path)
}

function keepsInPath(byte: number): boolean {
  if (byte === 0) throw coreErrors.pathWithNull()
  return byte === slash
}
