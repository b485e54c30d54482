import { coreErrors } from '../errors/core-errors.ts'
import type { InjectCheck } from './inject.ts'
import {
  type KeyedServiceArguments,
  type KeyedServiceFactory,
  type KeyedSingletonArguments,
  readImplementation,
  type ServiceArguments,
  type ServiceFactory,
  type ServiceImplementation,
  type SingletonArguments,
} from './service-implementation.ts'
import { ServiceLifetime } from './service-lifetime.ts'
import { type Constructor, checkIdentifier, describeService, type ServiceIdentifier, type ServiceType } from './service-token.ts'

/** One registration: what is asked for, how it is made, how long it lives. It never changes. (.NET: ServiceDescriptor) */
export class ServiceDescriptor {
  readonly identifier: ServiceIdentifier
  /** Undefined for a service without a key. */
  readonly key: unknown
  readonly lifetime: ServiceLifetime
  /** The class to construct, when the service is made from one. */
  readonly implementationType: Constructor | undefined
  /** The factory, when there is one; it takes the key also when the service has none. */
  readonly implementationFactory: KeyedServiceFactory<unknown> | undefined
  /** Whether the service is an object that was given with `useValue`. */
  readonly isInstance: boolean
  readonly implementationInstance: unknown

  private constructor(identifier: ServiceIdentifier, key: unknown, lifetime: ServiceLifetime, implementation: unknown, keyed: boolean) {
    if (identifier === undefined || identifier === null) throw coreErrors.argumentNull('identifier', 'A registration')
    checkIdentifier(identifier)
    const made = readImplementation(identifier, implementation)
    this.identifier = identifier
    this.key = key ?? undefined
    this.lifetime = lifetime
    this.implementationType = 'type' in made ? made.type : undefined
    this.implementationFactory = 'factory' in made ? withKey(made.factory, keyed) : undefined
    this.isInstance = 'instance' in made
    this.implementationInstance = 'instance' in made ? made.instance : undefined
    if (this.isInstance && lifetime !== ServiceLifetime.Singleton) throw coreErrors.instanceNotSingleton(String(this))
    Object.freeze(this)
  }

  static singleton<I extends ServiceIdentifier, C extends Constructor<ServiceType<I>> = never>(
    identifier: I & InjectCheck<I>,
    ...[implementation]: SingletonArguments<I, C>
  ): ServiceDescriptor {
    return new ServiceDescriptor(identifier, undefined, ServiceLifetime.Singleton, implementation, false)
  }

  static scoped<I extends ServiceIdentifier, C extends Constructor<ServiceType<I>> = never>(
    identifier: I & InjectCheck<I>,
    ...[implementation]: ServiceArguments<I, C>
  ): ServiceDescriptor {
    return new ServiceDescriptor(identifier, undefined, ServiceLifetime.Scoped, implementation, false)
  }

  static transient<I extends ServiceIdentifier, C extends Constructor<ServiceType<I>> = never>(
    identifier: I & InjectCheck<I>,
    ...[implementation]: ServiceArguments<I, C>
  ): ServiceDescriptor {
    return new ServiceDescriptor(identifier, undefined, ServiceLifetime.Transient, implementation, false)
  }

  /** A key of null or undefined makes it a service without a key. */
  static keyedSingleton<I extends ServiceIdentifier, C extends Constructor<ServiceType<I>> = never>(
    identifier: I & InjectCheck<I>,
    key: unknown,
    ...[implementation]: KeyedSingletonArguments<I, C>
  ): ServiceDescriptor {
    return new ServiceDescriptor(identifier, key, ServiceLifetime.Singleton, implementation, true)
  }

  static keyedScoped<I extends ServiceIdentifier, C extends Constructor<ServiceType<I>> = never>(
    identifier: I & InjectCheck<I>,
    key: unknown,
    ...[implementation]: KeyedServiceArguments<I, C>
  ): ServiceDescriptor {
    return new ServiceDescriptor(identifier, key, ServiceLifetime.Scoped, implementation, true)
  }

  static keyedTransient<I extends ServiceIdentifier, C extends Constructor<ServiceType<I>> = never>(
    identifier: I & InjectCheck<I>,
    key: unknown,
    ...[implementation]: KeyedServiceArguments<I, C>
  ): ServiceDescriptor {
    return new ServiceDescriptor(identifier, key, ServiceLifetime.Transient, implementation, true)
  }

  /** For a lifetime that is chosen at run time. */
  static describe<I extends ServiceIdentifier, C extends Constructor<ServiceType<I>> = never>(
    identifier: I,
    implementation: ServiceImplementation<ServiceType<I>, C>,
    lifetime: ServiceLifetime,
  ): ServiceDescriptor {
    return new ServiceDescriptor(identifier, undefined, lifetime, implementation, false)
  }

  /** For a lifetime that is chosen at run time. A key of null or undefined makes it a service without a key. */
  static describeKeyed<I extends ServiceIdentifier, C extends Constructor<ServiceType<I>> = never>(
    identifier: I,
    key: unknown,
    implementation: ServiceImplementation<ServiceType<I>, C, KeyedServiceFactory<ServiceType<I>>>,
    lifetime: ServiceLifetime,
  ): ServiceDescriptor {
    return new ServiceDescriptor(identifier, key, lifetime, implementation, true)
  }

  get isKeyed(): boolean {
    return this.key !== undefined
  }

  toString(): string {
    return `${describeService(this.identifier, this.key)} (${this.lifetime})`
  }
}

function withKey(factory: (...args: never[]) => unknown, keyed: boolean): KeyedServiceFactory<unknown> {
  if (keyed) return factory as KeyedServiceFactory<unknown>
  const unkeyed = factory as ServiceFactory<unknown>
  return (provider, _key, consumer) => unkeyed(provider, consumer)
}
