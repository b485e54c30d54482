import type { HttpContext } from '../http/http-context.ts'

/**
 * Answers a request. The promise (or plain return) ends the request's way forward and starts its way back. (ASP.NET Core: RequestDelegate)
 */
export type RequestDelegate = (context: HttpContext) => Promise<void> | void

/**
 * Runs the rest of the pipeline. Calling it a second time for one request throws an invalid-operation error. `next()` and `next(context)`
 * are the same.
 */
export type Next = (context?: HttpContext) => Promise<void>

/** What `use` takes. Not calling `next` ends the pipeline there. */
export type Middleware = (context: HttpContext, next: Next) => Promise<void> | void

/** A component of the pipeline: makes the delegate that runs it before, around or instead of the next one. */
export type MiddlewareComponent = (next: RequestDelegate) => RequestDelegate
