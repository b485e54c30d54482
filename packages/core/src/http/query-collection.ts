import { decodePercent } from './percent-encoding.ts'
import { ValueCollection } from './value-collection.ts'

/** The decoded values of a query string. (ASP.NET Core: IQueryCollection) */
export class QueryCollection extends ValueCollection {
  /** Reads a query string, with or without its leading `?`. `+` is a blank, `;` separates nothing, a malformed escape stays as it is. */
  static parse(queryString: string): QueryCollection {
    return queryString === '' || queryString === '?' ? new QueryCollection() : new QueryCollection(queryPairs(queryString))
  }
}

/**
 * The decoded pairs of a query string or a urlencoded body. Empty parts count for nothing; a part without `=` is a name with an empty
 * value.
 */
export function* queryPairs(queryString: string): Generator<[string, string]> {
  let start = queryString[0] === '?' ? 1 : 0
  while (start < queryString.length) {
    const ampersand = queryString.indexOf('&', start)
    const end = ampersand < 0 ? queryString.length : ampersand
    if (end > start) yield decodePair(queryString.slice(start, end))
    start = end + 1
  }
}

/** Decodes `name=value`. */
export function decodePair(pair: string): [string, string] {
  const equals = pair.indexOf('=')
  return equals < 0 ? [decodeComponent(pair), ''] : [decodeComponent(pair.slice(0, equals)), decodeComponent(pair.slice(equals + 1))]
}

function decodeComponent(text: string): string {
  return decodePercent(text.replaceAll('+', ' '))
}
