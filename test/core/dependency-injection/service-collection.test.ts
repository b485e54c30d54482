import {
  type AbstractConstructor,
  ArgumentException,
  ArgumentNullException,
  createServiceToken,
  ServiceCollection,
  ServiceDescriptor,
  ServiceLifetime,
} from '@windhover/core'
import { describe, expect, it } from 'vitest'

abstract class Clock {
  readonly kind: string = 'clock'
}

class First extends Clock {}
class Second extends Clock {}

const Name = createServiceToken<string>('test.collection.Name')

const typesOf = (services: ServiceCollection): unknown[] => [...services].map(descriptor => descriptor.implementationType)

describe('ServiceCollection', () => {
  it('is a list of descriptors in order of registration', () => {
    const services = new ServiceCollection()
      .addSingleton(First)
      .addKeyedScoped(Clock, 'k', Second)
      .addTransient(Clock, { useFactory: () => new First() })
    expect(services.count).toBe(3)
    expect(
      Array.from(services, descriptor => [descriptor.identifier, descriptor.key, descriptor.lifetime, descriptor.implementationType]),
    ).toStrictEqual([
      [First, undefined, ServiceLifetime.Singleton, First],
      [Clock, 'k', ServiceLifetime.Scoped, Second],
      [Clock, undefined, ServiceLifetime.Transient, undefined],
    ])
  })

  it.each([
    { lifetime: 'singleton', tryAdd: (services: ServiceCollection, type: typeof First) => services.tryAddSingleton(Clock, type) },
    { lifetime: 'scoped', tryAdd: (services: ServiceCollection, type: typeof First) => services.tryAddScoped(Clock, type) },
    { lifetime: 'transient', tryAdd: (services: ServiceCollection, type: typeof First) => services.tryAddTransient(Clock, type) },
  ])('tries to add a $lifetime service only if there is none yet', ({ lifetime, tryAdd }) => {
    const services = new ServiceCollection()
    tryAdd(services, First)
    tryAdd(services, Second)
    expect(typesOf(services)).toStrictEqual([First])
    expect([...services][0]?.lifetime).toBe(lifetime)
  })

  it.each([
    {
      lifetime: 'singleton',
      tryAdd: (services: ServiceCollection, key: string, type: typeof First) => services.tryAddKeyedSingleton(Clock, key, type),
    },
    {
      lifetime: 'scoped',
      tryAdd: (services: ServiceCollection, key: string, type: typeof First) => services.tryAddKeyedScoped(Clock, key, type),
    },
    {
      lifetime: 'transient',
      tryAdd: (services: ServiceCollection, key: string, type: typeof First) => services.tryAddKeyedTransient(Clock, key, type),
    },
  ])('looks at the key when it tries to add a $lifetime service', ({ lifetime, tryAdd }) => {
    const services = new ServiceCollection().addSingleton(Clock, Second)
    tryAdd(services, 'a', First)
    tryAdd(services, 'a', Second)
    tryAdd(services, 'b', Second)
    expect(typesOf(services)).toStrictEqual([Second, First, Second])
    expect([...services].at(-1)?.lifetime).toBe(lifetime)
  })

  it('takes a key of null for no key', () => {
    const services = new ServiceCollection().addKeyedSingleton(Clock, null, {
      useFactory: (_provider, key) => Object.assign(new First(), { key }),
    })
    expect([...services][0]?.isKeyed).toBe(false)
    expect(services.buildServiceProvider().getRequiredService(Clock)).toMatchObject({ key: undefined })
  })

  it('removes one descriptor, and says whether it was there', () => {
    const descriptor = ServiceDescriptor.singleton(First)
    const services = new ServiceCollection().addSingleton(First).add(descriptor)
    expect(services.remove(descriptor)).toBe(true)
    expect(services.remove(descriptor)).toBe(false)
    expect(services.count).toBe(1)
  })

  it('removes the registrations with one key', () => {
    const services = new ServiceCollection()
      .addKeyedSingleton(Clock, 'a', First)
      .addKeyedSingleton(Clock, 'b', Second)
      .addSingleton(Clock, First)
    expect(typesOf(services.removeAllKeyed(Clock, 'a'))).toStrictEqual([Second, First])
    expect(typesOf(services.removeAllKeyed(Clock, null))).toStrictEqual([Second])
  })

  it('replaces the first registration with the same key', () => {
    const services = new ServiceCollection().addSingleton(Clock, First).addKeyedSingleton(Clock, 'a', First)
    services.replace(ServiceDescriptor.keyedTransient(Clock, 'a', Second))
    expect(typesOf(services)).toStrictEqual([First, Second])
  })

  it('builds a provider from what it holds at that moment', () => {
    const services = new ServiceCollection()
    const provider = services.buildServiceProvider()
    services.addSingleton(First)
    expect(provider.getService(First)).toBeUndefined()
  })

  it.each([
    { name: 'add', change: (services: ServiceCollection) => services.addSingleton(First) },
    { name: 'tryAdd', change: (services: ServiceCollection) => services.tryAddSingleton(Clock, Second) },
    {
      name: 'tryAddEnumerable',
      change: (services: ServiceCollection) => services.tryAddEnumerable(ServiceDescriptor.singleton(Clock, Second)),
    },
    { name: 'replace', change: (services: ServiceCollection) => services.replace(ServiceDescriptor.singleton(Clock, Second)) },
    { name: 'removeAll', change: (services: ServiceCollection) => services.removeAll(Clock) },
    { name: 'remove', change: (services: ServiceCollection) => services.remove(ServiceDescriptor.singleton(Clock, Second)) },
  ])('refuses $name once it is read-only', ({ change }) => {
    const services = new ServiceCollection().addSingleton(Clock, First)
    services.makeReadOnly()
    expect(services.isReadOnly).toBe(true)
    expect(() => change(services)).toThrow(expect.objectContaining({ code: 'WINDHOVER_ERR_SERVICES_READ_ONLY' }))
    expect(typesOf(services)).toStrictEqual([First])
  })
})

describe('a registration', () => {
  const unchecked = First as AbstractConstructor as typeof First

  it.each([
    { name: 'without anything', identifier: undefined, implementation: unchecked, type: ArgumentNullException, message: /identifier/ },
    { name: 'by a text', identifier: 'clock', implementation: unchecked, type: ArgumentException, message: /but got a string/ },
    {
      name: 'of a token alone',
      identifier: Name,
      implementation: undefined,
      type: ArgumentException,
      message: /test.collection.Name needs/,
    },
    { name: 'with null', identifier: Clock, implementation: null, type: ArgumentException, message: /Clock needs/ },
    { name: 'with an empty object', identifier: Clock, implementation: {}, type: ArgumentException, message: /Clock needs/ },
    {
      name: 'in two ways',
      identifier: Clock,
      implementation: { useClass: First, useValue: 1 },
      type: ArgumentException,
      message: /useClass and useValue/,
    },
    {
      name: 'with a class that is none',
      identifier: Clock,
      implementation: { useClass: 'First' },
      type: ArgumentException,
      message: /needs/,
    },
    {
      name: 'with a factory that is none',
      identifier: Clock,
      implementation: { useFactory: {} },
      type: ArgumentException,
      message: /needs/,
    },
  ])('$name is an argument error', ({ identifier, implementation, type, message }) => {
    const register = () => new ServiceCollection().addSingleton(identifier as never as typeof Clock, implementation as never)
    expect(register).toThrow(type)
    expect(register).toThrow(message)
  })

  it('never changes', () => {
    const descriptor = ServiceDescriptor.singleton(First)
    expect(() => Object.assign(descriptor, { lifetime: 'scoped' })).toThrow(TypeError)
  })

  it('reads as its service and lifetime', () => {
    expect(String(ServiceDescriptor.keyedScoped(Clock, 'utc', First))).toBe('Clock (key "utc") (scoped)')
  })

  it.each([
    { name: 'the service itself', descriptor: ServiceDescriptor.singleton(First) },
    { name: 'a plain object', descriptor: ServiceDescriptor.singleton(Name, { useValue: Object.create(null) }) },
    { name: 'undefined', descriptor: ServiceDescriptor.singleton(createServiceToken<undefined>('test.nothing'), { useValue: undefined }) },
  ])('of $name cannot be told apart by tryAddEnumerable', ({ descriptor }) => {
    expect(() => new ServiceCollection().tryAddEnumerable(descriptor)).toThrow(
      expect.objectContaining({ code: 'WINDHOVER_ERR_SERVICE_INDISTINGUISHABLE' }),
    )
  })
})
