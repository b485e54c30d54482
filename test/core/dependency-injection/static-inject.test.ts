import { allOf, createServiceToken, keyed, optional, ServiceCollection, ServiceKey } from '@windhover/core'
import { describe, expect, expectTypeOf, it } from 'vitest'

class Clock {
  readonly kind = 'clock'
}

abstract class Logger {
  abstract log(text: string): void
}

class SilentLogger extends Logger {
  static inject = [Clock] as const

  constructor(readonly clock: Clock) {
    super()
  }

  log(): void {}
}

interface Settings {
  readonly name: string
}

const Settings = createServiceToken<Settings>('test.static-inject.Settings')

function make<T>(type: new (...args: never[]) => T): T {
  return new ServiceCollection()
    .addSingleton(Clock)
    .addSingleton(Logger, SilentLogger)
    .addSingleton(Settings, { useValue: { name: 'x' } })
    .addKeyedSingleton(Clock, 'utc')
    .addKeyedTransient(type, 'key')
    .buildServiceProvider()
    .getRequiredKeyedService(type, 'key')
}

describe('static inject', () => {
  it('lists the services of the constructor', () => {
    class Watch {
      static inject = [Clock, Logger, Settings, allOf(Clock), optional(Watch), keyed(Clock, 'utc'), ServiceKey] as const
      readonly parts: readonly unknown[]
      constructor(clock: Clock, logger: Logger, settings: Settings, all: Clock[], none: Watch | undefined, utc: Clock, key: string) {
        this.parts = [clock, logger, settings.name, all.length, none, utc.kind, key]
      }
    }
    expect(make(Watch).parts).toStrictEqual([new Clock(), expect.any(SilentLogger), 'x', 1, undefined, 'clock', 'key'])
  })

  it.each([1, 2, 3, 4, 5, 6])('works for %i parameters', count => {
    class Watch {
      static inject = Array.from({ length: count }, () => Clock)
      readonly parts: readonly Clock[]
      constructor(...parts: readonly Clock[]) {
        this.parts = parts
      }
    }
    expect(make(Watch).parts).toStrictEqual(Array.from({ length: count }, () => new Clock()))
  })

  it('may be an object with a list for the constructor and lists for methods', () => {
    class Startup {
      static inject = { constructor: [Clock], configure: [Logger] } as const
      constructor(readonly clock: Clock) {}
      configure(_app: unknown, _logger: Logger): void {}
    }
    expect(make(Startup).clock).toBeInstanceOf(Clock)
  })

  it('does not take the constructor that every object inherits for a list', () => {
    class Startup {
      static inject = { configure: [Logger] } as const
      configure(_app: unknown, _logger: Logger): void {}
    }
    expect(make(Startup)).toBeInstanceOf(Startup)
  })

  it('may be a getter, for modules that import each other', () => {
    class Watch {
      static get inject() {
        return [Later] as const
      }
      constructor(readonly later: Later) {}
    }
    class Later {
      readonly kind = 'later'
    }
    const provider = new ServiceCollection().addSingleton(Later).addTransient(Watch).buildServiceProvider()
    expect(provider.getRequiredService(Watch).later.kind).toBe('later')
  })

  it('is read once, however many providers construct the class', () => {
    let reads = 0
    class Watch {
      static get inject() {
        reads++
        return [Clock] as const
      }
      constructor(readonly clock: Clock) {}
    }
    for (const _ of [1, 2]) {
      const provider = new ServiceCollection().addSingleton(Clock).addTransient(Watch).buildServiceProvider({ validateOnBuild: true })
      expect(provider.getServices(Watch)).not.toStrictEqual(provider.getServices(Clock))
    }
    expect(reads).toBe(1)
  })

  it('wins over decorators and metadata', () => {
    class Watch {
      static inject = [Clock] as const
      constructor(readonly clock: unknown) {}
    }
    Reflect.defineMetadata('design:paramtypes', [Logger], Watch)
    expect(make(Watch).clock).toBeInstanceOf(Clock)
  })

  it('counts for a subclass without a constructor of its own', () => {
    class Watch {
      static inject = [Clock] as const
      constructor(readonly clock: Clock) {}
    }
    class Smartwatch extends Watch {
      readonly apps = ['constructor'].join()
      restart = (): unknown => this.constructor
    }
    expect(make(Smartwatch).clock).toBeInstanceOf(Clock)
  })

  it('of the base may be taken over by name', () => {
    class Watch {
      static inject: readonly [typeof Clock] = [Clock]
      constructor(readonly clock: Clock) {}
    }
    class Smartwatch extends Watch {
      static override inject = Watch.inject
      readonly second: Clock
      constructor(clock: Clock) {
        super(clock)
        this.second = clock
      }
    }
    expect(make(Smartwatch).second).toBeInstanceOf(Clock)
  })
})

describe('static inject that does not fit', () => {
  class Base {
    static inject: readonly (typeof Clock)[] = [Clock]
    constructor(readonly clock: Clock) {}
  }

  class OneParameterMore extends Base {
    constructor(
      clock: Clock,
      readonly logger: Logger,
    ) {
      super(clock)
    }
  }

  class NoParameter extends Base {
    constructor() {
      super(new Clock())
    }
  }

  class Undecorated {
    constructor(
      readonly clock: Clock,
      readonly logger: Logger,
    ) {}
  }

  class OneParameter {
    constructor(readonly clock: Clock) {}
  }

  class TooShort {
    static inject: readonly (typeof Clock)[] = [Clock]
    constructor(
      readonly clock: Clock,
      readonly logger: Logger,
    ) {}
  }

  class WithText {
    static inject: readonly never[] = ['clock'] as never
    constructor(readonly clock: Clock) {}
  }

  class WithUndefined {
    static inject: readonly never[] = [undefined] as never
    constructor(readonly clock: Clock) {}
  }

  class NotAList {
    static inject: unknown = { constructor: Clock }
    constructor(readonly clock: Clock) {}
  }

  it.each([
    {
      name: 'inherited by a class with more parameters',
      type: OneParameterMore,
      code: 'INJECT_INHERITED',
      message: /"OneParameterMore".*"Base".*own/,
    },
    {
      name: 'inherited by a class whose constructor takes nothing',
      type: NoParameter,
      code: 'INJECT_INHERITED',
      message: /"NoParameter".*"Base"/,
    },
    {
      name: 'missing for two parameters',
      type: Undecorated,
      code: 'DEPENDENCIES_UNKNOWN',
      message: /"Undecorated" takes 2 parameters.*static inject/,
    },
    { name: 'missing for one parameter', type: OneParameter, code: 'DEPENDENCIES_UNKNOWN', message: /"OneParameter" takes a parameter/ },
    { name: 'too short', type: TooShort, code: 'PARAMETER_UNKNOWN', message: /parameter 1 of "TooShort.constructor"/ },
    {
      name: 'with a text in it',
      type: WithText,
      code: 'PARAMETER_NOT_A_SERVICE',
      message: /parameter 0 of "WithText.constructor".*the text "clock"/,
    },
    { name: 'with a hole of a module cycle', type: WithUndefined, code: 'PARAMETER_NOT_A_SERVICE', message: /import each other/ },
    { name: 'that is no list', type: NotAList, code: 'INJECT_NOT_A_LIST', message: /"NotAList"/ },
  ])('is a coded error: $name', ({ type, code, message }) => {
    const unchecked = type as new (...args: never[]) => object
    const provider = new ServiceCollection().addSingleton(Clock).addTransient(unchecked).buildServiceProvider()
    expect(() => provider.getService(unchecked)).toThrow(
      expect.objectContaining({ code: `WINDHOVER_ERR_${code}`, message: expect.stringMatching(message) }),
    )
  })
})

describe('the compiler', () => {
  const services = new ServiceCollection()

  class WrongType {
    static inject = [Clock] as const
    constructor(readonly name: string) {}
  }

  class TooFew {
    static inject = [Clock] as const
    constructor(
      readonly clock: Clock,
      readonly logger: Logger,
    ) {}
  }

  class TooMany {
    static inject = [Clock, Logger] as const
    constructor(readonly clock: Clock) {}
  }

  class WrongInObject {
    static inject = { constructor: [Clock] } as const
    constructor(readonly name: string) {}
  }

  class WrongLogger extends Logger {
    static inject = [Clock] as const
    constructor(readonly name: string) {
      super()
    }
    log(): void {}
  }

  it('refuses a list that does not fit the constructor', () => {
    // @ts-expect-error Property ''static inject does not fit the constructor'' is missing
    services.addSingleton(WrongType)
    // @ts-expect-error the list is too short
    services.addScoped(TooFew)
    // @ts-expect-error the list is too long
    services.addTransient(TooMany)
    // @ts-expect-error the list is in an object
    services.addSingleton(WrongInObject)
    // @ts-expect-error the class is the implementation
    services.addSingleton(Logger, WrongLogger)
    // @ts-expect-error the class is the implementation, in an object
    services.tryAddScoped(Logger, { useClass: WrongLogger })
    // @ts-expect-error with a key
    services.addKeyedSingleton(Logger, 'key', WrongLogger)
    expect(services.count, 'at run time six are added: the constructor is not called yet').toBe(6)
  })

  it('says what is injected and what the constructor takes', () => {
    type Shown = Parameters<typeof services.addSingleton<typeof WrongType>>[0]
    expectTypeOf<Shown['static inject does not fit the constructor']>().toEqualTypeOf<{
      readonly injected: [Clock]
      readonly constructor: [name: string]
    }>()
  })

  it('asks for "as const" when it cannot tell the order', () => {
    class Loose {
      static inject = [Clock, Logger]
      constructor(
        readonly clock: Clock,
        readonly logger: Logger,
      ) {}
    }
    // @ts-expect-error Property ''static inject needs "as const"'' is missing
    services.addSingleton(Loose)
    expectTypeOf<Parameters<typeof services.addSingleton<typeof Loose>>[0]>().toHaveProperty('static inject needs "as const"')
  })

  it('takes a list of any length for a constructor that takes any number', () => {
    class Loose {
      static inject = [Clock, Clock]
      readonly count: number
      constructor(...clocks: readonly Clock[]) {
        this.count = clocks.length
      }
    }
    expect(new ServiceCollection().addSingleton(Clock).addSingleton(Loose).buildServiceProvider().getRequiredService(Loose).count).toBe(2)
  })

  it('refuses an implementation of another type', () => {
    // @ts-expect-error Clock has no log
    services.addSingleton(Logger, Clock)
    // @ts-expect-error the factory makes something else
    services.addSingleton(Clock, { useFactory: () => 5 })
    // @ts-expect-error the value is something else
    services.addSingleton(Settings, { useValue: { name: 5 } })
  })

  it('asks for an implementation of what cannot be constructed', () => {
    // @ts-expect-error an abstract class
    services.addSingleton(Logger)
    // @ts-expect-error a token
    expect(() => services.addSingleton(Settings)).toThrow()
  })

  it('offers useValue for singletons only', () => {
    // @ts-expect-error one object for all is a singleton
    expect(() => services.addScoped(Settings, { useValue: { name: 'x' } })).toThrow(/useValue/)
    // @ts-expect-error one object for all is a singleton
    expect(() => services.addKeyedTransient(Settings, 'key', { useValue: { name: 'x' } })).toThrow(/useValue/)
  })

  it('knows the types of factories and services', () => {
    services.addSingleton(Settings, {
      useFactory: (provider, consumer) => {
        expectTypeOf(provider.getRequiredService(Clock)).toEqualTypeOf<Clock>()
        expectTypeOf(consumer?.name).toEqualTypeOf<string | undefined>()
        return { name: 'x' }
      },
    })
    services.addKeyedScoped(Clock, 'key', {
      useFactory: (_provider, key) => {
        expectTypeOf(key).toEqualTypeOf<unknown>()
        return new Clock()
      },
    })
    const provider = services.buildServiceProvider()
    expectTypeOf(provider.getService(Settings)).toEqualTypeOf<Settings | undefined>()
    expectTypeOf(provider.getServices(Logger)).toEqualTypeOf<Logger[]>()
    expectTypeOf(provider.getRequiredService(allOf(Logger))).toEqualTypeOf<Logger[]>()
    expectTypeOf(provider.getRequiredService(optional(Clock))).toEqualTypeOf<Clock | undefined>()
    expectTypeOf(provider.getKeyedService(keyed(Clock, 'a'), 'b')).toEqualTypeOf<Clock | undefined>()
    expect(provider.getRequiredService(Settings)).toStrictEqual({ name: 'x' })
  })
})
