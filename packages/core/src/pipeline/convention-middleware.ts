import { ActivatorUtilities } from '../dependency-injection/activator-utilities.ts'
import { createMethodInvoker } from '../dependency-injection/method-invoker.ts'
import type { ServiceProvider } from '../dependency-injection/service-provider.ts'
import type { Constructor } from '../dependency-injection/service-token.ts'
import { coreErrors } from '../errors/core-errors.ts'
import { type HttpContext, requestServicesOrUndefined, restoreNext, takeNext } from '../http/http-context.ts'
import { type InvokeMethod, invokeMethod } from './invoke-method.ts'
import type { MiddlewareComponent, RequestDelegate } from './request-delegate.ts'
import { runAsync } from './use.ts'

/** An object whose `invokeAsync` (or `invoke`) takes the context and then whatever the request's services provide. */
export type ConventionMiddleware =
  | { invokeAsync(context: HttpContext, ...services: never[]): Promise<void> | void }
  | { invoke(context: HttpContext, ...services: never[]): Promise<void> | void }

/** Constructs the class once for each build of the pipeline: everything that can be wrong with it is found there. */
export function conventionComponent(
  type: Constructor<ConventionMiddleware>,
  args: readonly unknown[],
  services: ServiceProvider,
): MiddlewareComponent {
  return function component(next) {
    const method = invokeMethod(type)
    const invoke = createMethodInvoker(type, method, 1)
    const key = {}
    const instance = ActivatorUtilities.createInstance(services, type, guardedNext(next, type.name, key), ...args)

    if (invoke.serviceCount > 0) {
      return function invokeMiddlewareWithServices(context) {
        restoreNext(context, key)
        return invoke(instance, requestServicesOrUndefined(context) ?? services, context) as Promise<void>
      }
    }
    const middleware = instance as Record<InvokeMethod, RequestDelegate>
    return function invokeMiddleware(context) {
      restoreNext(context, key)
      return middleware[method](context)
    }
  }
}

/** `next` belongs to the class's one object, so the request remembers that it was called. */
function guardedNext(next: RequestDelegate, name: string, key: object): RequestDelegate {
  return function callNext(context) {
    // Elsewhere next() alone is enough, so this is written easily; one object serves all requests and cannot know which one is meant.
    if (context === undefined) throw coreErrors.argumentNull('context', `The next of the middleware class "${name}"`)
    if (!takeNext(context, key)) throw coreErrors.nextCalledTwice(name)
    return runAsync(next, context)
  }
}
