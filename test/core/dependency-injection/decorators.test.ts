import { createRequire } from 'node:module'
import {
  allOf,
  createServiceToken,
  delay,
  fromKeyedServices,
  fromServices,
  InvalidOperationException,
  inject,
  injectAll,
  injectable,
  optional,
  ServiceCollection,
  ServiceKey,
  ServiceProvider,
} from '@windhover/core'
import { describe, expect, it } from 'vitest'

abstract class Clock {
  abstract now(): number
}

class FixedClock extends Clock {
  now(): number {
    return 42
  }
}

interface Settings {
  readonly name: string
}

const Settings = createServiceToken<Settings>('test.Settings')

function services(): ServiceCollection {
  return new ServiceCollection().addSingleton(Clock, FixedClock).addSingleton(Settings, { useValue: { name: 'x' } })
}

describe('a decorated class', () => {
  it('gets what the types of its parameters name', () => {
    @injectable()
    class Watch {
      constructor(
        readonly clock: Clock,
        readonly provider: ServiceProvider,
      ) {}
    }
    const provider = services().addTransient(Watch).buildServiceProvider()
    const watch = provider.getRequiredService(Watch)
    expect(watch.clock.now()).toBe(42)
    expect(watch.provider).toBe(provider)
    // This use of the value keeps the import, without which the metadata has nothing to name.
    expect(watch.provider).toBeInstanceOf(ServiceProvider)
  })

  it('gets what @inject names where a type vanishes', () => {
    @injectable()
    class Watch {
      constructor(
        readonly clock: Clock,
        @inject(Settings) readonly settings: Settings,
        @inject(optional(Watch)) readonly other: Watch | undefined,
        @inject(allOf(Clock)) readonly clocks: Clock[],
        @injectAll(Clock) readonly again: Clock[],
      ) {}
    }
    const watch = services()
      .addTransient(Clock, FixedClock)
      .addKeyedTransient(Watch, 'k')
      .buildServiceProvider()
      .getRequiredKeyedService(Watch, 'k')
    expect(watch.settings.name).toBe('x')
    expect(watch.other).toBeUndefined()
    expect(watch.clocks).toHaveLength(2)
    expect(watch.again).toHaveLength(2)
  })

  it('gets undefined for what @inject marks as optional and nobody registered', () => {
    @injectable()
    class Watch {
      constructor(@inject(Clock, { isOptional: true }) readonly clock: Clock | undefined) {}
    }
    expect(new ServiceCollection().addTransient(Watch).buildServiceProvider().getRequiredService(Watch).clock).toBeUndefined()
  })

  it('needs no @injectable when a parameter is decorated', () => {
    class Watch {
      constructor(@inject(Clock) readonly clock: Clock) {}
    }
    expect(services().addTransient(Watch).buildServiceProvider().getRequiredService(Watch).clock.now()).toBe(42)
  })

  it('takes keyed services and its own key', () => {
    class Watch {
      constructor(
        @fromKeyedServices('utc') readonly utc: FixedClock,
        @fromKeyedServices(ServiceKey, FixedClock) readonly same: FixedClock,
        @inject(ServiceKey) readonly key: string,
        @fromServices() readonly clock: Clock,
      ) {}
    }
    const provider = services()
      .addKeyedSingleton(FixedClock, 'utc')
      .addKeyedSingleton(FixedClock, 'local')
      .addKeyedTransient(Watch, 'local')
      .buildServiceProvider()
    const watch = provider.getRequiredKeyedService(Watch, 'local')
    expect(watch.utc).toBe(provider.getRequiredKeyedService(FixedClock, 'utc'))
    expect(watch.same).toBe(provider.getRequiredKeyedService(FixedClock, 'local'))
    expect(watch.key).toBe('local')
    expect(watch.clock.now()).toBe(42)
  })

  it('keeps the default value of a parameter whose type is no service', () => {
    @injectable()
    class Watch {
      constructor(
        readonly clock: Clock,
        readonly name = 'default',
      ) {}
    }
    expect(services().addTransient(Watch).buildServiceProvider().getRequiredService(Watch).name).toBe('default')
  })

  it('may need a class that needs it, through delay', () => {
    @injectable()
    class Hen {
      readonly kind = 'hen'
      constructor(@inject(delay(() => Egg)) readonly egg: { readonly kind: string }) {}
    }
    @injectable()
    class Egg {
      readonly kind = 'egg'
      constructor(readonly hen: Hen) {}
    }
    const provider = new ServiceCollection().addSingleton(Hen).addSingleton(Egg).buildServiceProvider()
    expect(provider.getRequiredService(Egg).hen.egg.kind).toBe('egg')
  })

  it('passes its dependencies to a subclass without a constructor', () => {
    @injectable()
    class Watch {
      constructor(readonly clock: Clock) {}
    }
    class Smartwatch extends Watch {}
    expect(services().addTransient(Smartwatch).buildServiceProvider().getRequiredService(Smartwatch).clock.now()).toBe(42)
  })

  it('does not pass them to a subclass with a constructor of its own', () => {
    @injectable()
    class Watch {
      constructor(readonly clock: Clock) {}
    }
    class Smartwatch extends Watch {
      constructor(name: string) {
        super({ now: () => name.length })
      }
    }
    const provider = services().addTransient(Smartwatch).buildServiceProvider()
    expect(() => provider.getRequiredService(Smartwatch)).toThrow(
      expect.objectContaining({ code: 'WINDHOVER_ERR_INJECT_INHERITED', message: expect.stringMatching(/"Smartwatch".*"Watch"/) }),
    )
  })
})

describe('a decorated class that cannot be read', () => {
  const errorOf = (type: new (...args: never[]) => unknown): unknown => {
    try {
      return services().addTransient(type).buildServiceProvider().getRequiredService(type)
    } catch (error) {
      return error
    }
  }

  it('is an error that names class and index when a type vanishes', () => {
    @injectable()
    class Watch {
      constructor(
        readonly clock: Clock,
        readonly settings: Settings,
      ) {}
    }
    expect(errorOf(Watch)).toMatchObject({
      code: 'WINDHOVER_ERR_PARAMETER_UNKNOWN',
      message: expect.stringMatching(/parameter 1 of "Watch.constructor".*@inject/),
    })
  })

  it('is an error when only some parameters are decorated and nothing is known of the others', () => {
    class Watch {
      constructor(
        readonly name: string,
        @inject(Clock) readonly clock: Clock,
      ) {}
    }
    expect(errorOf(Watch)).toMatchObject({ code: 'WINDHOVER_ERR_PARAMETER_UNKNOWN', message: expect.stringContaining('parameter 0') })
  })

  it.each([
    { what: 'a text', token: 'clock', message: /the text "clock"/ },
    { what: 'a symbol', token: Symbol('clock'), message: /type symbol/ },
    { what: 'a number', token: 7, message: /type number/ },
  ])('is an error when $what is injected', ({ token, message }) => {
    class Watch {
      constructor(@inject(token as never) readonly clock: Clock) {}
    }
    expect(errorOf(Watch)).toMatchObject({ code: 'WINDHOVER_ERR_PARAMETER_NOT_A_SERVICE', message: expect.stringMatching(message) })
  })

  it('is an error when a module cycle made the token undefined', () => {
    class Watch {
      constructor(@inject(undefined as never) readonly settings: Settings) {}
    }
    expect(errorOf(Watch)).toMatchObject({ code: 'WINDHOVER_ERR_PARAMETER_UNKNOWN' })
  })

  it('is refused by @inject on the parameter of a method', () => {
    const decorate = () => {
      class Startup {
        configure(@inject(Clock) _clock: Clock): void {}
      }
      return Startup
    }
    expect(decorate).toThrow(InvalidOperationException)
    expect(decorate).toThrow(/@inject\(\).*"Startup.configure".*@fromServices/)
  })
})

describe('a second copy of tsyringe', () => {
  const require = createRequire(import.meta.url)

  function loadAgain(): typeof import('tsyringe') {
    const cached = Object.keys(require.cache).filter(path => /[\\/]tsyringe[\\/]/.test(path))
    for (const path of cached) delete require.cache[path]
    return require('tsyringe')
  }

  it('is harmless: what its decorators write is read all the same', () => {
    const copy = loadAgain()
    expect(copy.injectable).not.toBe(injectable)

    class Egg {
      readonly kind = 'egg'
    }
    @copy.injectable()
    class Watch {
      constructor(
        readonly clock: Clock,
        @copy.inject(Settings as never) readonly settings: Settings,
        @copy.inject(copy.delay(() => Egg)) readonly egg: { readonly kind: string },
        @copy.injectAll(Egg) readonly eggs: Egg[],
      ) {}
    }
    const watch = services().addTransient(Egg).addTransient(Watch).buildServiceProvider().getRequiredService(Watch)
    expect([watch.clock.now(), watch.settings.name, watch.egg.kind, watch.eggs.length]).toStrictEqual([42, 'x', 'egg', 1])
  })
})
