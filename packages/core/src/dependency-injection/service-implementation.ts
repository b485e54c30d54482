import { coreErrors } from '../errors/core-errors.ts'
import type { InjectCheck } from './inject.ts'
import type { ServiceProvider } from './service-provider.ts'
import { type AbstractConstructor, type Constructor, describeService, type ServiceIdentifier, type ServiceType } from './service-token.ts'

/** Makes a service. A singleton's factory gets the root provider. `consumer` is the class that receives the service, if one does. */
export type ServiceFactory<T> = (provider: ServiceProvider, consumer?: AbstractConstructor) => T

/** Makes a service for a key, which is the requested one when the registration is for `KeyedService.AnyKey`. */
export type KeyedServiceFactory<T> = (provider: ServiceProvider, key: unknown, consumer?: AbstractConstructor) => T

/** A class to construct, or a factory. The compiler checks `static inject` of the class against its constructor. */
export type ServiceImplementation<T, C, Factory = ServiceFactory<T>> =
  | (C & InjectCheck<C>)
  | { readonly useClass: C & InjectCheck<C> }
  | { readonly useFactory: Factory }

/** An object that exists already, which the container hands out and never disposes. */
export interface ServiceInstance<T> {
  readonly useValue: T
}

/** A class may be its own implementation; an abstract class or a token needs one. */
export type ImplementationArguments<I, Implementation> = I extends Constructor
  ? [implementation?: Implementation]
  : [implementation: Implementation]

/** What may follow the identifier of a singleton. */
export type SingletonArguments<I, C> = ImplementationArguments<
  I,
  ServiceImplementation<ServiceType<I>, C> | ServiceInstance<ServiceType<I>>
>

/** What may follow the identifier of a scoped or transient service. */
export type ServiceArguments<I, C> = ImplementationArguments<I, ServiceImplementation<ServiceType<I>, C>>

/** What may follow the identifier and the key of a singleton. */
export type KeyedSingletonArguments<I, C> = ImplementationArguments<
  I,
  ServiceImplementation<ServiceType<I>, C, KeyedServiceFactory<ServiceType<I>>> | ServiceInstance<ServiceType<I>>
>

/** What may follow the identifier and the key of a scoped or transient service. */
export type KeyedServiceArguments<I, C> = ImplementationArguments<
  I,
  ServiceImplementation<ServiceType<I>, C, KeyedServiceFactory<ServiceType<I>>>
>

/** Exactly one of the three, read and checked. */
export type ReadImplementation =
  | { readonly type: Constructor }
  | { readonly factory: (...args: never[]) => unknown }
  | { readonly instance: unknown }

export function readImplementation(identifier: ServiceIdentifier, implementation: unknown): ReadImplementation {
  const given = implementation === undefined ? identifier : implementation
  if (typeof given === 'function') return { type: given as Constructor }
  const ways =
    typeof given === 'object' && given !== null ? (['useClass', 'useFactory', 'useValue'] as const).filter(way => way in given) : []
  if (ways.length !== 1) throw coreErrors.implementationInvalid(describeService(identifier), ways)

  const value = (given as Record<string, unknown>)[ways[0] ?? '']
  if (ways[0] === 'useValue') return { instance: value }
  if (typeof value !== 'function') throw coreErrors.implementationInvalid(describeService(identifier), ways)
  return ways[0] === 'useClass' ? { type: value as Constructor } : { factory: value as () => unknown }
}
