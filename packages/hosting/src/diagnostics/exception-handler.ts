import {
  type ApplicationBuilder,
  type HttpContext,
  IOException,
  isLogged,
  type Logger,
  LoggerFactory,
  type MiddlewareComponent,
  markLogged,
  NullLogger,
  OperationCanceledException,
  Options,
  PathString,
  type RequestDelegate,
} from '@windhover/core'
import { hostingErrors } from '../errors/hosting-errors.ts'
import { ExceptionHandlerFeature } from './exception-handler-feature.ts'
import { ExceptionHandlerOptions } from './exception-handler-options.ts'
import { ProblemDetailsService } from './problem-details-service.ts'

/** The status of a request whose client has gone before it was answered; nobody sees it but logs. */
export const clientClosedRequest = 499

export type ExceptionHandlerArgument = string | ((branch: ApplicationBuilder) => void) | ExceptionHandlerOptions

/** Answers requests that fail below it. The path of the request, its query and its method stay as they were for the handler, unless a path was given. */
export function exceptionHandlerComponent(app: ApplicationBuilder, argument: ExceptionHandlerArgument | undefined): MiddlewareComponent {
  const options = readOptions(app, argument)
  const logger = loggerOf(app, 'Windhover.Diagnostics.ExceptionHandlerMiddleware')
  const { exceptionHandlingPath, allowStatusCode404Response = false, statusCodeSelector } = options

  return next => {
    const handler = options.exceptionHandler ?? (exceptionHandlingPath === undefined ? problemHandler(app) : next)
    return async function exceptionHandlerMiddleware(context) {
      try {
        await next(context)
      } catch (error) {
        await handleAsync(context, error)
      }
    }

    async function handleAsync(context: HttpContext, error: unknown): Promise<void> {
      if (context.response.hasStarted) {
        if (!isLogged(error)) logger.logWarning(2, 'The response has already started, the error handler will not be executed.')
        logOnce(logger, error)
        throw error
      }
      if (clientHasGone(context, error)) {
        context.response.statusCode = clientClosedRequest
        return
      }
      const { request, response } = context
      const path = request.path
      if (exceptionHandlingPath !== undefined) request.path = exceptionHandlingPath
      try {
        context.features.set(ExceptionHandlerFeature, { error, path, endpoint: context.getEndpoint() })
        context.setEndpoint(undefined)
        response.clear()
        response.statusCode = statusCodeSelector?.(error) ?? 500
        response.onStarting(() => forbidCaching(context))
        await handler(context)
        logOnce(logger, error)
      } catch (second) {
        logger.logError(3, second, 'An exception was thrown attempting to execute the error handler.')
        logOnce(logger, error)
        throw error
      } finally {
        request.path = path
      }
      if (response.statusCode !== 404 || response.hasStarted || allowStatusCode404Response) return
      const notHandled = hostingErrors.exceptionNotHandled(error)
      markLogged(notHandled)
      throw notHandled
    }
  }
}

/** An error page must not be taken for the page itself later on. */
function forbidCaching(context: HttpContext): void {
  const { headers } = context.response
  headers.set('Cache-Control', 'no-cache,no-store')
  headers.set('Pragma', 'no-cache')
  headers.set('Expires', '-1')
  headers.delete('ETag')
}

/** A cancellation or a failed read after the client has gone is nobody's error. */
export function clientHasGone(context: HttpContext, error: unknown): boolean {
  return (error instanceof OperationCanceledException || error instanceof IOException) && context.requestAborted.aborted
}

/** Logs an error unless a layer below has done so, and marks it. */
export function logOnce(logger: Logger, error: unknown): void {
  if (isLogged(error)) return
  logger.logError(1, error, 'An unhandled exception has occurred while executing the request.')
  markLogged(error)
}

export function loggerOf(app: ApplicationBuilder, category: string): Logger {
  return app.applicationServices.getService(LoggerFactory)?.createLogger(category) ?? NullLogger.instance
}

function readOptions(app: ApplicationBuilder, argument: ExceptionHandlerArgument | undefined): ExceptionHandlerOptions {
  if (argument === undefined) return app.applicationServices.getService(Options.of(ExceptionHandlerOptions))?.value ?? {}
  if (typeof argument === 'string') return checked({ exceptionHandlingPath: argument })
  if (typeof argument !== 'function') return checked({ ...argument })
  const branch = app.new()
  argument(branch)
  return { exceptionHandler: branch.build() }
}

function checked(options: ExceptionHandlerOptions): ExceptionHandlerOptions {
  const path = options.exceptionHandlingPath
  if (path === undefined || path === '') return Object.freeze({ ...options, exceptionHandlingPath: undefined })
  if (path[0] !== '/') throw hostingErrors.exceptionHandlingPath(path)
  return Object.freeze({ ...options, exceptionHandlingPath: PathString.fromUriComponent(path) })
}

/** Neither a path nor a handler: the error is told as problem details, when the services offer them. */
function problemHandler(app: ApplicationBuilder): RequestDelegate {
  const problems = app.applicationServices.getService(ProblemDetailsService)
  if (problems === undefined) throw hostingErrors.exceptionHandlerMissing()
  return async function writeProblem(context) {
    const { statusCode } = context.response
    if (!(await problems.tryWriteAsync(context, { status: statusCode }))) context.response.statusCode = statusCode
  }
}
