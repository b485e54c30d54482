import {
  BackgroundService,
  Configuration,
  HostApplicationLifetime,
  HostEnvironment,
  HostedLifecycleService,
  HostedService,
  LogLevel,
  Options,
  WebHostEnvironment,
} from '@windhover/core'
import {
  BackgroundServiceExceptionBehavior,
  type ConsoleLifetimeOptions,
  Host,
  HostBuilder,
  HostLifetime,
  HostOptions,
} from '@windhover/hosting'
import { describe, expect, it } from 'vitest'
import { CollectedLogs } from '../../support/collected-logs.ts'
import { FakeServer } from '../../support/fake-server.ts'

const lifetimeOf = (host: Host): HostApplicationLifetime => host.services.getRequiredService(HostApplicationLifetime)

/** A builder whose log is collected, with a lifetime that leaves the process's signals alone. */
function quietBuilder(logs = new CollectedLogs()): HostBuilder {
  return new HostBuilder()
    .configureLogging(logging => logging.addProvider(logs))
    .configureServices(services => {
      services.addSingleton(HostLifetime, { useValue: { waitForStartAsync() {}, stopAsync() {} } })
    })
}

describe('a generic host', () => {
  it('refuses another HostApplicationLifetime', () => {
    const builder = quietBuilder().configureServices(services => {
      services.addSingleton(HostApplicationLifetime, { useValue: {} as HostApplicationLifetime })
    })
    expect(() => builder.build()).toThrowError(
      expect.objectContaining({ name: 'ArgumentException', code: 'WINDHOVER_ERR_LIFETIME_REPLACED' }),
    )
  })

  it('builds once', () => {
    const builder = quietBuilder()
    builder.build()
    expect(() => builder.build()).toThrowError(expect.objectContaining({ code: 'WINDHOVER_ERR_BUILT_TWICE' }))
  })

  it('offers its environment, but none of a web host where there is no web', async () => {
    await using host = quietBuilder().useEnvironment('Staging').build()
    expect(host.services.getRequiredService(HostEnvironment).environmentName).toBe('Staging')
    expect(host.services.getService(WebHostEnvironment)).toBeUndefined()
  })

  it('is not started when it was asked to stop before', async () => {
    await using host = quietBuilder().build()
    lifetimeOf(host).stopApplication()
    await expect(host.startAsync()).rejects.toMatchObject({ code: 'WINDHOVER_ERR_HOST_START_CANCELED' })
  })

  it('fires the token of the services that start when it is asked to stop, or when the start takes too long', async () => {
    class Waiting extends HostedService {
      async startAsync(signal: AbortSignal): Promise<void> {
        if (!signal.aborted) await new Promise(resolve => signal.addEventListener('abort', resolve))
        signal.throwIfAborted()
      }

      stopAsync(): void {}
    }
    await using host = quietBuilder()
      .configureServices(services => void services.addHostedService(Waiting))
      .configureHostOptions(options => {
        options.startupTimeout = 10
      })
      .build()
    await expect(host.startAsync()).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('runs until its signal fires', async () => {
    const stop = new AbortController()
    const host = quietBuilder().build()
    lifetimeOf(host).applicationStarted.addEventListener('abort', () => stop.abort())
    await host.runAsync(stop.signal)
    expect(() => host.services.getService(Configuration)).toThrowError(expect.objectContaining({ name: 'ObjectDisposedException' }))
  })

  it('returns from run when its signal has fired before', async () => {
    await quietBuilder().build().runAsync(AbortSignal.abort())
  })

  it('checks options that ask for it before anything starts', async () => {
    class Settings {
      port = 0
    }
    let started = 0
    await using host = quietBuilder()
      .configureServices(services => {
        services
          .addOptions(Settings)
          .validate(settings => settings.port > 0, 'port must be set')
          .validateOnStart()
        services.addHostedService(() => ({ startAsync: () => void started++, stopAsync() {} }))
      })
      .build()
    await expect(host.startAsync()).rejects.toMatchObject({ name: 'OptionsValidationException' })
    expect(started).toBe(0)
  })

  it('calls lifecycle services around all others', async () => {
    const events: string[] = []
    const record = (event: string) => () => void events.push(event)
    class Around extends HostedLifecycleService {
      startingAsync = record('starting')
      startAsync = record('start')
      startedAsync = record('started')
      stoppingAsync = record('stopping')
      stopAsync = record('stop')
      stoppedAsync = record('stopped')
    }
    await using host = quietBuilder()
      .configureServices(services => {
        services.addHostedService(Around).addHostedService(() => ({ startAsync: record('other start'), stopAsync: record('other stop') }))
      })
      .build()
    await host.startAsync()
    await host.stopAsync()
    expect(events).toEqual(['starting', 'start', 'other start', 'started', 'stopping', 'other stop', 'stop', 'stopped'])
  })

  it.each([
    ['stops', BackgroundServiceExceptionBehavior.StopHost, [9, 10]],
    ['goes on', BackgroundServiceExceptionBehavior.Ignore, [9]],
  ])('%s when a background service fails and the behaviour is %s', async (_, behavior, expected) => {
    class Failing extends BackgroundService {
      protected override async executeAsync(): Promise<void> {
        throw new Error('boom')
      }
    }
    const logs = new CollectedLogs()
    await using host = quietBuilder(logs)
      .configureServices(services => void services.addHostedService(Failing))
      .configureHostOptions(options => {
        options.backgroundServiceExceptionBehavior = behavior
      })
      .build()
    await host.startAsync()
    await host.services.getServices(HostedService).map(service => (service as BackgroundService).executeTask?.catch(() => {}))[0]
    await Promise.resolve()
    expect(logs.entries.filter(({ level }) => level >= LogLevel.Error).map(({ eventId }) => eventId.id)).toEqual(expected)
    expect(lifetimeOf(host).applicationStopping.aborted).toBe(behavior === BackgroundServiceExceptionBehavior.StopHost)
    await host.stopAsync()
  })

  it.each([
    [{}, { shutdownTimeout: 30_000, startupTimeout: Number.POSITIVE_INFINITY, start: false, stop: false }],
    [
      { shutdownTimeoutSeconds: '7', startupTimeoutSeconds: '1.5', servicesStartConcurrently: 'TRUE', servicesStopConcurrently: '1' },
      { shutdownTimeout: 7_000, startupTimeout: 1_500, start: true, stop: true },
    ],
    [
      { shutdownTimeoutSeconds: 'soon', servicesStartConcurrently: 'yes' },
      { shutdownTimeout: 30_000, start: false },
    ],
  ])('takes its options from the settings %j', async (settings, expected) => {
    await using host = quietBuilder()
      .configureHostConfiguration(configuration => configuration.addInMemoryCollection(settings as Record<string, string>))
      .build()
    const options = host.services.getRequiredService(Options.of(HostOptions)).value
    expect({
      shutdownTimeout: options.shutdownTimeout,
      startupTimeout: options.startupTimeout,
      start: options.servicesStartConcurrently,
      stop: options.servicesStopConcurrently,
    }).toMatchObject(expected)
  })
})

describe('the lifetime on the console', () => {
  const builderWith = (logs: CollectedLogs): HostBuilder =>
    new HostBuilder().useEnvironment('Test').configureLogging(logging => logging.addProvider(logs))

  it('listens to the signals of the process from the start until the host is disposed', async () => {
    const before = process.listenerCount('SIGQUIT')
    const host = builderWith(new CollectedLogs()).build()
    expect(process.listenerCount('SIGQUIT')).toBe(before)
    await host.startAsync()
    expect(process.listenerCount('SIGQUIT')).toBe(before + 1)
    await host.stopAsync()
    await host[Symbol.asyncDispose]()
    expect(process.listenerCount('SIGQUIT')).toBe(before)
  })

  it('has one listener on the process, however many hosts run', async () => {
    const before = process.listenerCount('SIGTERM')
    const hosts = Array.from({ length: 12 }, () => builderWith(new CollectedLogs()).build())
    for (const host of hosts) await host.startAsync()
    expect(process.listenerCount('SIGTERM')).toBe(before + 1)
    for (const host of hosts) await host.stopAsync()
    for (const host of hosts) await host[Symbol.asyncDispose]()
    expect(process.listenerCount('SIGTERM')).toBe(before)
  })

  it('logs where the host is and that it stops', async () => {
    const logs = new CollectedLogs()
    await using host = builderWith(logs).build()
    await host.startAsync()
    await host.stopAsync()
    expect(logs.lines()).toEqual([
      'Information Windhover.Hosting.Lifetime[0] Application started. Press Ctrl+C to shut down.',
      'Information Windhover.Hosting.Lifetime[0] Hosting environment: Test',
      `Information Windhover.Hosting.Lifetime[0] Content root path: ${process.cwd()}`,
      'Information Windhover.Hosting.Lifetime[0] Application is shutting down...',
    ])
  })

  it('is silent when it is told to be', async () => {
    const logs = new CollectedLogs()
    await using host = builderWith(logs)
      .useConsoleLifetime((options: ConsoleLifetimeOptions) => {
        options.suppressStatusMessages = true
      })
      .build()
    await host.startAsync()
    await host.stopAsync()
    expect(logs.lines()).toEqual([])
  })
})

describe('a web application in a generic host', () => {
  it('needs something that configures it', () => {
    const builder = quietBuilder().configureWebHost(web => void web.useServer(new FakeServer()))
    expect(() => builder.build()).toThrowError(expect.objectContaining({ code: 'WINDHOVER_ERR_STARTUP_MISSING' }))
  })

  it('is built by the builder of the host alone', () => {
    quietBuilder().configureWebHost(web => {
      web.configure(() => {})
      expect(() => web.build()).toThrowError(expect.objectContaining({ code: 'WINDHOVER_ERR_WEB_HOST_NOT_BUILDABLE' }))
    })
  })

  it('shares configuration, services and settings with the host', async () => {
    const server = new FakeServer()
    let seen: string | undefined
    await using host = quietBuilder()
      .configureAppConfiguration(configuration => configuration.addInMemoryCollection({ own: 'value' }))
      .configureWebHost(web =>
        web
          .useServer(server)
          .useUrls('http://a:1')
          .useEnvironment('Staging')
          .configureServices((_services, { configuration }) => {
            seen = configuration.get('own')
          })
          .configure(() => {}),
      )
      .build()
    await host.startAsync()
    await host.stopAsync()
    expect(seen).toBe('value')
    expect(server.addresses.addresses).toEqual(['http://a:1'])
    expect(host.services.getRequiredService(WebHostEnvironment).environmentName).toBe('Staging')
  })

  it('logs a warning when urls win over ports', async () => {
    const logs = new CollectedLogs()
    await using host = quietBuilder(logs)
      .configureWebHost(web =>
        web
          .useServer(new FakeServer())
          .useUrls('http://a:1')
          .useSetting('http_ports', '8080')
          .configure(() => {}),
      )
      .build()
    await host.startAsync()
    await host.stopAsync()
    expect(logs.lines(LogLevel.Warning)).toEqual([
      "Warning Windhover.Hosting.Diagnostics[15] Overriding HTTP_PORTS '8080' and HTTPS_PORTS ''. Binding to values defined by URLS instead 'http://a:1'.",
    ])
  })
})

describe('an application builder', () => {
  it('has configuration, environment and services at once', async () => {
    const builder = Host.createApplicationBuilder({ args: ['--key', 'value'], environmentName: 'Staging', applicationName: 'own' })
    expect(builder.environment.isStaging()).toBe(true)
    expect(builder.environment.applicationName).toBe('own')
    expect(builder.configuration.get('key')).toBe('value')
    let started = 0
    builder.services.addHostedService(() => ({ startAsync: () => void started++, stopAsync() {} }))
    builder.services.addSingleton(HostLifetime, { useValue: { waitForStartAsync() {}, stopAsync() {} } })
    await using host = builder.build()
    await host.startAsync()
    await host.stopAsync()
    expect(started).toBe(1)
    expect(() => builder.build()).toThrowError(expect.objectContaining({ code: 'WINDHOVER_ERR_BUILT_TWICE' }))
  })
})
