import type { InjectCheck } from '../dependency-injection/inject.ts'
import type { ServiceProvider } from '../dependency-injection/service-provider.ts'
import type { Constructor } from '../dependency-injection/service-token.ts'
import { coreErrors } from '../errors/core-errors.ts'
import { type ConventionMiddleware, conventionComponent } from './convention-middleware.ts'
import { FactoryMiddleware, factoryComponent } from './factory-middleware.ts'
import type { MiddlewareComponent, RequestDelegate } from './request-delegate.ts'

/** What `useMiddleware` takes: a class by convention, whose constructor takes `next` first, or one that extends `FactoryMiddleware`. */
export type MiddlewareClass = Constructor<ConventionMiddleware> | Constructor<FactoryMiddleware>

/**
 * Nothing when the `static inject` of a middleware class fits its constructor after `next` and the arguments; else a type that shows both
 * lists.
 */
export type MiddlewareInjectCheck<C extends MiddlewareClass, Args extends readonly unknown[]> =
  C extends Constructor<FactoryMiddleware> ? InjectCheck<C> : InjectCheck<C, [next: RequestDelegate, ...args: Args]>

export function middlewareClassComponent(type: MiddlewareClass, args: readonly unknown[], services: ServiceProvider): MiddlewareComponent {
  if (typeof type !== 'function') throw coreErrors.argumentNull('middleware', 'app.useMiddleware()')
  if (!isFactoryMiddleware(type)) return conventionComponent(type as Constructor<ConventionMiddleware>, args, services)
  if (args.length > 0) throw coreErrors.middlewareArguments(type.name)
  return factoryComponent(type)
}

function isFactoryMiddleware(type: MiddlewareClass): type is Constructor<FactoryMiddleware> {
  return type.prototype instanceof FactoryMiddleware
}
