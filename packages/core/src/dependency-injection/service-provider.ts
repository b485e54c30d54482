import { coreErrors } from '../errors/core-errors.ts'
import { type AsyncServiceScope, type ServiceScope, ServiceScopeFactory } from './service-scope.ts'
import { type AbstractConstructor, describeService, type ServiceIdentifier } from './service-token.ts'

/**
 * Gives out services. It is itself a service: what is injected is the provider of the scope that injects it.
 * Everywhere, `consumer` is the class that will receive the service, if one will; factories get it as their last argument.
 * Every member throws an object-disposed error once the scope, or the root provider, has been disposed. (.NET: IServiceProvider, IKeyedServiceProvider)
 */
export abstract class ServiceProvider {
  /** The last registration's service, or undefined when there is none. Throws when one of its own dependencies is missing. */
  abstract getService<T>(identifier: ServiceIdentifier<T>, consumer?: AbstractConstructor): T | undefined

  /** All registrations' services, in order of registration; empty when there is none. */
  abstract getServices<T>(identifier: ServiceIdentifier<T>, consumer?: AbstractConstructor): T[]

  /**
   * The service of the key's last registration, else that of `KeyedService.AnyKey`, else undefined. A key of null or undefined means
   * the service without a key; `KeyedService.AnyKey` is an invalid-operation error, because it asks for many.
   */
  abstract getKeyedService<T>(identifier: ServiceIdentifier<T>, key: unknown, consumer?: AbstractConstructor): T | undefined

  /** The services of all registrations with exactly this key, in order; with `KeyedService.AnyKey` those of all keys. */
  abstract getKeyedServices<T>(identifier: ServiceIdentifier<T>, key: unknown, consumer?: AbstractConstructor): T[]

  /** Like `getService`; nothing, null included, is an invalid-operation error that names the service. */
  getRequiredService<T>(identifier: ServiceIdentifier<T>, consumer?: AbstractConstructor): T {
    const service = this.getService(identifier, consumer)
    if (service === undefined || service === null) throw coreErrors.serviceMissing([describeService(identifier)])
    return service
  }

  /** Like `getKeyedService`; nothing, null included, is an invalid-operation error that names the service and its key. */
  getRequiredKeyedService<T>(identifier: ServiceIdentifier<T>, key: unknown, consumer?: AbstractConstructor): T {
    const service = this.getKeyedService(identifier, key, consumer)
    if (service === undefined || service === null) throw coreErrors.serviceMissing([describeService(identifier, key)])
    return service
  }

  /** A new scope, for `using`. What it makes lives until it is disposed. */
  createScope(): ServiceScope {
    return this.getRequiredService(ServiceScopeFactory).createScope()
  }

  /** A new scope, for `await using`. */
  createAsyncScope(): AsyncServiceScope {
    return this.createScope()
  }
}
