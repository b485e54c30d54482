import { coreErrors } from '../errors/core-errors.ts'
import { encodePercent } from './percent-encoding.ts'

/** Pairs for a query: several values of one name are several pairs. */
export type QueryPairs = Iterable<readonly [string, string | null | undefined]>

/** RFC 3986 allows more in a query; this set is safe in every part of a URI and in HTML, and is what .NET's UrlEncoder lets through. */
const needsEncoding = /[^A-Za-z0-9\-._~!$()*,;@]+/g

/**
 * The rules of ASP.NET Core for query strings, which are plain strings here: encoded, empty or starting with `?`; any other text raises an
 * argument error. (ASP.NET Core: QueryString)
 */
export const QueryString = {
  /** Encodes pairs, null and undefined as empty values; no pairs give the empty text. */
  create(pairs: QueryPairs): string {
    let text = ''
    for (const [name, value] of pairs) text += `${text === '' ? '?' : '&'}${encodePair(name, value ?? '')}`
    return text
  },

  /**
   * With two arguments it joins two query strings, with three it adds a pair, encoded; null is an empty value. Raises an argument-null error
   * for a pair without a name.
   */
  add(queryString: string | null | undefined, nameOrQueryString: string | null | undefined, value?: string | null): string {
    const right = value === undefined ? (nameOrQueryString ?? '') : addedPair(nameOrQueryString, value)
    checkMark(queryString ?? '')
    checkMark(right)
    if (!queryString || queryString === '?') return right
    return right.length > 1 ? `${queryString}&${right.slice(1)}` : queryString
  },

  /** As it goes into a URI: `#` is encoded, for it would end the query; the rest is encoded already. */
  toUriComponent(queryString: string | null | undefined): string {
    checkMark(queryString ?? '')
    return (queryString ?? '').replaceAll('#', '%23')
  },

  /** Checks the leading `?`. */
  fromUriComponent(uriComponent: string): string {
    checkMark(uriComponent)
    return uriComponent
  },
}

function checkMark(queryString: string): void {
  if (queryString !== '' && queryString[0] !== '?') throw coreErrors.queryStringWithoutMark(queryString)
}

function addedPair(name: string | null | undefined, value: string | null): string {
  if (name === null || name === undefined) throw coreErrors.argumentNull('name', 'QueryString.add()')
  return `?${encodePair(name, value ?? '')}`
}

/** `name=value` in percent encoding. */
export function encodePair(name: string, value: string): string {
  return `${encodeComponent(name)}=${encodeComponent(value)}`
}

function encodeComponent(text: string): string {
  return encodePercent(text, needsEncoding)
}
