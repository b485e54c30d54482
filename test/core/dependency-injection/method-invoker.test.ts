import {
  createMethodInvoker,
  createServiceToken,
  fromKeyedServices,
  fromServices,
  keyed,
  ServiceCollection,
  type ServiceIdentifier,
} from '@windhover/core'
import { describe, expect, it } from 'vitest'

class Clock {
  readonly kind = 'clock'
}

class Missing {
  readonly kind = 'missing'
}

interface Settings {
  readonly name: string
}

const Settings = createServiceToken<Settings>('test.invoker.Settings')
const settings: Settings = { name: 'x' }

const provider = new ServiceCollection()
  .addSingleton(Clock)
  .addKeyedSingleton(Clock, 'utc')
  .addSingleton(Settings, { useValue: settings })
  .buildServiceProvider()
const clock = provider.getRequiredService(Clock)
const utc = provider.getRequiredKeyedService(Clock, 'utc')

/** What a Startup class or a middleware class returns here, so that a test sees the arguments. */
type Seen = readonly unknown[]

describe('a method of which everything is given', () => {
  it('gets what the caller gives, on its object', () => {
    class Startup {
      readonly name = 'startup'
      configure(app: string, env: string): Seen {
        return [this.name, app, env]
      }
    }
    expect(createMethodInvoker(Startup, 'configure', 3)(new Startup(), provider, 'app', 'env', 'logging')).toStrictEqual([
      'startup',
      'app',
      'env',
    ])
  })

  it('may take fewer, or any number', () => {
    class Startup {
      configure(...all: Seen): Seen {
        return all
      }
      none(): Seen {
        return []
      }
    }
    expect(createMethodInvoker(Startup, 'configure', 3)(new Startup(), provider, 'app', 'env', 'logging')).toStrictEqual([
      'app',
      'env',
      'logging',
    ])
    expect(createMethodInvoker(Startup, 'none', 3)(new Startup(), provider, 'app', 'env', 'logging')).toStrictEqual([])
  })

  it('may be one of the base class, or of the class itself', () => {
    class Base {
      configure(app: string): Seen {
        return ['base', app]
      }
      static configure(app: string): Seen {
        return ['static', app]
      }
    }
    class Startup extends Base {}
    expect(createMethodInvoker(Startup, 'configure', 1)(new Startup(), provider, 'app')).toStrictEqual(['base', 'app'])
    expect(createMethodInvoker(Startup, 'configure', 1, true)(Startup, provider, 'app')).toStrictEqual(['static', 'app'])
  })

  it('passes what it returns or throws', async () => {
    class Startup {
      async configure(app: string): Promise<string> {
        return app
      }
      fail(): never {
        throw new RangeError('mine')
      }
    }
    expect(await createMethodInvoker(Startup, 'configure', 1)(new Startup(), provider, 'app')).toBe('app')
    expect(() => createMethodInvoker(Startup, 'fail', 1)(new Startup(), provider, 'app')).toThrow(RangeError)
  })
})

describe('a method with decorated parameters', () => {
  class Startup {
    configure(
      app: string,
      @fromServices() clock: Clock,
      loggerFactory: string,
      @fromServices(Settings) settings: Settings,
      @fromKeyedServices('utc') utc: Clock,
      @fromKeyedServices('utc', Clock) again: unknown,
    ): Seen {
      return [app, clock, loggerFactory, settings, utc, again]
    }

    static build(@fromServices(Clock) clock: unknown): Seen {
      return [clock]
    }
  }

  it('gets services for those, and by position what is given for the others', () => {
    const seen = createMethodInvoker(Startup, 'configure', 3)(new Startup(), provider, 'app', 'env', 'logging')
    expect(seen).toStrictEqual(['app', clock, 'logging', settings, utc, utc])
  })

  it('may be inherited; an override without decorators is without them', () => {
    class Same extends Startup {}
    class Other extends Startup {
      override configure(...all: Seen): Seen {
        return all
      }
    }
    expect(createMethodInvoker(Same, 'configure', 3)(new Same(), provider, 'app', 'env', 'logging')).toContain(clock)
    expect(createMethodInvoker(Other, 'configure', 1)(new Other(), provider, 'app')).toStrictEqual(['app'])
  })

  it('says how many services it takes', () => {
    expect(createMethodInvoker(Startup, 'configure', 3).serviceCount).toBe(4)
  })

  it('may be static', () => {
    expect(createMethodInvoker(Startup, 'build', 0, true)(Startup, provider)).toStrictEqual([clock])
  })
})

describe('a method that static inject lists', () => {
  class Middleware {
    static inject = { invokeAsync: [Clock, keyed(Clock, 'utc')] } as const
    invokeAsync(context: string, clock: Clock, utc: Clock): Seen {
      return [context, clock, utc]
    }
  }

  class Startup {
    static inject: { readonly configure: readonly ServiceIdentifier<Clock>[] } = { configure: [Clock] }
    configure(app: string, clock: Clock): Seen {
      return [app, clock]
    }
  }

  class WithDefault {
    static inject = { configure: [Clock] } as const
    configure(app: string, given: Clock = new Clock()): Seen {
      return [app, given]
    }
  }

  class AnyNumber {
    static inject = { configure: [Clock] } as const
    configure(...all: Seen): Seen {
      return all
    }
  }

  class Inherits extends Startup {}

  class OwnList extends Startup {
    static override inject = { configure: [keyed(Clock, 'utc')] }
  }

  class OwnConstructorList extends Startup {
    static override inject = { constructor: [], configure: [Clock] }
  }

  it.each([
    { type: Middleware, method: 'invokeAsync', given: ['context'], expected: ['context', clock, utc] },
    { type: Startup, method: 'configure', given: ['app', 'env', 'logging'], expected: ['app', clock] },
    { type: WithDefault, method: 'configure', given: ['app', 'env', 'logging'], expected: ['app', clock] },
    { type: AnyNumber, method: 'configure', given: ['app', 'env', 'logging'], expected: ['app', clock] },
    { type: Inherits, method: 'configure', given: ['app'], expected: ['app', clock] },
    { type: OwnList, method: 'configure', given: ['app'], expected: ['app', utc] },
    { type: OwnConstructorList, method: 'configure', given: ['app'], expected: ['app', clock] },
  ])('gets its services as the last arguments: $type.name', ({ type, method, given, expected }) => {
    expect(createMethodInvoker(type, method, given.length)(new type(), provider, ...given)).toStrictEqual(expected)
  })
})

describe('a method that cannot be called', () => {
  class Startup {
    static inject = { tooShort: [Clock] } as const
    readonly notAMethod = 1

    unknown(_app: unknown, _env: unknown, _logging: unknown, _clock: unknown): void {}
    vanished(_app: unknown, @fromServices() _settings: Settings): void {}
    tooShort(_app: unknown, _env: unknown, _clock: unknown): void {}
    missing(_app: unknown, @fromServices() _missing: Missing): void {}
    missingKey(_app: unknown, @fromKeyedServices('mars') _clock: Clock): void {}
  }

  it.each([
    { method: 'none', code: 'METHOD_MISSING', message: /"Startup" has no method "none"/ },
    { method: 'notAMethod', code: 'METHOD_MISSING', message: /"notAMethod"/ },
    { method: 'toString', code: 'METHOD_MISSING', message: /"toString"/ },
    { method: 'unknown', givenCount: 3, code: 'PARAMETER_UNKNOWN', message: /parameter 3 of "Startup.unknown".*@fromServices/ },
    { method: 'vanished', code: 'PARAMETER_UNKNOWN', message: /parameter 1 of "Startup.vanished"/ },
    { method: 'tooShort', code: 'PARAMETER_UNKNOWN', message: /parameter 1 of "Startup.tooShort".*tooShort: \[\.\.\.\]/ },
  ])('is an error when it is worked out: $method', ({ method, code, message, givenCount = 1 }) => {
    expect(() => createMethodInvoker(Startup, method, givenCount)).toThrow(
      expect.objectContaining({ code: `WINDHOVER_ERR_${code}`, message: expect.stringMatching(message) }),
    )
  })

  it.each([
    { method: 'missing', message: /^Parameter 1 of "Startup.missing" needs the service "Missing"\./ },
    { method: 'missingKey', message: /^Parameter 1 of "Startup.missingKey" needs the service "Clock \(key "mars"\)"\./ },
  ])('is an error when it is called and a service is missing: $method', ({ method, message }) => {
    const invoke = createMethodInvoker(Startup, method, 1)
    expect(() => invoke(new Startup(), provider, 'app')).toThrow(
      expect.objectContaining({
        code: 'WINDHOVER_ERR_PARAMETER_UNRESOLVED',
        message: expect.stringMatching(message),
        cause: expect.objectContaining({ code: 'WINDHOVER_ERR_SERVICE_MISSING' }),
      }),
    )
  })
})
