import { constructorDependencies } from '../dependency-injection/constructor-parameters.ts'
import { resolveDependency } from '../dependency-injection/dependency.ts'
import type { ServiceProvider } from '../dependency-injection/service-provider.ts'
import type { Constructor } from '../dependency-injection/service-token.ts'
import { coreErrors } from '../errors/core-errors.ts'
import { type HttpContext, restoreNext, takeNext } from '../http/http-context.ts'
import { type Invoke, type InvokeName, invokeDependencies, invokeName } from './invoke-dependencies.ts'
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
    const name = invokeName(type)
    const dependencies = invokeDependencies(type, name)
    const key = {}
    const instance = construct(type, [guardedNext(next, type.name, key), ...args], services) as Record<InvokeName, Invoke>

    if (dependencies.length === 0) {
      return function invokeMiddleware(context) {
        restoreNext(context, key)
        return instance[name](context)
      }
    }
    return function invokeMiddlewareWithServices(context) {
      restoreNext(context, key)
      const { requestServices } = context
      return instance[name](context, ...dependencies.map(dependency => resolveDependency(requestServices, dependency, type)))
    }
  }
}

/** `next` belongs to the class's one object, so the request remembers that it was called. */
function guardedNext(next: RequestDelegate, name: string, key: object): RequestDelegate {
  return function callNext(context) {
    if (!takeNext(context, key)) throw coreErrors.nextCalledTwice(name)
    return runAsync(next, context)
  }
}

function construct(type: Constructor, given: readonly unknown[], services: ServiceProvider): unknown {
  const dependencies = constructorDependencies(type).slice(given.length)
  return Reflect.construct(type, [...given, ...dependencies.map(dependency => resolveDependency(services, dependency, type))])
}
