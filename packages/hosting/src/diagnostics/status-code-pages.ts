import {
  type ApplicationBuilder,
  createFeatureKey,
  type Endpoint,
  type FeatureKey,
  type HttpContext,
  type MiddlewareComponent,
  PathString,
  type RequestDelegate,
} from '@windhover/core'
import { reasonPhraseOf } from '../server/reason-phrase.ts'
import { ProblemDetailsService } from './problem-details-service.ts'

/** Lets a middleware switch status code pages off for its request. (ASP.NET Core: IStatusCodePagesFeature) */
export interface StatusCodePagesFeature {
  enabled: boolean
}

export const StatusCodePagesFeature: FeatureKey<StatusCodePagesFeature> = createFeatureKey('StatusCodePagesFeature')

/** What a request was before it was executed again for its error page. (ASP.NET Core: IStatusCodeReExecuteFeature) */
export interface StatusCodeReExecuteFeature {
  readonly originalPathBase: string
  readonly originalPath: string
  readonly originalQueryString: string
  readonly originalStatusCode: number
  readonly endpoint: Endpoint | undefined
}

export const StatusCodeReExecuteFeature: FeatureKey<StatusCodeReExecuteFeature> = createFeatureKey('StatusCodeReExecuteFeature')

/** Writes the page for a status of 400 to 599. `next` runs the rest of the pipeline again. */
export type StatusCodeHandler = (context: HttpContext, next: RequestDelegate) => Promise<void> | void

/**
 * Gives responses of status 400 to 599 a body when they have none: neither started, nor with a Content-Length or a Content-Type.
 * (ASP.NET Core: UseStatusCodePages)
 */
export function statusCodePagesComponent(handle: StatusCodeHandler): MiddlewareComponent {
  return next =>
    async function statusCodePagesMiddleware(context) {
      const feature: StatusCodePagesFeature = { enabled: true }
      context.features.set(StatusCodePagesFeature, feature)
      await next(context)

      const { response } = context
      if (!feature.enabled || response.hasStarted || response.statusCode < 400 || response.statusCode > 599) return
      if (response.contentLength !== undefined || response.contentType !== undefined) return
      await handle(context, next)
    }
}

/** Longer than 512 bytes, or some browsers show a page of their own. */
const padding = ' '.repeat(500)

export function defaultPage(app: ApplicationBuilder): StatusCodeHandler {
  const problems = app.applicationServices.getService(ProblemDetailsService)
  return async context => {
    const { statusCode } = context.response
    if (await problems?.tryWriteAsync(context, { status: statusCode })) return
    const reason = reasonPhraseOf(statusCode)
    context.response.contentType = 'text/plain'
    await context.response.writeAsync(`Status Code: ${statusCode}${reason === '' ? '' : `; ${reason}`}${padding}`)
  }
}

/** `{0}` in `body` stands for the status. */
export function formattedPage(contentType: string, body: string): StatusCodeHandler {
  return context => {
    context.response.contentType = contentType
    return context.response.writeAsync(withStatus(body, context))
  }
}

/** `{0}` stands for the status; a leading `~` for the request's path base, encoded as it came. */
export function redirectToPage(location: string): StatusCodeHandler {
  return context => {
    const target = withStatus(location, context)
    context.response.redirect(target[0] === '~' ? PathString.toUriComponent(context.request.pathBase) + target.slice(1) : target)
  }
}

export function reExecutePage(path: string, queryString = ''): StatusCodeHandler {
  return async (context, next) => {
    const { request, response } = context
    const original: StatusCodeReExecuteFeature = {
      originalPathBase: request.pathBase,
      originalPath: request.path,
      originalQueryString: request.queryString,
      originalStatusCode: response.statusCode,
      endpoint: context.getEndpoint(),
    }
    context.features.set(StatusCodeReExecuteFeature, original)
    context.setEndpoint(undefined)
    request.path = withStatus(path, context)
    request.queryString = withStatus(queryString, context)
    try {
      await next(context)
    } finally {
      request.queryString = original.originalQueryString
      request.path = original.originalPath
      context.features.set(StatusCodeReExecuteFeature, undefined)
    }
  }
}

/** `{{` and `}}` stand for a brace each, as in every format of .NET. */
function withStatus(format: string, context: HttpContext): string {
  return format.replace(/\{\{|\}\}|\{0\}/g, part => (part === '{0}' ? String(context.response.statusCode) : part[0]!))
}
