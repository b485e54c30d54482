import { coreErrors } from '../errors/core-errors.ts'
import type { HttpContext } from '../http/http-context.ts'

/** The key in `context.items` that tells the host that no middleware has answered the request. (ASP.NET Core: __RequestUnhandled) */
export const requestUnhandledKey = '__RequestUnhandled'

/** The end of every pipeline: nobody has answered. */
export function terminalDelegate(context: HttpContext): void {
  const endpoint = context.getEndpoint()
  if (endpoint?.requestDelegate !== undefined) throw coreErrors.endpointNotExecuted(endpoint.toString())
  if (!context.response.hasStarted) context.response.statusCode = 404
  context.items.set(requestUnhandledKey, true)
}
