import {
  type ApplicationBuilder,
  type Constructor,
  fromServices,
  LoggerFactory,
  type ServiceCollection,
  WebHostEnvironment,
} from '@windhover/core'
import { HostBuilder as GenericBuilder, type HostBuilder } from '@windhover/hosting'
import { beforeEach, describe, expect, it } from 'vitest'
import { FakeServer } from '../../support/fake-server.ts'
import { build, builderWith } from '../web-host/web-host-fixtures.ts'

let events: string[] = []

beforeEach(() => {
  events = []
})

class Clock {}

/** Starts a host with a Startup class and gives back what its methods have reported. */
async function run(startup: Constructor<object>, environment = 'Production'): Promise<string[]> {
  const host = build(
    builderWith()
      .useEnvironment(environment)
      .configureServices(services => services.addSingleton(Clock))
      .useStartup(startup),
  )
  await host.startAsync()
  return events
}

const buildOnly = (startup: Constructor<object>, environment = 'Production'): unknown =>
  build(builderWith().useEnvironment(environment).useStartup(startup))

class Conventions {
  configureServices(): void {
    events.push('configureServices')
  }

  configureDevServices(): void {
    events.push('configureDevServices')
  }

  configure(): void {
    events.push('configure')
  }

  configureRetail(): void {
    events.push('configureRetail')
  }

  static configureStaticServices(): void {
    events.push('static configureStaticServices')
  }
}

class Derived extends Conventions {
  configureOwn(): void {
    events.push('configureOwn')
  }
}

describe('the methods of a Startup class', () => {
  it.each([
    ['no environment of its own', Conventions, 'Production', ['configureServices', 'configure']],
    ['services for the environment', Conventions, 'Dev', ['configureDevServices', 'configure']],
    ['a pipeline for the environment', Conventions, 'Retail', ['configureServices', 'configureRetail']],
    ['a static method', Conventions, 'Static', ['static configureStaticServices', 'configure']],
    ['methods of the base class', Derived, 'Dev', ['configureDevServices', 'configure']],
    ['methods of the derived class', Derived, 'Own', ['configureServices', 'configureOwn']],
    ['another case of the environment', Conventions, 'DEV', ['configureDevServices', 'configure']],
    ['another case of the environment', Conventions, 'rEtAiL', ['configureServices', 'configureRetail']],
  ])('are chosen: %s (%s, %s)', async (_, startup, environment, expected) => {
    expect(await run(startup, environment)).toEqual(expected)
  })

  it('may be fields', async () => {
    class Fields {
      configureServices = (): void => void events.push('configureServices')
      configure = (_app: ApplicationBuilder, env: WebHostEnvironment): void => void events.push(env.environmentName)
    }
    expect(await run(Fields)).toEqual(['configureServices', 'Production'])
  })

  it('may be those of a class from before ES2015', async () => {
    function Old(): void {}
    Old.prototype.configure = (): void => void events.push('configure')
    expect(await run(Old as never)).toEqual(['configure'])
  })

  it('run once for each start', async () => {
    expect(await run(Conventions)).toHaveLength(2)
  })

  it('see in configure what configureServices has added', async () => {
    class Adding {
      static readonly inject = { configure: [Clock] }

      configureServices(services: ServiceCollection): void {
        services.addSingleton(Clock)
      }

      configure(_app: ApplicationBuilder, clock: Clock): void {
        events.push(String(clock instanceof Clock))
      }
    }
    expect(await run(Adding)).toEqual(['true'])
  })

  it.each([
    ['has none', class {}],
    [
      'has a private one',
      class {
        #configure = (): void => {}
        use = (): unknown => this.#configure
      },
    ],
  ])('are missed when the class %s, by an error that names both', (_, type) => {
    Object.defineProperty(type, 'name', { value: 'Startup' })
    expect(() => buildOnly(type, 'Test')).toThrowError(
      expect.objectContaining({
        code: 'WINDHOVER_ERR_STARTUP_METHOD_MISSING',
        message: expect.stringMatching(/"Startup".*configureTest.*configure.*add configure\(app\)/),
      }),
    )
  })

  it.each([
    [
      'differ in case',
      class {
        configure(): void {}
        Configure(): void {}
      },
    ],
    [
      'are static and not',
      class {
        static configure(): void {}
        configure(): void {}
      },
    ],
  ])('are ambiguous when two %s', (_, type) => {
    expect(() => buildOnly(type)).toThrowError(expect.objectContaining({ code: 'WINDHOVER_ERR_STARTUP_METHOD_TWICE' }))
  })

  it('is one when a derived class overrides it', async () => {
    class Overriding extends Conventions {
      override configure(): void {
        events.push('overridden')
      }
    }
    expect(await run(Overriding)).toEqual(['configureServices', 'overridden'])
  })

  it('raise an error that names class and method for services with more than one parameter', () => {
    class Startup {
      configureServices(_services: ServiceCollection, _env: WebHostEnvironment): void {}
      configure(): void {}
    }
    expect(() => buildOnly(Startup)).toThrowError(
      expect.objectContaining({
        code: 'WINDHOVER_ERR_STARTUP_SERVICES_PARAMETERS',
        message: expect.stringContaining('Startup.configureServices'),
      }),
    )
  })

  it.each(['configureServices', 'configureContainer'])('raise an error that names class and method when %s is asynchronous', async name => {
    class Startup {
      configure(): void {}
    }
    Object.assign(Startup.prototype, { [name]: async () => Promise.reject(new Error('lost')) })
    expect(() => buildOnly(Startup)).toThrowError(
      expect.objectContaining({ code: 'WINDHOVER_ERR_STARTUP_METHOD_ASYNC', message: expect.stringContaining(`Startup.${name}`) }),
    )
    await new Promise(resolve => setImmediate(resolve))
  })

  it.each(['configureServices', 'configure'])('raise what %s throws as it is', async name => {
    const error = new Error('boom')
    class Startup {
      configure(): void {}
    }
    Object.assign(Startup.prototype, {
      [name]: () => {
        throw error
      },
    })
    await expect(run(Startup)).rejects.toBe(error)
  })

  it('is awaited when configure is asynchronous, and may return anything else', async () => {
    class Startup {
      async configure(): Promise<void> {
        await Promise.resolve()
        events.push('configured')
      }
    }
    class Chaining {
      configure = (app: ApplicationBuilder): unknown => app.use((_context, next) => next())
    }
    expect(await run(Startup)).toEqual(['configured'])
    await run(Chaining)
  })
})

describe('the parameters of configure', () => {
  it('are the application, the environment and the logger factory, by position', async () => {
    class Startup {
      configure(app: unknown, env: unknown, loggerFactory: unknown): void {
        events.push(
          String('use' in (app as object)),
          String(env instanceof WebHostEnvironment),
          String(loggerFactory instanceof LoggerFactory),
        )
      }
    }
    expect(await run(Startup)).toEqual(['true', 'true', 'true'])
  })

  it('may be marked as services', async () => {
    class Startup {
      configure(_app: ApplicationBuilder, _env: WebHostEnvironment, _loggers: LoggerFactory, @fromServices() clock: Clock): void {
        events.push(String(clock instanceof Clock))
      }
    }
    expect(await run(Startup)).toEqual(['true'])
  })

  it('may be listed as services, which are the last ones', async () => {
    class Startup {
      static readonly inject = { configure: [Clock] }

      configure(_app: ApplicationBuilder, env: WebHostEnvironment, clock: Clock): void {
        events.push(env.environmentName, String(clock instanceof Clock))
      }
    }
    expect(await run(Startup)).toEqual(['Production', 'true'])
  })

  it('are scoped to it: what was made for them is disposed when it has ended', async () => {
    class Scoped implements Disposable {
      [Symbol.dispose](): void {
        events.push('disposed')
      }
    }
    class Startup {
      static readonly inject = { configure: [Scoped] }

      configureServices(services: ServiceCollection): void {
        services.addScoped(Scoped)
      }

      async configure(_app: ApplicationBuilder, _scoped: Scoped): Promise<void> {
        await Promise.resolve()
        events.push('configured')
      }
    }
    expect(await run(Startup)).toEqual(['configured', 'disposed'])
  })

  it('raise an error that names the service, the parameter, the method and the class when a service is missing', async () => {
    class Missing {}
    class Startup {
      static readonly inject = { configure: [Missing] }
      configure(_app: ApplicationBuilder, _missing: Missing): void {}
    }
    await expect(run(Startup)).rejects.toMatchObject({
      code: 'WINDHOVER_ERR_PARAMETER_UNRESOLVED',
      message: /Parameter 1 of "Startup\.configure".*"Missing"/,
    })
  })
})

describe('the constructor of a Startup class', () => {
  class Injected {
    static readonly inject: readonly [typeof WebHostEnvironment, typeof LoggerFactory] = [WebHostEnvironment, LoggerFactory]

    constructor(env: WebHostEnvironment, loggerFactory: LoggerFactory) {
      events.push(env.environmentName, String(loggerFactory instanceof LoggerFactory))
    }

    configure(): void {}
  }

  const generic = (startup: Constructor<object>): HostBuilder =>
    new GenericBuilder().configureWebHost(web => web.useServer(new FakeServer()).useEnvironment('Production').useStartup(startup))

  it('gets services on the classic host', async () => {
    expect(await run(Injected)).toEqual(['Production', 'true'])
  })

  it('gets configuration and environment only on the generic host, and an error says so', () => {
    expect(() => generic(Injected).build()).toThrowError(
      expect.objectContaining({
        code: 'WINDHOVER_ERR_STARTUP_CONSTRUCTOR',
        message: expect.stringMatching(/"Injected".*LoggerFactory.*Configuration, HostEnvironment and WebHostEnvironment only/),
      }),
    )
  })

  it('is not called when all methods are static', async () => {
    class Static {
      static configure(): void {
        events.push('configure')
      }

      constructor() {
        events.push('constructor')
      }
    }
    expect(await run(Static)).toEqual(['configure'])
  })
})
