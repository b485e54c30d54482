import {
  ActivatorUtilities,
  InvalidOperationException,
  inject,
  injectable,
  keyed,
  optional,
  ServiceCollection,
  ServiceProvider,
} from '@windhover/core'
import { describe, expect, it } from 'vitest'

class Clock {
  readonly kind: string = 'clock'
}

class Logger {
  readonly kind = 'logger'
}

class Unregistered {
  readonly kind = 'unregistered'
}

type Next = () => void
const next: Next = () => {}

const provider = new ServiceCollection().addSingleton(Clock).addSingleton(Logger).addKeyedSingleton(Clock, 'utc').buildServiceProvider()
const clock = provider.getRequiredService(Clock)
const logger = provider.getRequiredService(Logger)

describe('createInstance with static inject', () => {
  class Plain {
    static inject = [Clock, Logger] as const
    readonly args: readonly unknown[]
    constructor(...args: readonly unknown[]) {
      this.args = args
    }
  }

  class NextFirst {
    static inject = [Clock] as const
    readonly args: readonly unknown[]
    constructor(next: Next, clock: Clock) {
      this.args = [next, clock]
    }
  }

  class NextAndOptions {
    static inject = [Clock, Logger] as const
    readonly args: readonly unknown[]
    constructor(next: Next, options: { readonly limit: number }, clock: Clock, logger: Logger) {
      this.args = [next, options, clock, logger]
    }
  }

  class OptionalOptions {
    static inject = [] as const
    readonly args: readonly unknown[]
    constructor(next: Next, options: { readonly limit: number } = { limit: 7 }) {
      this.args = [next, options]
    }
  }

  class OptionalBeforeServices {
    static inject = [Clock] as const
    readonly args: readonly unknown[]
    constructor(next: Next, limit = 7, clock: Clock = new Clock()) {
      this.args = [next, limit, clock]
    }
  }

  class Nothing {
    readonly args: readonly unknown[]
    constructor(next: Next) {
      this.args = [next]
    }
  }

  class NothingAtAll {
    readonly args: readonly unknown[] = []
  }

  class OptionalService {
    static inject = [optional(Unregistered), Clock] as const
    readonly args: readonly unknown[]
    constructor(next: Next, service: Unregistered | undefined = undefined, clock: Clock = new Clock()) {
      this.args = [next, service, clock]
    }
  }

  class KeyedService {
    static inject = [keyed(Clock, 'utc'), Clock] as const
    readonly args: readonly unknown[]
    constructor(utc: Clock, clock: Clock) {
      this.args = [utc, clock]
    }
  }

  const options = { limit: 3 }
  const mine = new Clock()

  it.each([
    { name: 'only services', type: Plain, given: [], expected: [clock, logger] },
    { name: 'an argument in the place of the service that it is', type: Plain, given: [mine], expected: [mine, logger] },
    { name: 'next first', type: NextFirst, given: [next], expected: [next, clock] },
    { name: 'next first, and an argument in the place of a service', type: NextFirst, given: [next, mine], expected: [next, mine] },
    { name: 'two arguments first', type: NextAndOptions, given: [next, options], expected: [next, options, clock, logger] },
    { name: 'an argument for an optional parameter', type: OptionalOptions, given: [next, options], expected: [next, options] },
    { name: 'no argument for an optional parameter', type: OptionalOptions, given: [next], expected: [next, { limit: 7 }] },
    {
      name: 'an argument for an optional parameter before services',
      type: OptionalBeforeServices,
      given: [next, 5],
      expected: [next, 5, clock],
    },
    {
      name: 'an argument before an optional service that is missing',
      type: OptionalService,
      given: [next],
      expected: [next, undefined, clock],
    },
    { name: 'an argument in the place of a service with a key', type: KeyedService, given: [mine], expected: [mine, clock] },
    { name: 'an argument without any list', type: Nothing, given: [next], expected: [next] },
    { name: 'nothing at all', type: NothingAtAll, given: [], expected: [] },
  ])('passes $name', ({ type, given, expected }) => {
    const made = ActivatorUtilities.createInstance<{ args: readonly unknown[] }>(provider, type, ...given)
    expect(made.args).toStrictEqual(expected)
    for (const [index, argument] of expected.entries())
      if (typeof argument !== 'object' || argument === mine) expect(made.args[index]).toBe(argument)
  })

  it.each([
    {
      name: 'a missing argument',
      type: NextFirst,
      given: [],
      code: 'PARAMETER_UNKNOWN',
      message: /parameter 0 of "NextFirst.constructor"/,
    },
    {
      name: 'a missing second argument',
      type: NextAndOptions,
      given: [next],
      code: 'PARAMETER_UNKNOWN',
      message: /parameter 1 of "NextAndOptions/,
    },
    {
      name: 'a missing argument without any list',
      type: Nothing,
      given: [],
      code: 'DEPENDENCIES_UNKNOWN',
      message: /"Nothing" takes a parameter/,
    },
    { name: 'a superfluous argument', type: Nothing, given: [next, 'x'], code: 'ARGUMENT_SUPERFLUOUS', message: /"Nothing".*argument 1/ },
    {
      name: 'a superfluous argument beside services',
      type: NextFirst,
      given: [next, 'x'],
      code: 'ARGUMENT_SUPERFLUOUS',
      message: /argument 1/,
    },
  ])('raises an error for $name', ({ type, given, code, message }) => {
    expect(() => ActivatorUtilities.createInstance<object>(provider, type, ...given)).toThrow(
      expect.objectContaining({ code: `WINDHOVER_ERR_${code}`, message: expect.stringMatching(message) }),
    )
  })

  it('names class, index and service of what is missing, with the reason as the cause', () => {
    class NeedsMore {
      static inject = [Clock, Unregistered] as const
      constructor(
        readonly clock: Clock,
        readonly unregistered: Unregistered,
      ) {}
    }
    expect(() => ActivatorUtilities.createInstance(provider, NeedsMore)).toThrow(
      expect.objectContaining({
        code: 'WINDHOVER_ERR_PARAMETER_UNRESOLVED',
        message: expect.stringMatching(/^Parameter 1 of "NeedsMore.constructor" needs the service "Unregistered"\. No service/),
        cause: expect.objectContaining({ code: 'WINDHOVER_ERR_SERVICE_MISSING' }),
      }),
    )
  })

  it('lets errors of constructors pass as they are', () => {
    class Broken {
      constructor() {
        throw new RangeError('broken')
      }
    }
    class NeedsBroken {
      static inject = [Broken] as const
      constructor(readonly broken: Broken) {}
    }
    class Refuses {
      constructor() {
        throw new InvalidOperationException('APP_REFUSES', 'no')
      }
    }
    class NeedsRefuses {
      static inject = [Refuses] as const
      constructor(readonly refuses: Refuses) {}
    }
    const services = new ServiceCollection().addSingleton(Broken).addSingleton(Refuses).buildServiceProvider()
    expect(() => ActivatorUtilities.createInstance(services, NeedsRefuses)).toThrow(expect.objectContaining({ code: 'APP_REFUSES' }))
    expect(() => ActivatorUtilities.createInstance(services, Broken)).toThrow(RangeError)
    expect(() => ActivatorUtilities.createInstance(services, NeedsBroken)).toThrow(RangeError)
  })
})

describe('createInstance with metadata', () => {
  @injectable()
  class Middleware {
    constructor(
      readonly next: Next,
      readonly clock: Clock,
      readonly name: string,
      readonly logger: Logger,
      readonly limit = 7,
    ) {}
  }

  it('gives each argument the first free parameter that is no service', () => {
    expect({ ...ActivatorUtilities.createInstance(provider, Middleware, next, 'name') }).toStrictEqual({
      next,
      clock,
      name: 'name',
      logger,
      limit: 7,
    })
    expect(ActivatorUtilities.createInstance(provider, Middleware, next, 'name', 5).limit).toBe(5)
  })

  it('gives an argument the parameter that it is an instance of', () => {
    class FastClock extends Clock {}
    const fast = new FastClock()
    expect(ActivatorUtilities.createInstance(provider, Middleware, next, fast, 'name').clock).toBe(fast)
  })

  it('gives an argument a parameter whose class nobody registered', () => {
    @injectable()
    class Middleware {
      constructor(
        readonly clock: Clock,
        readonly given: Unregistered,
        @inject(keyed(Clock, 'utc')) readonly utc: Clock,
        @inject(optional(Logger)) readonly logger: Logger | undefined,
      ) {}
    }
    const alike = { kind: 'unregistered' } as const
    const made = ActivatorUtilities.createInstance(provider, Middleware, alike)
    expect(made.given).toBe(alike)
    expect(made.utc).toBe(provider.getKeyedService(Clock, 'utc'))
    expect(made.logger).toBe(logger)
  })

  it('raises an error for an argument without a parameter', () => {
    expect(() => ActivatorUtilities.createInstance(provider, Middleware, next, 'name', 5, 'surplus')).toThrow(
      expect.objectContaining({ code: 'WINDHOVER_ERR_ARGUMENT_SUPERFLUOUS', message: expect.stringMatching(/argument 3/) }),
    )
  })

  it('raises an error for a parameter without an argument', () => {
    expect(() => ActivatorUtilities.createInstance(provider, Middleware, next)).toThrow(
      expect.objectContaining({ code: 'WINDHOVER_ERR_PARAMETER_UNKNOWN', message: expect.stringMatching(/parameter 2/) }),
    )
  })
})

describe('what createInstance makes', () => {
  it('is not disposed by the provider', () => {
    let disposals = 0
    class Mine {
      [Symbol.dispose](): void {
        disposals++
      }
    }
    const services = new ServiceCollection().buildServiceProvider()
    ActivatorUtilities.createInstance(services, Mine)
    services[Symbol.dispose]()
    expect(disposals).toBe(0)
  })

  it('is the consumer of its services', () => {
    class Mine {
      static inject = [Unregistered] as const
      constructor(readonly named: Unregistered) {}
    }
    const services = new ServiceCollection()
      .addTransient(Unregistered, { useFactory: (_provider, consumer) => ({ kind: 'unregistered', consumer: consumer?.name }) })
      .buildServiceProvider()
    expect(ActivatorUtilities.createInstance(services, Mine).named).toMatchObject({ consumer: 'Mine' })
  })

  it('may come from any provider', () => {
    class Empty extends ServiceProvider {
      getService<T>(): T | undefined {
        return undefined
      }
      getServices<T>(): T[] {
        return []
      }
      getKeyedService<T>(): T | undefined {
        return undefined
      }
      getKeyedServices<T>(): T[] {
        return []
      }
    }
    class Mine {
      constructor(readonly next: Next) {}
    }
    expect(ActivatorUtilities.createInstance(new Empty(), Mine, next).next).toBe(next)
  })
})

describe('getServiceOrCreateInstance', () => {
  it('prefers the registration', () => {
    expect(ActivatorUtilities.getServiceOrCreateInstance(provider, Clock)).toBe(clock)
    expect(ActivatorUtilities.getServiceOrCreateInstance(provider, Unregistered)).toBeInstanceOf(Unregistered)
  })
})
