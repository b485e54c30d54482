import {
  type CookieOptions,
  HeaderDictionary,
  HostString,
  HttpContext,
  PathString,
  QueryBuilder,
  QueryHelpers,
  QueryString,
  RequestCookies,
  StringComparison,
} from '@windhover/core'

type Text = string | null
type Pairs = readonly (readonly [string, Text])[]

interface CookieCall {
  readonly append?: string
  readonly value?: string
  readonly delete?: string
  readonly options?: Omit<CookieOptions, 'expires' | 'maxAge'> & { readonly expires?: string; readonly maxAgeSeconds?: number }
}

/** The functions of core that the recorded tables describe, by the name of the table. A path and a query string are plain strings here. */
export const httpTables = {
  'path-string/create': (input: Text): unknown => {
    const { request } = new HttpContext()
    request.path = input ?? ''
    return { value: request.path, hasValue: request.path !== '' }
  },

  'path-string/starts-with-segments': (input: { path: Text; other: Text; comparison?: 'ordinal' }): unknown => {
    const match = PathString.startsWithSegments(pathOf(input.path), pathOf(input.other), input.comparison)
    return { result: match !== undefined, matched: match?.matched ?? '', remaining: match?.remaining ?? '' }
  },

  'path-string/add': ([left, right]: [Text, Text]): unknown => PathString.add(left, right),

  'path-string/add-query': ([path, query]: [string, string]): unknown =>
    PathString.toUriComponent(path) + QueryString.toUriComponent(query),

  // JavaScript has no hash codes; what is equal shares its key in every collection here.
  'path-string/equals': ([left, right]: [Text, Text]): unknown => ({
    equal: PathString.equals(pathOf(left), pathOf(right)),
    ordinal: PathString.equals(pathOf(left), pathOf(right), StringComparison.Ordinal),
    sameHash: PathString.equals(pathOf(left), pathOf(right)),
  }),

  'path-string/to-uri-component': (path: Text): unknown => PathString.toUriComponent(path),
  'path-string/from-uri-component': (component: string): unknown => PathString.fromUriComponent(component),

  'query-string/create': (pairs: Pairs): unknown => QueryString.create(pairs),

  'query-string/from': (input: Text): unknown => {
    const { request } = new HttpContext()
    request.queryString = input ?? ''
    const { queryString } = request
    return { value: queryString, hasValue: queryString !== '', component: QueryString.toUriComponent(queryString) }
  },

  'query-string/from-uri-component': (component: string): unknown => QueryString.fromUriComponent(component),
  'query-string/add': ([queryString, name, value]: [Text, string, string]): unknown => QueryString.add(queryString, name, value),
  'query-string/concatenate': ([left, right]: [Text, Text]): unknown => QueryString.add(left, right),

  'query/parse': (queryString: string): unknown => {
    const query = QueryHelpers.parseQuery(queryString)
    return [...query.keys()].map(name => [name, query.getAll(name)])
  },

  'query/add': ([uri, pairs]: [string, Pairs]): unknown => QueryHelpers.addQueryString(uri, pairs),

  'query/build': (pairs: readonly (readonly [string, string])[]): unknown => {
    const builder = new QueryBuilder()
    for (const [name, value] of pairs) builder.add(name, value)
    return builder.toString()
  },

  'host/parse': (value: string): unknown => describeHost(new HostString(value)),
  'host/create': ([host, port]: [string, number]): unknown => describeHost(new HostString(host, port)),
  'host/matches': ([host, patterns]: [string, string[]]): unknown => HostString.matchesAny(host, patterns),

  'cookies/parse': (lines: string[]): unknown => {
    // As a server hands them over: what a client sent is not checked as what an application sets.
    const headers = new HeaderDictionary(lines.flatMap(line => ['Cookie', line]))
    return [...RequestCookies.parse(headers.getAll('cookie'))]
  },

  'cookies/format': (calls: readonly CookieCall[]): unknown => {
    const { response } = new HttpContext()
    for (const call of calls) {
      if (call.delete !== undefined) response.cookies.delete(call.delete, cookieOptions(call))
      else response.cookies.append(call.append!, call.value!, cookieOptions(call))
    }
    return response.headers.getAll('set-cookie')
  },
}

/** What C# makes of a text where a path is wanted: the implicit conversion decodes it. */
function pathOf(text: Text): string {
  return PathString.fromUriComponent(text ?? '')
}

function describeHost(host: HostString): unknown {
  return { value: host.value, host: host.host, port: host.port ?? null, component: host.toUriComponent() }
}

function cookieOptions({ options: { expires, maxAgeSeconds, ...options } = {} }: CookieCall): CookieOptions {
  return {
    ...options,
    expires: expires === undefined ? undefined : new Date(expires),
    maxAge: maxAgeSeconds === undefined ? undefined : maxAgeSeconds * 1000,
  }
}
