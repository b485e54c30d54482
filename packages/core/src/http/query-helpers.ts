import { coreErrors } from '../errors/core-errors.ts'
import { QueryCollection } from './query-collection.ts'
import { encodePair, type QueryPairs, QueryString } from './query-string.ts'

/** Reads queries and adds to those of whole URIs. (ASP.NET Core: QueryHelpers) */
export const QueryHelpers = {
  /** Adds pairs, encoded, behind the query of a URI and before its fragment. Pairs whose value is null or undefined are left out. */
  addQueryString(uri: string, pairs: QueryPairs): string {
    const hash = uri.indexOf('#')
    const fragment = hash < 0 ? '' : uri.slice(hash)
    let text = hash < 0 ? uri : uri.slice(0, hash)
    for (const [name, value] of pairs) {
      if (value !== null && value !== undefined) text += `${text.includes('?') ? '&' : '?'}${encodePair(name, value)}`
    }
    return text + fragment
  },

  parseQuery(queryString: string | null | undefined): QueryCollection {
    return QueryCollection.parse(queryString ?? '')
  },
}

/** Collects pairs for a query string. (ASP.NET Core: QueryBuilder) */
export class QueryBuilder implements Iterable<[string, string]> {
  readonly #pairs: [string, string][] = []

  constructor(pairs: Iterable<readonly [string, string]> = []) {
    for (const [name, value] of pairs) this.add(name, value)
  }

  /** Adds a pair, or one for each value of a list. Raises an argument-null error for a value that is null or undefined. */
  add(name: string, value: string | readonly string[]): this {
    if (value === null || value === undefined) throw coreErrors.argumentNull('value', 'QueryBuilder.add()')
    for (const each of typeof value === 'string' ? [value] : value) this.#pairs.push([name, each])
    return this
  }

  /** With its leading `?`, encoded; empty when nothing was added. */
  toQueryString(): string {
    return QueryString.create(this.#pairs)
  }

  toString(): string {
    return this.toQueryString()
  }

  *[Symbol.iterator](): IterableIterator<[string, string]> {
    yield* this.#pairs
  }
}
