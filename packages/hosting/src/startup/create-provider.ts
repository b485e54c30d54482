import type { ServiceCollection, ServiceProvider, ServiceProviderFactory } from '@windhover/core'

/** Builds the container of an application; from then on the registrations are final. */
export function createProvider(
  services: ServiceCollection,
  factory: ServiceProviderFactory,
  configureContainer: (containerBuilder: unknown) => void = () => {},
): ServiceProvider {
  const containerBuilder = factory.createBuilder(services)
  configureContainer(containerBuilder)
  const provider = factory.createServiceProvider(containerBuilder)
  services.makeReadOnly()
  return provider
}
