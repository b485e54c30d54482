import { coreErrors } from '../errors/core-errors.ts'
import { DefaultServiceProvider } from './default-service-provider.ts'
import type { InjectCheck } from './inject.ts'
import { ServiceDescriptor } from './service-descriptor.ts'
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
export class ServiceCollection implements Iterable<ServiceDescriptor> {
  #descriptors: ServiceDescriptor[] = []
  #isReadOnly = false

  get count(): number {
    return this.#descriptors.length
  }

  get isReadOnly(): boolean {
    return this.#isReadOnly
  }

  [Symbol.iterator](): Iterator<ServiceDescriptor> {
    return this.#descriptors.values()
  }

  add(descriptor: ServiceDescriptor): this {
    this.#changeable().push(descriptor)
    return this
  }

  /** Removes one registration; false when it is not in the list. */
  remove(descriptor: ServiceDescriptor): boolean {
    const index = this.#changeable().indexOf(descriptor)
    if (index >= 0) this.#descriptors.splice(index, 1)
    return index >= 0
  }

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

  /** Adds the registration unless its service, with its key, has one. */
  tryAdd(descriptor: ServiceDescriptor): this {
    const known = this.#changeable().some(other => isSameService(other, descriptor.identifier, descriptor.key))
    return known ? this : this.add(descriptor)
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
   * Adds each registration unless its service, with its key, is already made by the same class, whatever the lifetime. One whose class
   * cannot be told from the service (a factory, a plain object, the service itself) is an argument error.
   */
  tryAddEnumerable(...descriptors: readonly ServiceDescriptor[]): this {
    for (const descriptor of descriptors) {
      const type = implementationClass(descriptor)
      if (type === undefined || type === Object || type === descriptor.identifier)
        throw coreErrors.implementationIndistinguishable(String(descriptor))
      const known = this.#changeable().some(
        other => isSameService(other, descriptor.identifier, descriptor.key) && implementationClass(other) === type,
      )
      if (!known) this.add(descriptor)
    }
    return this
  }

  /** Removes the first registration of the service with that key, and adds this one at the end. */
  replace(descriptor: ServiceDescriptor): this {
    const first = this.#changeable().find(other => isSameService(other, descriptor.identifier, descriptor.key))
    if (first !== undefined) this.remove(first)
    return this.add(descriptor)
  }

  /** Removes all registrations of the service without a key. */
  removeAll(identifier: ServiceIdentifier): this {
    return this.removeAllKeyed(identifier, undefined)
  }

  /** Removes all registrations of the service with this key. */
  removeAllKeyed(identifier: ServiceIdentifier, key: unknown): this {
    this.#descriptors = this.#changeable().filter(descriptor => !isSameService(descriptor, identifier, key ?? undefined))
    return this
  }

  /** From now on every change is an invalid-operation error. The host does this when it has built its provider. */
  makeReadOnly(): void {
    this.#isReadOnly = true
  }

  /**
   * Builds the root provider from the registrations as they are now. It owns its singletons: dispose it, `await using` it best.
   * With `validateOnBuild` every mistake in the registrations is collected in one aggregate error.
   */
  buildServiceProvider(options: ServiceProviderOptions = {}): ServiceProvider & Disposable & AsyncDisposable {
    const plans = new ServicePlans(this.#descriptors, options.validateScopes ?? false)
    if (options.validateOnBuild ?? false) plans.validate()
    return new DefaultServiceProvider(plans)
  }

  #changeable(): ServiceDescriptor[] {
    if (this.#isReadOnly) throw coreErrors.servicesReadOnly()
    return this.#descriptors
  }
}

function isSameService(descriptor: ServiceDescriptor, identifier: ServiceIdentifier, key: unknown): boolean {
  return descriptor.identifier === identifier && descriptor.key === key
}

function implementationClass({ implementationType, isInstance, implementationInstance }: ServiceDescriptor): unknown {
  if (implementationType !== undefined || !isInstance) return implementationType
  return implementationInstance === undefined || implementationInstance === null ? undefined : Object(implementationInstance).constructor
}
