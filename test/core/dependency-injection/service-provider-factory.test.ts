import {
  DefaultServiceProviderFactory,
  ServiceCollection,
  type ServiceIdentifier,
  ServiceProvider,
  ServiceProviderFactory,
} from '@windhover/core'
import { describe, expect, it } from 'vitest'

class Clock {}

describe('the default factory', () => {
  it('has the registrations themselves as the builder', () => {
    const services = new ServiceCollection()
    const factory = new DefaultServiceProviderFactory()
    expect(factory.createBuilder(services)).toBe(services)
    services.addSingleton(Clock)
    expect(factory.createServiceProvider(services).getService(Clock)).toBeInstanceOf(Clock)
  })

  it.each([
    { options: { validateScopes: true }, code: 'WINDHOVER_ERR_SCOPED_FROM_ROOT' },
    { options: { validateOnBuild: true }, code: 'WINDHOVER_ERR_SERVICES_INVALID' },
  ])('passes on $options', ({ options, code }) => {
    class Watch {
      static inject = [ServiceCollection] as const
      constructor(readonly missing: ServiceCollection) {}
    }
    const services = new ServiceCollection().addScoped(Clock)
    if (options.validateOnBuild) services.addTransient(Watch)
    expect(() => new DefaultServiceProviderFactory(options).createServiceProvider(services).getService(Clock)).toThrow(
      expect.objectContaining({ code }),
    )
  })
})

describe('a factory of another container', () => {
  it('may make its provider from a builder of its own', () => {
    class MapProvider extends ServiceProvider {
      readonly #objects: ReadonlyMap<unknown, unknown>
      constructor(objects: ReadonlyMap<unknown, unknown>) {
        super()
        this.#objects = objects
      }
      getService<T>(identifier: ServiceIdentifier<T>): T | undefined {
        return this.#objects.get(identifier) as T | undefined
      }
      getServices<T>(identifier: ServiceIdentifier<T>): T[] {
        return [this.getService(identifier)].filter(service => service !== undefined)
      }
      getKeyedService<T>(): T | undefined {
        return undefined
      }
      getKeyedServices<T>(): T[] {
        return []
      }
    }
    class MapFactory extends ServiceProviderFactory<Map<unknown, unknown>> {
      createBuilder(services: ServiceCollection) {
        return new Map(Array.from(services, ({ identifier, implementationInstance }) => [identifier, implementationInstance]))
      }
      createServiceProvider(builder: Map<unknown, unknown>) {
        return new MapProvider(builder)
      }
    }
    const factory = new MapFactory()
    const clock = new Clock()
    const provider = factory.createServiceProvider(factory.createBuilder(new ServiceCollection().addSingleton(Clock, { useValue: clock })))
    expect(provider.getRequiredService(Clock)).toBe(clock)
    expect(() => provider.createScope()).toThrow(/ServiceScopeFactory/)
  })
})
