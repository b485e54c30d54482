import {
  AggregateException,
  allOf,
  createServiceToken,
  InvalidOperationException,
  KeyedService,
  keyed,
  optional,
  ServiceCollection,
  ServiceKey,
  ServiceProvider,
  ServiceProviderIsKeyedService,
  ServiceProviderIsService,
  ServiceScopeFactory,
} from '@windhover/core'
import { describe, expect, it } from 'vitest'

class Clock {
  readonly kind: string = 'clock'
}

class Watch {
  static inject = [Clock] as const
  constructor(readonly clock: Clock) {}
}

class Shop {
  static inject = [Watch] as const
  constructor(readonly watch: Watch) {}
}

const Name = createServiceToken<string>('test.provider.Name')

const codeOf = (code: string, message: RegExp) =>
  expect.objectContaining({ code: `WINDHOVER_ERR_${code}`, message: expect.stringMatching(message) })

describe('what is missing', () => {
  it('is named, when it is asked for', () => {
    expect(() => new ServiceCollection().buildServiceProvider().getRequiredService(Clock)).toThrow(
      codeOf('SERVICE_MISSING', /^No service "Clock" is registered\.$/),
    )
  })

  it('is named with its key', () => {
    const provider = new ServiceCollection().addSingleton(Clock).buildServiceProvider()
    expect(() => provider.getRequiredKeyedService(Clock, 'utc')).toThrow(codeOf('SERVICE_MISSING', /"Clock \(key "utc"\)"/))
  })

  it('is shown with the way to it', () => {
    const provider = new ServiceCollection().addTransient(Watch).addTransient(Shop).buildServiceProvider()
    expect(() => provider.getService(Shop)).toThrow(codeOf('SERVICE_MISSING', /Shop -> Watch -> Clock\./))
  })

  it('is shown with the way through factories', () => {
    const provider = new ServiceCollection()
      .addTransient(Name, { useFactory: services => services.getRequiredService(Shop).watch.clock.kind })
      .addTransient(Watch)
      .addTransient(Shop)
      .buildServiceProvider()
    expect(() => provider.getService(Name)).toThrow(codeOf('SERVICE_MISSING', /test\.provider\.Name -> Shop -> Watch -> Clock/))
  })

  it('is found again after the error, when it is asked for another time', () => {
    const provider = new ServiceCollection().addSingleton(Watch).buildServiceProvider()
    for (const _ of [1, 2]) expect(() => provider.getService(Watch)).toThrow(codeOf('SERVICE_MISSING', /Watch -> Clock/))
  })

  it('is shown without what was made before', () => {
    const provider = new ServiceCollection()
      .addTransient(Clock)
      .addTransient(Shop)
      .addTransient(Name, { useFactory: () => 'name' })
      .buildServiceProvider()
    for (let count = 0; count < 1000; count++) provider.getServices(Name)
    expect(() => provider.getService(Shop)).toThrow(codeOf('SERVICE_MISSING', /: Shop -> Watch\./))
  })

  it('may be a namesake: the message says so', () => {
    const Other = class Clock {}
    const provider = new ServiceCollection().addSingleton(Other).buildServiceProvider()
    expect(() => provider.getRequiredService(Clock)).toThrow(/Another service of that name is registered/)
  })

  it('is undefined for an optional dependency, but not for what that one needs', () => {
    const provider = new ServiceCollection().addTransient(Watch).buildServiceProvider()
    expect(provider.getRequiredService(ServiceProvider).getService(optional(Clock))).toBeUndefined()
    expect(() => provider.getService(optional(Watch))).toThrow(codeOf('SERVICE_MISSING', /Watch -> Clock/))
  })
})

describe('a circle', () => {
  class Hen {
    static get inject() {
      return [Egg] as const
    }
    constructor(readonly egg: Egg) {}
  }
  class Egg {
    static get inject() {
      return [allOf(Hen)] as const
    }
    constructor(readonly hens: readonly Hen[]) {}
  }

  it('of constructors reads as a path', () => {
    const provider = new ServiceCollection().addTransient(Hen).addSingleton(Egg).buildServiceProvider()
    expect(() => provider.getService(Hen)).toThrow(codeOf('SERVICE_CYCLE', /Hen -> Egg -> Hen\./))
  })

  it.each(['addSingleton', 'addScoped', 'addTransient'] as const)('of factories reads as a path (%s)', add => {
    const services = new ServiceCollection()
    services[add](Name, { useFactory: provider => provider.getRequiredService(Clock).kind })
    services[add](Clock, { useFactory: provider => ({ kind: provider.getRequiredService(Name) }) })
    const { serviceProvider } = services.buildServiceProvider().createScope()
    expect(() => serviceProvider.getService(Name)).toThrow(codeOf('SERVICE_CYCLE', /: (.*) -> (.*) -> \1\.$/))
  })

  it('does not spoil what is asked for later', () => {
    let throughFactory = true
    const provider = new ServiceCollection()
      .addSingleton(Clock, { useFactory: services => (throughFactory ? services.getRequiredService(Clock) : new Clock()) })
      .buildServiceProvider()
    expect(() => provider.getService(Clock)).toThrow(codeOf('SERVICE_CYCLE', /Clock -> Clock/))
    throughFactory = false
    expect(provider.getService(Clock)).toBeInstanceOf(Clock)
  })
})

describe('an error of the application', () => {
  class ShopClosed extends Error {
    readonly code = 'SHOP_CLOSED'
  }

  it('keeps its identity on the way through constructors and factories', () => {
    const thrown = new ShopClosed('no', { cause: 'sunday' })
    class Broken {
      constructor() {
        throw thrown
      }
    }
    class Above {
      static inject = [Broken] as const
      constructor(readonly broken: Broken) {}
    }
    const provider = new ServiceCollection()
      .addSingleton(Broken)
      .addScoped(Above)
      .addTransient(Name, { useFactory: services => String(services.getService(Above)) })
      .buildServiceProvider()
    const { serviceProvider } = provider.createScope()
    for (const _ of [1, 2]) expect(() => serviceProvider.getService(Name)).toThrow(expect.toSatisfy(error => error === thrown))
  })

  it('may be anything', () => {
    const provider = new ServiceCollection()
      .addTransient(Clock, {
        useFactory: () => {
          throw undefined
        },
      })
      .buildServiceProvider()
    let caught: unknown = 'nothing'
    try {
      provider.getService(Clock)
    } catch (error) {
      caught = error
    }
    expect(caught).toBeUndefined()
  })
})

describe('a factory', () => {
  it.each([
    { lifetime: 'addSingleton', gets: 'the root provider' },
    { lifetime: 'addScoped', gets: 'the scope' },
    { lifetime: 'addTransient', gets: 'the scope' },
  ] as const)('of $lifetime gets $gets', ({ lifetime, gets }) => {
    const Provider = createServiceToken<{ provider: ServiceProvider }>('test.provider.Provider')
    const services = new ServiceCollection()
    services[lifetime](Provider, { useFactory: provider => ({ provider }) })
    const root = services.buildServiceProvider()
    const { serviceProvider } = root.createScope()
    expect(serviceProvider.getRequiredService(Provider).provider).toBe(gets === 'the scope' ? serviceProvider : root)
  })

  it('gets the class that is being constructed', () => {
    class Consumer {
      static inject = [Name, allOf(Name), keyed(Name, 'k'), optional(Name)] as const
      constructor(
        readonly name: string,
        readonly all: readonly string[],
        readonly keyed: string,
        readonly optional: string | undefined,
      ) {}
    }
    const provider = new ServiceCollection()
      .addTransient(Name, { useFactory: (_provider, consumer) => `for ${consumer?.name}` })
      .addKeyedTransient(Name, 'k', { useFactory: (_provider, key, consumer) => `${key} for ${consumer?.name}` })
      .addSingleton(Consumer)
      .buildServiceProvider()
    expect({ ...provider.getRequiredService(Consumer) }).toStrictEqual({
      name: 'for Consumer',
      all: ['for Consumer'],
      keyed: 'k for Consumer',
      optional: 'for Consumer',
    })
    expect(provider.getRequiredService(Name)).toBe('for undefined')
    expect(provider.getRequiredService(Name, Clock)).toBe('for Clock')
    expect(provider.getServices(Name, Clock)).toStrictEqual(['for Clock'])
    expect(provider.getRequiredKeyedService(Name, 'k', Clock)).toBe('k for Clock')
  })

  it.each([{ value: undefined }, { value: null }, { value: 0 }, { value: '' }, { value: false }])(
    'may make $value, once for a singleton',
    ({ value }) => {
      const Value = createServiceToken<unknown>('test.provider.Value')
      let calls = 0
      const useFactory = () => {
        calls++
        return value
      }
      const root = new ServiceCollection().addSingleton(Value, { useFactory }).buildServiceProvider()
      expect([root.getService(Value), root.getService(Value), root.getServices(Value)]).toStrictEqual([value, value, [value]])
      expect(calls).toBe(1)
    },
  )

  it('may be asynchronous: the service is the promise', async () => {
    const Later = createServiceToken<Promise<Clock>>('test.provider.Later')
    const provider = new ServiceCollection()
      .addSingleton(Clock)
      .addScoped(Later, { useFactory: async services => services.getRequiredService(Clock) })
      .buildServiceProvider()
    const { serviceProvider } = provider.createScope()
    expect(serviceProvider.getService(Later)).toBe(serviceProvider.getService(Later))
    expect(await serviceProvider.getService(Later)).toBe(provider.getService(Clock))
  })
})

describe('a value', () => {
  it.each([{ value: undefined }, { value: null }, { value: 0 }])('of $value is handed out as it is', ({ value }) => {
    const Value = createServiceToken<unknown>('test.provider.Value')
    const provider = new ServiceCollection().addSingleton(Value, { useValue: value }).buildServiceProvider()
    expect(provider.getService(Value)).toBe(value)
  })

  it('for any key is the same for every key', () => {
    const clock = new Clock()
    const provider = new ServiceCollection().addKeyedSingleton(Clock, KeyedService.AnyKey, { useValue: clock }).buildServiceProvider()
    expect([provider.getKeyedService(Clock, 'a'), provider.getKeyedService(Clock, 2)]).toStrictEqual([clock, clock])
  })
})

describe('a registration for any key', () => {
  it('keeps one object for each key in each scope', () => {
    const provider = new ServiceCollection().addKeyedScoped(Clock, KeyedService.AnyKey).buildServiceProvider()
    const [one, other] = [provider.createScope().serviceProvider, provider.createScope().serviceProvider]
    expect(one.getKeyedService(Clock, 'a')).toBe(one.getKeyedService(Clock, 'a'))
    expect(one.getKeyedService(Clock, 'a')).not.toBe(one.getKeyedService(Clock, 'b'))
    expect(one.getKeyedService(Clock, 'a')).not.toBe(other.getKeyedService(Clock, 'a'))
  })

  it('gives its key to those that are made for it', () => {
    class Tenant {
      static inject = [ServiceKey, keyed(Name, ServiceKey)] as const
      constructor(
        readonly id: string,
        readonly name: string,
      ) {}
    }
    const provider = new ServiceCollection()
      .addKeyedScoped(Tenant, KeyedService.AnyKey)
      .addKeyedSingleton(Name, KeyedService.AnyKey, { useFactory: (_provider, key) => `name of ${key}` })
      .buildServiceProvider()
    expect({ ...provider.getKeyedService(Tenant, 'x') }).toStrictEqual({ id: 'x', name: 'name of x' })
    expect({ ...provider.getKeyedService(Tenant, 'y') }).toStrictEqual({ id: 'y', name: 'name of y' })
  })

  it('stands for many, so that one dependency cannot ask for it', () => {
    class One {
      static inject = [keyed(Clock, KeyedService.AnyKey)] as const
      constructor(readonly clock: Clock) {}
    }
    class All {
      static inject = [allOf(keyed(Clock, KeyedService.AnyKey))] as const
      constructor(readonly clocks: readonly Clock[]) {}
    }
    const provider = new ServiceCollection()
      .addKeyedSingleton(Clock, KeyedService.AnyKey)
      .addKeyedSingleton(Clock, 'a')
      .addTransient(One)
      .addTransient(All)
      .buildServiceProvider()
    expect(() => provider.getService(One)).toThrow(codeOf('ANY_KEY_REQUESTED', /"Clock"/))
    expect(() => provider.getKeyedService(Clock, KeyedService.AnyKey)).toThrow(codeOf('ANY_KEY_REQUESTED', /"Clock"/))
    expect(provider.getRequiredService(All).clocks).toStrictEqual([provider.getKeyedService(Clock, 'a')])
  })

  it('makes another attempt for a key whose factory threw', () => {
    let calls = 0
    const provider = new ServiceCollection()
      .addKeyedSingleton(Name, KeyedService.AnyKey, {
        useFactory: (_provider, key) => {
          if (++calls === 1) throw new RangeError('first')
          return `${key}`
        },
      })
      .buildServiceProvider()
    expect(() => provider.getKeyedService(Name, 'a')).toThrow(RangeError)
    expect(provider.getKeyedService(Name, 'a')).toBe('a')
  })

  it.each([{ key: '__proto__' }, { key: 'constructor' }, { key: 1 }, { key: Symbol('s') }, { key: {} }, { key: Number.NaN }])(
    'takes the key $key like any other',
    ({ key }) => {
      const provider = new ServiceCollection()
        .addKeyedSingleton(Name, KeyedService.AnyKey, { useFactory: (_p, own) => String(Object.is(own, key)) })
        .buildServiceProvider()
      expect(provider.getKeyedService(Name, key)).toBe('true')
    },
  )
})

describe('the services of all keys', () => {
  it('are made with the key of their registration', () => {
    const useFactory = (_provider: ServiceProvider, key: unknown) => `made for ${key}`
    const provider = new ServiceCollection()
      .addKeyedTransient(Name, 'a', { useFactory })
      .addKeyedTransient(Name, 'b', { useFactory })
      .buildServiceProvider()
    expect(provider.getKeyedServices(Name, KeyedService.AnyKey)).toStrictEqual(['made for a', 'made for b'])
  })
})

describe('ServiceKey', () => {
  class Keyed {
    static inject = [ServiceKey] as const
    constructor(readonly key: string) {}
  }

  it('of a service without a key is an error that shows the way', () => {
    const provider = new ServiceCollection().addTransient(Keyed).buildServiceProvider()
    expect(() => provider.getService(Keyed)).toThrow(codeOf('SERVICE_KEY_MISSING', /Keyed -> ServiceKey/))
  })

  it('cannot be asked for', () => {
    expect(() => new ServiceCollection().buildServiceProvider().getService(ServiceKey)).toThrow(codeOf('SERVICE_KEY_MISSING', /ServiceKey/))
  })
})

describe('a token that resolves by itself', () => {
  const Greeting = createServiceToken<string>(
    'test.provider.Greeting',
    (provider, consumer) => `${provider.getRequiredService(Clock).kind} of ${consumer?.name}`,
  )

  it('needs no registration', () => {
    class Greeter {
      static inject = [Greeting] as const
      constructor(readonly greeting: string) {}
    }
    const provider = new ServiceCollection().addSingleton(Clock).addTransient(Greeter).buildServiceProvider({ validateOnBuild: true })
    expect(provider.getService(Greeting)).toBe('clock of undefined')
    expect(provider.getRequiredService(Greeter).greeting).toBe('clock of Greeter')
    expect(provider.getRequiredService(ServiceProviderIsService).isService(Greeting)).toBe(true)
    expect(provider.getKeyedService(Greeting, 'k')).toBeUndefined()
  })

  it('gives way to a registration', () => {
    const provider = new ServiceCollection().addSingleton(Greeting, { useValue: 'hello' }).buildServiceProvider()
    expect(provider.getService(Greeting)).toBe('hello')
  })
})

describe('every provider offers', () => {
  it('itself, the same factory of scopes, and the question whether something is a service', () => {
    const root = new ServiceCollection().addSingleton(Clock).addKeyedSingleton(Watch, 'k').buildServiceProvider()
    const { serviceProvider } = root.getRequiredService(ServiceScopeFactory).createScope()
    expect(serviceProvider.getService(ServiceProvider)).toBe(serviceProvider)
    expect(serviceProvider.getService(ServiceScopeFactory)).toBe(root.getService(ServiceScopeFactory))
    const query = serviceProvider.getRequiredService(ServiceProviderIsKeyedService)
    const services = [Clock, Watch, ServiceProvider, ServiceScopeFactory, allOf(Shop), optional(Shop)]
    expect(services.map(service => query.isService(service))).toStrictEqual([true, false, true, true, true, true])
    expect(['k', 'l', undefined].map(key => query.isKeyedService(Watch, key))).toStrictEqual([true, false, false])
    expect(query.isKeyedService(Clock, null)).toBe(true)
  })

  it('a new array for each question for all', () => {
    const provider = new ServiceCollection().addSingleton(Clock).buildServiceProvider()
    provider.getServices(Clock).pop()
    expect(provider.getServices(Clock)).toHaveLength(1)
  })
})

describe('scope validation', () => {
  class ScopedShop {
    static inject = [Watch] as const
    constructor(readonly watch: Watch) {}
  }

  it('shows the way from the root to the scoped service', () => {
    const provider = new ServiceCollection().addScoped(Clock).addTransient(Watch).buildServiceProvider({ validateScopes: true })
    expect(() => provider.getService(Watch)).toThrow(codeOf('SCOPED_FROM_ROOT', /"Clock" is scoped.*Watch -> Clock/))
  })

  it('shows the way from the singleton to the scoped service', () => {
    const provider = new ServiceCollection()
      .addScoped(Clock)
      .addTransient(Watch)
      .addSingleton(ScopedShop)
      .buildServiceProvider({ validateScopes: true })
    const { serviceProvider } = provider.createScope()
    expect(() => serviceProvider.getService(ScopedShop)).toThrow(
      codeOf('SCOPED_IN_SINGLETON', /singleton "ScopedShop".*"Clock".*ScopedShop -> Watch -> Clock/),
    )
  })

  it('looks into keyed dependencies and lists', () => {
    class Listing {
      static inject = [allOf(Clock), optional(keyed(Clock, 'k'))] as const
      constructor(
        readonly all: readonly Clock[],
        readonly one: Clock | undefined,
      ) {}
    }
    const provider = new ServiceCollection()
      .addSingleton(Clock)
      .addKeyedScoped(Clock, 'k')
      .addTransient(Listing)
      .buildServiceProvider({ validateScopes: true })
    expect(() => provider.getService(Listing)).toThrow(codeOf('SCOPED_FROM_ROOT', /Listing -> Clock \(key "k"\)/))
  })

  it('is off unless asked for', () => {
    expect(new ServiceCollection().addScoped(Clock).buildServiceProvider().getService(Clock)).toBeInstanceOf(Clock)
  })
})

describe('validation on build', () => {
  it('collects what is wrong with every registration, with its way', () => {
    class Unreadable {
      constructor(readonly clock: Clock) {}
    }
    const services = new ServiceCollection()
      .addTransient(Shop)
      .addTransient(Watch)
      .addScoped(Unreadable)
      .addSingleton(Name, { useValue: 'fine' })
    const build = () => services.buildServiceProvider({ validateOnBuild: true })
    expect(build).toThrow(AggregateException)
    expect(build).toThrow(
      expect.objectContaining({
        code: 'WINDHOVER_ERR_SERVICES_INVALID',
        message: expect.stringMatching(/Shop -> Watch -> Clock.*Watch -> Clock.*"Unreadable"/s),
        innerExceptions: [
          expect.any(InvalidOperationException),
          expect.any(InvalidOperationException),
          expect.any(InvalidOperationException),
        ],
      }),
    )
  })

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    ['Clock', 'a string'],
  ])('refuses to look for %s, which most often is a class that is not loaded yet', (identifier, kind) => {
    const provider = new ServiceCollection().addSingleton(Clock).buildServiceProvider()
    const error = expect.objectContaining({
      code: 'WINDHOVER_ERR_SERVICE_IDENTIFIER',
      message: expect.stringContaining(
        `but got ${kind}. A class that is undefined here comes from a module that imports this one in turn.`,
      ),
    })
    expect(() => provider.getRequiredService(identifier as never)).toThrow(error)
    expect(() => provider.getService(identifier as never)).toThrow(error)
  })
})
