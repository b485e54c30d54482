import { realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type AbstractConstructor,
  Configuration,
  HostEnvironment,
  HttpContextFactory,
  LoggerFactory,
  MiddlewareFactory,
  ServerAddressesFeature,
  type ServiceCollection,
  type ServiceProvider,
  WebHostEnvironment,
} from '@windhover/core'
import { ConfigurationBuilder, HostBuilder, Server, WebHostBuilder, WebHostDefaults } from '@windhover/hosting'
import { describe, expect, it } from 'vitest'
import { FakeServer } from '../../support/fake-server.ts'
import { build, builderWith } from './web-host-fixtures.ts'

class Startup {
  configure(): void {}
}

function webPartOf(host: HostBuilder): WebHostBuilder {
  let part!: WebHostBuilder
  host.configureWebHost(web => {
    part = web
    web.configure(() => {})
  })
  return part
}

describe('a web host builder', () => {
  it('builds once', () => {
    const builder = builderWith()
    build(builder)
    expect(() => builder.build()).toThrowError(expect.objectContaining({ code: 'WINDHOVER_ERR_BUILT_TWICE' }))
  })

  it('raises an error that says what to do when nothing configures the application', () => {
    expect(() => new WebHostBuilder().build()).toThrowError(
      expect.objectContaining({ code: 'WINDHOVER_ERR_STARTUP_MISSING', message: expect.stringContaining('useStartup(Startup)') }),
    )
  })

  it.each([
    ['undefined', undefined],
    ['null', null],
    ['an object', { configure() {} }],
  ])('refuses %s as a Startup class', (_, startup) => {
    expect(() => new WebHostBuilder().useStartup(startup as never)).toThrowError(expect.objectContaining({ code: 'WINDHOVER_ERR_STARTUP' }))
  })

  it.each<[string, (builder: WebHostBuilder) => unknown]>([
    ['configureServices', builder => builder.configureServices(null as never)],
    ['configureAppConfiguration', builder => builder.configureAppConfiguration(undefined as never)],
    ['configureTestServices', builder => builder.configureTestServices({} as never)],
    ['configureLogging', builder => builder.configureLogging('Debug' as never)],
  ])('refuses what is no function where it is given: %s', (member, call) => {
    for (const builder of [new WebHostBuilder(), new HostBuilder(), webPartOf(new HostBuilder())] as WebHostBuilder[]) {
      if (!(member in builder)) continue
      expect(() => call(builder)).toThrowError(
        expect.objectContaining({ code: 'WINDHOVER_ERR_CALLBACK', message: expect.stringContaining(`${member}() takes a function, not `) }),
      )
    }
  })

  it.each([null, undefined, 5000])('refuses %s as a URL', url => {
    expect(() => new WebHostBuilder().useUrls('http://a:1', url as never)).toThrowError(
      expect.objectContaining({ code: 'WINDHOVER_ERR_URL_NOT_TEXT' }),
    )
  })

  it.each([undefined, null, 'text'])('refuses a factory that returns %s', value => {
    const builder = builderWith().useStartup(() => value as never)
    expect(() => builder.build()).toThrowError(expect.objectContaining({ code: 'WINDHOVER_ERR_STARTUP_FACTORY' }))
  })

  it('lets the last of several Startup classes win, and never calls the others', async () => {
    let factoryCalls = 0
    let configureCalls = 0
    const host = build(
      builderWith()
        .useStartup(() => {
          factoryCalls++
          return new Startup()
        })
        .configure(() => void configureCalls++)
        .useStartup(Startup),
    )
    await host.startAsync()
    expect([factoryCalls, configureCalls]).toEqual([0, 0])
  })

  it('makes the Startup object with a factory, which gets the context', async () => {
    let environment = ''
    let configured = false
    const host = build(
      builderWith()
        .useEnvironment('Staging')
        .useStartup(({ hostingEnvironment }) => {
          environment = hostingEnvironment.environmentName
          return {
            configure: () => {
              configured = true
            },
          }
        }),
    )
    await host.startAsync()
    expect([environment, configured]).toEqual(['Staging', true])
  })

  it('keeps settings without regard to case', () => {
    const builder = new WebHostBuilder().useSetting('Some:Key', 'value')
    expect(builder.getSetting('some:key')).toBe('value')
    expect(builder.getSetting('other')).toBeUndefined()
  })

  it('takes over the values of a configuration as settings', () => {
    const configuration = new ConfigurationBuilder().addInMemoryCollection({ a: '1', 'b:c': '2' }).build()
    const builder = new WebHostBuilder().useConfiguration(configuration)
    expect([builder.getSetting('a'), builder.getSetting('b:c')]).toEqual(['1', '2'])
  })

  it('runs its callbacks in order, with the configuration of the application at hand', () => {
    const seen: (string | undefined)[] = []
    build(
      builderWith()
        .useSetting('key', 'setting')
        .configureAppConfiguration((configuration, context) => {
          seen.push(context.configuration.get('key'))
          configuration.addInMemoryCollection({ key: 'application' })
        })
        .configureLogging((_logging, { configuration }) => void seen.push(`logging ${configuration.get('key')}`))
        .configureServices((_services, { configuration }) => void seen.push(`services ${configuration.get('key')}`)),
    )
    expect(seen).toEqual(['setting', 'logging application', 'services application'])
  })

  it('offers its services to the application', () => {
    const host = build(builderWith())
    const offered: readonly AbstractConstructor[] = [
      Configuration,
      HostEnvironment,
      WebHostEnvironment,
      LoggerFactory,
      HttpContextFactory,
      Server,
    ]
    for (const service of offered) {
      expect(host.services.getService(service), service.name).toBeDefined()
    }
    expect(host.services.createScope().serviceProvider.getService(MiddlewareFactory)).toBeDefined()
    expect(host.services.getService(HostEnvironment)).toBe(host.services.getService(WebHostEnvironment))
  })

  it('makes its services final', () => {
    let services: ServiceCollection | undefined
    build(
      builderWith().useStartup(
        class {
          configureServices(own: ServiceCollection): void {
            services = own
          }

          configure(): void {}
        },
      ),
    )
    expect(() => services!.addSingleton(Startup)).toThrowError(expect.objectContaining({ code: 'WINDHOVER_ERR_SERVICES_READ_ONLY' }))
  })

  it('raises what a callback throws', () => {
    const builder = builderWith().configureServices(() => {
      throw new Error('boom')
    })
    expect(() => builder.build()).toThrow('boom')
  })

  it('checks scopes when it is told to', async () => {
    class Scoped {}
    const builder = builderWith()
      .useDefaultServiceProvider(() => ({ validateScopes: true }))
      .configureServices(services => services.addScoped(Scoped))
      .configure(app => void app.applicationServices.getService(Scoped))
    await expect(build(builder).startAsync()).rejects.toMatchObject({ code: 'WINDHOVER_ERR_SCOPED_FROM_ROOT' })
  })

  it('uses the provider that configureServices returns as it is', () => {
    class Own {}
    let provider: ServiceProvider | undefined
    const host = build(
      builderWith().useStartup(
        class {
          configureServices(services: ServiceCollection): ServiceProvider {
            provider = services.addSingleton(Own).buildServiceProvider()
            return provider
          }

          configure(): void {}
        },
      ),
    )
    expect(host.services).toBe(provider)
    expect(host.services.getService(Own)).toBeInstanceOf(Own)
  })

  it('adds up the options of NodeServer, the last one winning', async () => {
    const host = build(
      new WebHostBuilder()
        .suppressStatusMessages()
        .useNodeServer({ listen: 'http://127.0.0.1:1' })
        .configureNodeServer((options, { hostingEnvironment }) => {
          options.listen = hostingEnvironment.isDevelopment() ? 'http://127.0.0.1:0' : false
        })
        .useEnvironment('Development')
        .configure(app => app.run(context => context.response.writeAsync('ok'))),
    )
    await host.startAsync()
    const response = await fetch(host.serverFeatures.getRequired(ServerAddressesFeature).addresses[0]!)
    expect(await response.text()).toBe('ok')
  })
})

describe('the environment of a web host', () => {
  const environmentOf = (builder: WebHostBuilder): WebHostEnvironment => build(builder).services.getRequiredService(WebHostEnvironment)

  it.each([
    ['development', 'Development'],
    ['PRODUCTION', 'Production'],
    ['staging', 'Staging'],
    ['Test', 'Test'],
    ['test', 'test'],
  ])('%s is called %s', (configured, expected) => {
    expect(environmentOf(builderWith().useEnvironment(configured)).environmentName).toBe(expected)
  })

  it.each([
    [{}, 'Production'],
    [{ NODE_ENV: 'development' }, 'Development'],
    [{ NODE_ENV: 'development', WINDHOVER_ENVIRONMENT: 'Staging' }, 'Staging'],
  ])('with the variables %j is %s', (variables, expected) => {
    const before = { NODE_ENV: process.env.NODE_ENV, WINDHOVER_ENVIRONMENT: process.env.WINDHOVER_ENVIRONMENT }
    delete process.env.NODE_ENV
    Object.assign(process.env, variables)
    try {
      expect(environmentOf(builderWith()).environmentName).toBe(expected)
    } finally {
      for (const [name, value] of Object.entries(before)) {
        if (value === undefined) delete process.env[name]
        else process.env[name] = value
      }
    }
  })

  it('has the working directory as its content root, and no web root where there is no wwwroot', () => {
    const environment = environmentOf(builderWith().useContentRoot(tmpdir()))
    expect(environment.contentRootPath).toBe(tmpdir())
    expect(environment.webRootPath).toBeUndefined()
    expect(environmentOf(builderWith()).contentRootPath).toBe(process.cwd())
  })

  it('takes the web root below the content root, whether it exists or not', () => {
    const root = realpathSync(tmpdir())
    const environment = environmentOf(builderWith().useContentRoot(root).useWebRoot('public'))
    expect(environment.webRootPath).toBe(join(root, 'public'))
  })

  it('refuses a content root that is no folder', () => {
    expect(() => builderWith().useContentRoot('/no/such/folder').build()).toThrowError(
      expect.objectContaining({ code: 'WINDHOVER_ERR_CONTENT_ROOT_MISSING', message: expect.stringContaining('"/no/such/folder"') }),
    )
  })

  it('is named after the package of the program, unless it is told a name', () => {
    expect(environmentOf(builderWith()).applicationName).not.toBe('')
    const named = builderWith(new FakeServer()).useSetting(WebHostDefaults.ApplicationName, 'own')
    expect(environmentOf(named).applicationName).toBe('own')
  })
})
