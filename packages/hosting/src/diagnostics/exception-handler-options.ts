import type { RequestDelegate } from '@windhover/core'

/** How `useExceptionHandler` answers a request that has failed. (ASP.NET Core: ExceptionHandlerOptions) */
export class ExceptionHandlerOptions {
  /** The request runs through the rest of the pipeline again with this path. It begins with `/`. */
  exceptionHandlingPath?: string | undefined
  /** Answers the failed request; wins over `exceptionHandlingPath`. */
  exceptionHandler?: RequestDelegate | undefined
  /** Lets the handler answer 404. Default false: a 404 means that nothing handled the error, so it goes on as an invalid-operation error. */
  allowStatusCode404Response?: boolean | undefined
  /** The status for an error, before the handler runs. Default 500, whatever the error. */
  statusCodeSelector?: ((error: unknown) => number) | undefined
}
