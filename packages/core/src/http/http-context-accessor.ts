import type { HttpContext } from './http-context.ts'

/**
 * Finds the context of the request that the running code serves, for code that it cannot be passed to. It is there only after
 * `services.addHttpContextAccessor()`, because keeping track costs every asynchronous operation some time. (ASP.NET Core:
 * IHttpContextAccessor)
 */
export abstract class HttpContextAccessor {
  /** Undefined outside of a request, and once it has ended. */
  abstract readonly httpContext: HttpContext | undefined
}
