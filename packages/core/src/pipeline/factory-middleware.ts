import { ServiceProvider } from '../dependency-injection/service-provider.ts'
import type { Constructor } from '../dependency-injection/service-token.ts'
import { coreErrors } from '../errors/core-errors.ts'
import type { HttpContext } from '../http/http-context.ts'
import type { MiddlewareComponent, Next } from './request-delegate.ts'
import { guardedComponent } from './use.ts'

/**
 * A middleware class of which each request gets its own object, so that its constructor can take scoped services. Register it as a
 * service, and add it by `app.useMiddleware()`. (ASP.NET Core: IMiddleware)
 */
export abstract class FactoryMiddleware {
  /** For the compiler alone, which could not tell this class from one by convention by its method. */
  declare protected readonly isMadePerRequest: true

  /** Calling `next` a second time for one request throws an invalid-operation error. */
  abstract invokeAsync(context: HttpContext, next: Next): Promise<void>
}

/** Makes the objects of `FactoryMiddleware` classes; a service of the request. (ASP.NET Core: IMiddlewareFactory) */
export abstract class MiddlewareFactory {
  /** Undefined or null makes the request fail with an invalid-operation error. */
  abstract create(type: Constructor<FactoryMiddleware>): FactoryMiddleware | null | undefined
  /** Called when the middleware has run, also after a failure. */
  abstract release(middleware: FactoryMiddleware): void
}

/** Takes the middleware from the services, which own what they make. (ASP.NET Core: MiddlewareFactory) */
export class DefaultMiddlewareFactory extends MiddlewareFactory {
  static readonly inject: readonly [typeof ServiceProvider] = [ServiceProvider]
  readonly #services: ServiceProvider

  constructor(services: ServiceProvider) {
    super()
    this.#services = services
  }

  create(type: Constructor<FactoryMiddleware>): FactoryMiddleware {
    return this.#services.getRequiredService(type)
  }

  release(_middleware: FactoryMiddleware): void {}
}

export function factoryComponent(type: Constructor<FactoryMiddleware>): MiddlewareComponent {
  const { name } = type
  const middleware = async (context: HttpContext, next: Next): Promise<void> => {
    const factory = context.requestServices.getService(MiddlewareFactory)
    if (factory === undefined) throw coreErrors.middlewareFactoryMissing(name)
    const instance = factory.create(type)
    if (instance === undefined || instance === null) throw coreErrors.middlewareNotCreated(name, factory.constructor.name)
    try {
      await instance.invokeAsync(context, next)
    } finally {
      factory.release(instance)
    }
  }
  // The guard names the middleware by its function's name.
  return guardedComponent(Object.defineProperty(middleware, 'name', { value: name }))
}
