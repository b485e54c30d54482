import type { AbstractConstructor, ServiceCollection, ServiceDescriptor, ServiceProvider } from '@windhover/core'

/** Puts a wrapper in the place of a singleton. What was registered last stays registered, under a key, so that the container goes on to own it. */
export function wrapService<T>(services: ServiceCollection, identifier: AbstractConstructor<T>, wrap: (inner: T) => T): void {
  const key = Symbol(`${identifier.name} of the application`)
  const last = [...services].findLast(descriptor => descriptor.identifier === identifier && !descriptor.isKeyed)
  if (last === undefined) return
  services.remove(last)
  services.addKeyedSingleton(identifier, key, implementationOf(last) as never)
  services.addSingleton(identifier, {
    useFactory: (provider: ServiceProvider) => wrap(provider.getRequiredKeyedService(identifier, key)),
  } as never)
}

function implementationOf({ implementationType, implementationFactory, implementationInstance }: ServiceDescriptor): object {
  if (implementationType !== undefined) return { useClass: implementationType }
  return implementationFactory === undefined ? { useValue: implementationInstance } : { useFactory: implementationFactory }
}
