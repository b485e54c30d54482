import { type HttpContext, HttpRequestBodyDetectionFeature, HttpRequestFeature, requestUnhandledKey } from '@windhover/core'
import { ExceptionHandlerFeature, StatusCodeReExecuteFeature } from '@windhover/hosting'
import { errorKind } from './error-kind.ts'
import { UnknownOperation } from './unknown-operation.ts'

type Look = (context: HttpContext, key: string) => unknown

const looks: ReadonlyMap<string, Look> = new Map<string, Look>(
  Object.entries({
    path: ({ request }) => request.path,
    pathBase: ({ request }) => request.pathBase,
    method: ({ request }) => request.method,
    scheme: ({ request }) => request.scheme,
    isHttps: ({ request }) => request.isHttps,
    protocol: ({ request }) => request.protocol,
    host: ({ request }) => request.host.value,
    hostName: ({ request }) => request.host.host,
    port: ({ request }) => request.host.port,
    queryString: ({ request }) => request.queryString,
    query: ({ request }, key) => request.query.getAll(key).join(','),
    header: ({ request }, key) => lines(request.headers.has(key), request.headers.getAll(key)),
    cookie: ({ request }, key) => request.cookies.get(key),
    requestContentType: ({ request }) => request.contentType,
    requestContentLength: ({ request }) => request.contentLength,
    hasForm: ({ request }) => request.hasFormContentType,
    rawTarget: ({ features }) => features.getRequired(HttpRequestFeature).rawTarget,
    displayUrl: ({ request }) => request.getDisplayUrl(),
    encodedUrl: ({ request }) => request.getEncodedUrl(),
    encodedPathAndQuery: ({ request }) => request.getEncodedPathAndQuery(),
    canHaveBody: ({ features }) => features.getRequired(HttpRequestBodyDetectionFeature).canHaveBody,
    status: ({ response }) => response.statusCode,
    started: ({ response }) => response.hasStarted,
    contentType: ({ response }) => response.contentType,
    contentLength: ({ response }) => response.contentLength,
    responseHeader: ({ response }, key) => lines(response.headers.has(key), response.headers.getAll(key)),
    item: ({ items }, key) => items.get(key) ?? 'none',
    unhandled: ({ items }) => items.has(requestUnhandledKey),
    aborted: ({ requestAborted }) => requestAborted.aborted,
    user: ({ user }) => user.identity?.isAuthenticated,
    session: sessionError,
    error: ({ features }) => {
      const feature = features.get(ExceptionHandlerFeature)
      return feature === undefined ? undefined : errorKind(feature.error)
    },
    errorPath: ({ features }) => features.get(ExceptionHandlerFeature)?.path,
    originalPath: ({ features }) => features.get(StatusCodeReExecuteFeature)?.originalPath,
    // No query is an empty text here, as in the request, and null in .NET.
    originalQuery: ({ features }) => features.get(StatusCodeReExecuteFeature)?.originalQueryString || undefined,
    originalStatus: ({ features }) => features.get(StatusCodeReExecuteFeature)?.originalStatusCode,
    endpoint: context => context.getEndpoint()?.displayName,
  } satisfies Record<string, Look>),
)

/** One thing that a case looks at, such as `path` or `query.a`, with its value as the recordings write it. */
export function see(context: HttpContext, name: string): string {
  const dot = name.indexOf('.')
  const group = dot < 0 ? name : name.slice(0, dot)
  const look = looks.get(group)
  if (look === undefined) throw new UnknownOperation(name)
  return `${name}=${look(context, dot < 0 ? '' : name.slice(dot + 1)) ?? 'null'}`
}

function lines(isThere: boolean, values: readonly string[]): string {
  return isThere ? `[${values.join('|')}]` : 'none'
}

function sessionError(context: HttpContext): string {
  try {
    return context.session.id
  } catch (error) {
    return errorKind(error)
  }
}
