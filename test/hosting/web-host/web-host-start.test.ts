import { HostApplicationLifetime, HostedService, LogLevel, ServiceCollection } from '@windhover/core'
import { WebHostBuilder } from '@windhover/hosting'
import { describe, expect, it } from 'vitest'
import { CollectedLogs } from '../../support/collected-logs.ts'
import { FakeServer } from '../../support/fake-server.ts'
import { build, builderWith, CountingService } from './web-host-fixtures.ts'

describe('starting a web host', () => {
  it('starts the server once, and disposal stops it without disposing what is not its own', async () => {
    const server = new FakeServer()
    const host = build(builderWith(server))
    await host.startAsync()
    await host[Symbol.asyncDispose]()
    expect([server.startCalls, server.stopCalls, server.disposeCalls]).toEqual([1, 1, 0])
  })

  it('disposes a server that the container has made', async () => {
    let server: FakeServer | undefined
    class OwnServer extends FakeServer {
      constructor() {
        super()
        server = this
      }
    }
    const host = build(
      new WebHostBuilder()
        .useServer(OwnServer)
        .suppressStatusMessages()
        .configure(() => {}),
    )
    await host.startAsync()
    await host[Symbol.asyncDispose]()
    expect(server?.disposeCalls).toBe(1)
  })

  it('rejects with an error that names useNodeServer when there is no server', async () => {
    const host = build(new WebHostBuilder().suppressStatusMessages().configure(() => {}))
    await expect(host.startAsync()).rejects.toMatchObject({ code: 'WINDHOVER_ERR_SERVER_MISSING', message: /useNodeServer\(\)/ })
    expect(() => host.serverFeatures).toThrowError(expect.objectContaining({ code: 'WINDHOVER_ERR_SERVER_MISSING' }))
  })

  it('notifies applicationStarted after the server has started, and logs nothing above Debug', async () => {
    const logs = new CollectedLogs()
    const server = new FakeServer()
    const host = build(builderWith(server).configureLogging(logging => logging.setMinimumLevel(LogLevel.Debug).addProvider(logs)))
    let startedWhen = -1
    host.services.getRequiredService(HostApplicationLifetime).applicationStarted.addEventListener('abort', () => {
      startedWhen = server.startCalls
    })
    await host.startAsync()
    expect(startedWhen).toBe(1)
    expect(logs.lines(LogLevel.Debug)).toEqual([
      'Debug Windhover.Hosting.Diagnostics[3] Hosting starting',
      'Debug Windhover.Hosting.Diagnostics[4] Hosting started',
    ])
  })

  it('does not start the second hosted service when the first throws, and stops both', async () => {
    const [first, second] = [new CountingService(), new CountingService()]
    first.onStart = () => {
      throw new Error('boom')
    }
    const server = new FakeServer()
    const host = build(
      builderWith(server).configureServices(services => {
        services.addHostedService(() => first).addHostedService(() => second)
      }),
    )
    await expect(host.startAsync()).rejects.toThrow('boom')
    await host[Symbol.asyncDispose]()
    expect([first.startCalls, second.startCalls]).toEqual([1, 0])
    expect([first.stopCalls, second.stopCalls]).toEqual([1, 1])
    expect([server.startCalls, server.stopCalls]).toEqual([0, 0])
  })

  it('starts no hosted service when it is not started, stops none, and disposes none that was not made', async () => {
    const service = new CountingService()
    const host = build(
      builderWith().configureServices(services => {
        services.addHostedService(() => service)
      }),
    )
    await host.stopAsync()
    await host[Symbol.asyncDispose]()
    expect([service.startCalls, service.stopCalls, service.disposeCalls]).toEqual([0, 0, 0])
  })

  it('lets a hosted service take the lifetime', async () => {
    class Taking extends CountingService {
      static readonly inject: readonly [typeof HostApplicationLifetime] = [HostApplicationLifetime]

      constructor(readonly lifetime: HostApplicationLifetime) {
        super()
      }

      override startAsync(): void {
        this.lifetime.stopApplication()
      }
    }
    const host = build(
      builderWith().configureServices(services => {
        services.addHostedService(Taking)
      }),
    )
    await host.startAsync()
    expect(host.services.getRequiredService(HostApplicationLifetime).applicationStopping.aborted).toBe(true)
  })

  it('takes a class that has the methods of a hosted service, whatever it extends', async () => {
    const events: string[] = []
    class Plain {
      startAsync(): void {
        events.push('started')
      }
      stopAsync = (): void => void events.push('stopped')
    }
    const host = build(builderWith().configureServices(services => void services.addHostedService(Plain)))
    await host.startAsync()
    await host.stopAsync()
    expect(events).toEqual(['started', 'stopped'])
  })

  it.each<[string, unknown]>([
    ['null', null],
    ['an object', { startAsync() {}, stopAsync() {} }],
  ])('refuses %s as a hosted service', (_name, service) => {
    expect(() => new ServiceCollection().addHostedService(service as never)).toThrowError(
      expect.objectContaining({ code: 'WINDHOVER_ERR_HOSTED_SERVICE' }),
    )
  })

  it.each<[string, unknown, string]>([
    [
      'a class',
      class Half {
        startAsync(): void {}
      },
      'The hosted service "Half" has no method stopAsync.',
    ],
    ['an object', () => ({ stopAsync() {} }), 'The hosted service "Object" has no method startAsync.'],
    ['nothing', () => undefined, 'The hosted service "undefined" has no method startAsync.'],
  ])('fails to start, before any service is started, with a hosted service that lacks a method: %s', async (_name, service, message) => {
    let calls = 0
    const called = (): void => void calls++
    const host = build(
      builderWith().configureServices(services => {
        services.addHostedService(() => ({ startAsync: called, stopAsync: called })).addHostedService(service as never)
      }),
    )
    await expect(host.startAsync()).rejects.toMatchObject({
      code: 'WINDHOVER_ERR_HOSTED_SERVICE_METHOD',
      message: `${message} Add it, or extend BackgroundService.`,
    })
    await host.stopAsync()
    expect(calls).toBe(0)
  })

  it('adds a hosted service class once', () => {
    const host = build(
      builderWith().configureServices(services => {
        services.addHostedService(CountingService).addHostedService(CountingService)
      }),
    )
    expect(host.services.getServices(HostedService)).toHaveLength(1)
  })

  it.each([
    ['urls', { urls: 'http://a:1;http://b:2' }, ['http://a:1', 'http://b:2']],
    ['the legacy server.urls', { 'server.urls': 'http://a:1' }, ['http://a:1']],
    ['urls before server.urls', { urls: 'http://a:1', 'server.urls': 'http://b:2' }, ['http://a:1']],
    ['nothing', {}, []],
  ])('tells the server the addresses of %s', async (_, settings, expected) => {
    const server = new FakeServer()
    const builder = builderWith(server)
    for (const [key, value] of Object.entries(settings)) builder.useSetting(key, value)
    await build(builder).startAsync()
    expect(server.addresses.addresses).toEqual(expected)
    expect(server.addresses.preferHostingUrls).toBe(false)
  })

  it('leaves addresses alone that the server was told before', async () => {
    const server = new FakeServer()
    server.addresses.addresses.push('http://own:1')
    await build(builderWith(server).useUrls('http://a:1')).startAsync()
    expect(server.addresses.addresses).toEqual(['http://own:1'])
  })

  it('prefers the addresses of the host only when there are some', async () => {
    const [one, other] = [new FakeServer(), new FakeServer()]
    await build(builderWith(one).preferHostingUrls(true)).startAsync()
    await build(builderWith(other).preferHostingUrls(true).useUrls('http://a:1')).startAsync()
    expect([one.addresses.preferHostingUrls, other.addresses.preferHostingUrls]).toEqual([false, true])
  })
})
