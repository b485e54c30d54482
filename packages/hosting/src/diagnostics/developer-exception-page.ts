import { inspect } from 'node:util'
import { type ApplicationBuilder, BadHttpRequestException, type HttpContext, isLogged, type MiddlewareComponent } from '@windhover/core'
import { developerExceptionHtml } from './developer-exception-html.ts'
import { clientClosedRequest, clientHasGone, loggerOf, logOnce } from './exception-handler.ts'

/**
 * Shows what went wrong, with its stack and the request: as HTML to a browser, as text to others. For development only: it shows source paths. Cookies and
 * credentials are left out. (ASP.NET Core: UseDeveloperExceptionPage)
 */
export function developerExceptionPageComponent(app: ApplicationBuilder): MiddlewareComponent {
  const logger = loggerOf(app, 'Windhover.Diagnostics.DeveloperExceptionPageMiddleware')

  return next =>
    async function developerExceptionPageMiddleware(context) {
      try {
        await next(context)
      } catch (error) {
        const { hasStarted } = context.response
        if (!hasStarted && clientHasGone(context, error)) {
          context.response.statusCode = clientClosedRequest
          return
        }
        const isNew = !isLogged(error)
        logOnce(logger, error)
        if (hasStarted) {
          if (isNew) logger.logWarning(2, 'The response has already started, the error page middleware will not be executed.')
          throw error
        }
        context.response.clear()
        context.response.statusCode = error instanceof BadHttpRequestException ? error.statusCode : 500
        await writePage(context, error)
      }
    }
}

function writePage(context: HttpContext, error: unknown): Promise<void> {
  const accept = context.request.headers.get('accept') ?? ''
  if (/\btext\/html\b/i.test(accept)) {
    context.response.contentType = 'text/html; charset=utf-8'
    return context.response.writeAsync(developerExceptionHtml(error, context))
  }
  context.response.contentType = 'text/plain; charset=utf-8'
  const headers = shownHeaders(context).map(([name, value]) => `${name}: ${value}\n`)
  return context.response.writeAsync(`${describeError(error)}\n\nHEADERS\n=======\n${headers.join('')}`)
}

/** The error with its stack and everything that caused it. */
export function describeError(error: unknown): string {
  return error instanceof Error && error.cause === undefined
    ? (error.stack ?? String(error))
    : inspect(error, { depth: 6, breakLength: 120 })
}

const secret = /^(?:cookie|authorization|proxy-authorization|x-api-key)$|token|secret|password/i

/** A page gets copied into chats and tickets, so credentials are not on it. */
export function shownHeaders(context: HttpContext): [name: string, value: string][] {
  return [...context.request.headers].map(([name, value]) => [name, secret.test(name) ? '(not shown)' : value])
}
