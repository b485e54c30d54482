import { HttpConnectionFeature, type HttpContext, type Logger, LogLevel, requestUnhandledKey } from '@windhover/core'

/** ASP.NET Core's numbers. */
const events = { requestStarting: 1, requestFinished: 2, requestUnhandled: 16 }

/** Writes one entry when a request begins and one when it has ended. (ASP.NET Core: HostingApplicationDiagnostics) */
export class RequestLog {
  readonly #logger: Logger

  constructor(logger: Logger) {
    this.#logger = logger
  }

  get isEnabled(): boolean {
    return this.#logger.isEnabled(LogLevel.Information)
  }

  starting({ request }: HttpContext): void {
    this.#logger.logInformation(
      events.requestStarting,
      'Request starting {Protocol} {Method} {Scheme}://{Host}{PathBase}{Path}{QueryString} - {ContentType} {ContentLength}',
      request.protocol,
      request.method,
      request.scheme,
      request.host.value,
      request.pathBase,
      request.path,
      request.queryString,
      orDash(request.contentType),
      request.contentLength ?? '-',
    )
  }

  /** For a WebSocket this is when its handler has returned. */
  finished(context: HttpContext, elapsed: number): void {
    const { request, response } = context
    this.#logger.logInformation(
      events.requestFinished,
      'Request finished {Protocol} {Method} {Scheme}://{Host}{PathBase}{Path}{QueryString} - {StatusCode} {ContentLength} {ContentType} {ElapsedMilliseconds}ms',
      request.protocol,
      request.method,
      request.scheme,
      request.host.value,
      request.pathBase,
      request.path,
      request.queryString,
      response.statusCode,
      response.contentLength ?? '-',
      orDash(response.contentType),
      elapsed.toFixed(4),
    )
    if (context.items.has(requestUnhandledKey)) this.#unhandled(context)
  }

  #unhandled({ request, response }: HttpContext): void {
    this.#logger.logInformation(
      events.requestUnhandled,
      'Request reached the end of the middleware pipeline without being handled by application code. Request path: {Method} {Scheme}://{Host}{PathBase}{Path}, Response status code: {StatusCode}',
      request.method,
      request.scheme,
      request.host.value,
      request.pathBase,
      request.path,
      response.statusCode,
    )
  }
}

/** What every log entry of a request carries when a provider shows scopes. */
export function requestScope(context: HttpContext): Record<string, string> {
  const connectionId = context.features.get(HttpConnectionFeature)?.connectionId
  return {
    ...(connectionId === undefined ? {} : { ConnectionId: connectionId }),
    RequestPath: context.request.pathBase + context.request.path,
    RequestId: context.traceIdentifier,
  }
}

function orDash(contentType: string | undefined): string {
  return contentType === undefined || contentType === '' ? '-' : contentType.replaceAll(' ', '+')
}
