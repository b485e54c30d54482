import { coreErrors } from '../errors/core-errors.ts'
import type { ServiceProvider } from './service-provider.ts'
import { type AbstractConstructor, type ServiceIdentifier, ServiceToken } from './service-token.ts'

/** What a parameter asks for. */
export interface Dependency {
  readonly identifier: ServiceIdentifier
  /** Undefined: the service without a key. `ServiceKey`: the key of the service that is being made. */
  readonly key: unknown
  readonly all: boolean
  readonly optional: boolean
}

/** A token that asks for another service in a particular way, which the container can look into when it validates. */
class DependencyToken<T> extends ServiceToken<T> {
  readonly dependency: Dependency

  constructor(name: string, dependency: Dependency) {
    super(name, (provider, consumer) => resolveDependency(provider, dependency, consumer) as T)
    this.dependency = dependency
  }
}

/** Stands for the key under which the service that asks for it was requested. Unkeyed services cannot ask. (.NET: [ServiceKey]) */
export const ServiceKey: ServiceToken<never> = new ServiceToken<never>('ServiceKey', () => {
  throw coreErrors.serviceKeyMissing(['ServiceKey'])
})

/** All registrations of a service, in order of registration; an empty array when there is none. (.NET: IEnumerable of T) */
export function allOf<T>(identifier: ServiceIdentifier<T>): ServiceToken<T[]> {
  // Nobody can register lists, so a list of them is empty.
  if (dependencyOf(identifier).all) return new ServiceToken(`allOf(${identifier.name})`, () => [])
  return new DependencyToken(`allOf(${identifier.name})`, { ...dependencyOf(identifier), all: true })
}

/** A service that may be missing: undefined when it is not registered. (.NET: a constructor parameter with a default value) */
export function optional<T>(identifier: ServiceIdentifier<T>): ServiceToken<T | undefined> {
  return new DependencyToken(`optional(${identifier.name})`, { ...dependencyOf(identifier), optional: true })
}

/** The service with this key; with `ServiceKey` as the key, the one with the key of the service that asks. (.NET: [FromKeyedServices]) */
export function keyed<T>(identifier: ServiceIdentifier<T>, key: unknown): ServiceToken<T> {
  return new DependencyToken(`keyed(${identifier.name})`, { ...dependencyOf(identifier), key })
}

export function dependencyOf(identifier: ServiceIdentifier): Dependency {
  if (identifier instanceof DependencyToken) return identifier.dependency
  return { identifier, key: undefined, all: false, optional: false }
}

/** Gets a dependency through the public members of a provider, whoever made that provider. */
export function resolveDependency(provider: ServiceProvider, dependency: Dependency, consumer: AbstractConstructor | undefined): unknown {
  const { identifier, key, all, optional } = dependency
  if (key === ServiceKey) throw coreErrors.serviceKeyMissing([identifier.name])
  if (all) return provider.getKeyedServices(identifier, key, consumer)
  return optional ? provider.getKeyedService(identifier, key, consumer) : provider.getRequiredKeyedService(identifier, key, consumer)
}
