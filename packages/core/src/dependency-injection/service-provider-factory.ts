import type { ServiceCollection } from './service-collection.ts'
import type { ServiceProvider } from './service-provider.ts'
import type { ServiceProviderOptions } from './service-provider-options.ts'

/**
 * Makes the provider of a host: the place for another container. The host hands `createBuilder` its registrations, lets
 * `configureContainer` work on the builder, and asks for the provider. (.NET: IServiceProviderFactory)
 */
export abstract class ServiceProviderFactory<ContainerBuilder = unknown> {
  abstract createBuilder(services: ServiceCollection): ContainerBuilder

  /** A provider that is disposable is disposed by the host. */
  abstract createServiceProvider(builder: ContainerBuilder): ServiceProvider
}

/** Builds Windhover's own provider; its container builder is the ServiceCollection. (.NET: DefaultServiceProviderFactory) */
export class DefaultServiceProviderFactory extends ServiceProviderFactory<ServiceCollection> {
  readonly #options: ServiceProviderOptions

  constructor({ validateScopes = false, validateOnBuild = false }: ServiceProviderOptions = {}) {
    super()
    this.#options = Object.freeze({ validateScopes, validateOnBuild })
  }

  override createBuilder(services: ServiceCollection): ServiceCollection {
    return services
  }

  override createServiceProvider(builder: ServiceCollection): ServiceProvider & Disposable & AsyncDisposable {
    return builder.buildServiceProvider(this.#options)
  }
}
