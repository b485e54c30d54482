import { DefaultServiceProvider } from './default-service-provider.ts'
import type { InjectCheck } from './inject.ts'
import { ServiceDescriptor } from './service-descriptor.ts'
import { ServiceDescriptorList } from './service-descriptor-list.ts'
import type { KeyedServiceArguments, KeyedSingletonArguments, ServiceArguments, SingletonArguments } from './service-implementation.ts'
import { ServicePlans } from './service-plans.ts'
import type { ServiceProvider } from './service-provider.ts'
import type { ServiceProviderOptions } from './service-provider-options.ts'
import type { Constructor, ServiceIdentifier, ServiceType } from './service-token.ts'

/**
 * The list of registrations from which a provider is built. A service is registered by itself (`addSingleton(Clock)`), by another class,
 * by `{ useClass }` or `{ useFactory }`, a singleton also by `{ useValue }`. The last registration of a service wins;
 * `getServices` gives all of them. (.NET: IServiceCollection)
 */
export class ServiceCollection extends ServiceDescriptorList {
  addSingleton<I extends ServiceIdentifier, C extends Constructor<ServiceType<I>> = never>(
    identifier: I & InjectCheck<I>,
    ...implementation: SingletonArguments<I, C>
  ): this {
    return this.add(ServiceDescriptor.singleton<I, C>(identifier, ...implementation))
  }

  addScoped<I extends ServiceIdentifier, C extends Constructor<ServiceType<I>> = never>(
    identifier: I & InjectCheck<I>,
    ...implementation: ServiceArguments<I, C>
  ): this {
    return this.add(ServiceDescriptor.scoped<I, C>(identifier, ...implementation))
  }

  addTransient<I extends ServiceIdentifier, C extends Constructor<ServiceType<I>> = never>(
    identifier: I & InjectCheck<I>,
    ...implementation: ServiceArguments<I, C>
  ): this {
    return this.add(ServiceDescriptor.transient<I, C>(identifier, ...implementation))
  }

  /** Keys are compared with `===`; `KeyedService.AnyKey` answers for every key without a registration of its own. */
  addKeyedSingleton<I extends ServiceIdentifier, C extends Constructor<ServiceType<I>> = never>(
    identifier: I & InjectCheck<I>,
    key: unknown,
    ...implementation: KeyedSingletonArguments<I, C>
  ): this {
    return this.add(ServiceDescriptor.keyedSingleton<I, C>(identifier, key, ...implementation))
  }

  addKeyedScoped<I extends ServiceIdentifier, C extends Constructor<ServiceType<I>> = never>(
    identifier: I & InjectCheck<I>,
    key: unknown,
    ...implementation: KeyedServiceArguments<I, C>
  ): this {
    return this.add(ServiceDescriptor.keyedScoped<I, C>(identifier, key, ...implementation))
  }

  addKeyedTransient<I extends ServiceIdentifier, C extends Constructor<ServiceType<I>> = never>(
    identifier: I & InjectCheck<I>,
    key: unknown,
    ...implementation: KeyedServiceArguments<I, C>
  ): this {
    return this.add(ServiceDescriptor.keyedTransient<I, C>(identifier, key, ...implementation))
  }

  tryAddSingleton<I extends ServiceIdentifier, C extends Constructor<ServiceType<I>> = never>(
    identifier: I & InjectCheck<I>,
    ...implementation: SingletonArguments<I, C>
  ): this {
    return this.tryAdd(ServiceDescriptor.singleton<I, C>(identifier, ...implementation))
  }

  tryAddScoped<I extends ServiceIdentifier, C extends Constructor<ServiceType<I>> = never>(
    identifier: I & InjectCheck<I>,
    ...implementation: ServiceArguments<I, C>
  ): this {
    return this.tryAdd(ServiceDescriptor.scoped<I, C>(identifier, ...implementation))
  }

  tryAddTransient<I extends ServiceIdentifier, C extends Constructor<ServiceType<I>> = never>(
    identifier: I & InjectCheck<I>,
    ...implementation: ServiceArguments<I, C>
  ): this {
    return this.tryAdd(ServiceDescriptor.transient<I, C>(identifier, ...implementation))
  }

  tryAddKeyedSingleton<I extends ServiceIdentifier, C extends Constructor<ServiceType<I>> = never>(
    identifier: I & InjectCheck<I>,
    key: unknown,
    ...implementation: KeyedSingletonArguments<I, C>
  ): this {
    return this.tryAdd(ServiceDescriptor.keyedSingleton<I, C>(identifier, key, ...implementation))
  }

  tryAddKeyedScoped<I extends ServiceIdentifier, C extends Constructor<ServiceType<I>> = never>(
    identifier: I & InjectCheck<I>,
    key: unknown,
    ...implementation: KeyedServiceArguments<I, C>
  ): this {
    return this.tryAdd(ServiceDescriptor.keyedScoped<I, C>(identifier, key, ...implementation))
  }

  tryAddKeyedTransient<I extends ServiceIdentifier, C extends Constructor<ServiceType<I>> = never>(
    identifier: I & InjectCheck<I>,
    key: unknown,
    ...implementation: KeyedServiceArguments<I, C>
  ): this {
    return this.tryAdd(ServiceDescriptor.keyedTransient<I, C>(identifier, key, ...implementation))
  }

  /**
   * Builds the root provider from the registrations as they are now. It owns its singletons: dispose it, `await using` it best.
   * With `validateOnBuild` every mistake in the registrations is collected in one aggregate error.
   */
  buildServiceProvider(options: ServiceProviderOptions = {}): ServiceProvider & Disposable & AsyncDisposable {
    const plans = new ServicePlans(this, options.validateScopes ?? false)
    if (options.validateOnBuild ?? false) plans.validate()
    return new DefaultServiceProvider(plans)
  }
}
