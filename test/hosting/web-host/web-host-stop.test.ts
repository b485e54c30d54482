import { setTimeout as delay } from 'node:timers/promises'
import { HostApplicationLifetime, type HostedService } from '@windhover/core'
import { ConfigurationProvider } from '@windhover/hosting'
import { describe, expect, it } from 'vitest'
import { CollectedLogs } from '../../support/collected-logs.ts'
import { deferred } from '../../support/deferred.ts'
import { FakeServer } from '../../support/fake-server.ts'
import { build, builderWith, CountingService } from './web-host-fixtures.ts'

class DisposableSource extends ConfigurationProvider implements Disposable {
  disposeCalls = 0

  override load(): void {}

  [Symbol.dispose](): void {
    this.disposeCalls++
  }
}

describe('stopping a web host', () => {
  it('gives the server the shutdown timeout when the caller gives no signal', async () => {
    const server = new FakeServer()
    server.onStop = signal => new Promise(resolve => signal!.addEventListener('abort', () => resolve()))
    const host = build(builderWith(server).useShutdownTimeout(20))
    await host.startAsync()
    await host.stopAsync()
    expect(server.stopCalls).toBe(1)
  })

  it('applies the shutdown timeout also beside a signal that does not fire', async () => {
    const server = new FakeServer()
    server.onStop = signal => new Promise(resolve => signal!.addEventListener('abort', () => resolve()))
    const host = build(builderWith(server).useShutdownTimeout(20))
    await host.startAsync()
    await host.stopAsync(new AbortController().signal)
    expect(server.stopCalls).toBe(1)
  })

  it('can be cut short by a signal', async () => {
    const server = new FakeServer()
    server.onStop = signal => (signal!.aborted ? undefined : new Promise(() => {}))
    const host = build(builderWith(server))
    await host.startAsync()
    await host.stopAsync(AbortSignal.abort())
    expect(server.stopCalls).toBe(1)
  })

  it('lets a second call wait for the first', async () => {
    const server = new FakeServer()
    const stopped = deferred()
    server.onStop = () => stopped.promise
    const host = build(builderWith(server))
    await host.startAsync()
    let secondHasEnded = false
    const first = host.stopAsync()
    const second = host.stopAsync().then(() => {
      secondHasEnded = true
    })
    await delay(0)
    expect(secondHasEnded).toBe(false)
    stopped.resolve()
    await Promise.all([first, second])
    expect(server.stopCalls).toBe(1)
  })

  it('fires stopping, stops the server, then the hosted services in order of registration, then fires stopped', async () => {
    const events: string[] = []
    const server = new FakeServer()
    server.onStop = () => void events.push('server')
    const service = (name: string): HostedService => ({ startAsync() {}, stopAsync: () => void events.push(name) })
    const host = build(
      builderWith(server).configureServices(services => {
        services.addHostedService(() => service('a')).addHostedService(() => service('b'))
      }),
    )
    const lifetime = host.services.getRequiredService(HostApplicationLifetime)
    lifetime.applicationStopping.addEventListener('abort', () => events.push('stopping'))
    lifetime.applicationStopped.addEventListener('abort', () => events.push('stopped'))
    await host.startAsync()
    await host.stopAsync()
    expect(events).toEqual(['stopping', 'server', 'a', 'b', 'stopped'])
  })

  it('stops everything also after errors, and raises them together', async () => {
    const server = new FakeServer()
    server.onStop = () => {
      throw new Error('server')
    }
    const service = new CountingService()
    service.onStop = () => {
      throw new Error('service')
    }
    const host = build(
      builderWith(server).configureServices(services => {
        services.addHostedService(() => service)
      }),
    )
    await host.startAsync()
    await expect(host.stopAsync()).rejects.toMatchObject({
      code: 'WINDHOVER_ERR_HOST_STOP_FAILED',
      innerExceptions: [{ message: 'server' }, { message: 'service' }],
    })
    expect(service.stopCalls).toBe(1)
    expect(host.services.getRequiredService(HostApplicationLifetime).applicationStopped.aborted).toBe(true)
  })

  it('logs the error of a stop that disposal began', async () => {
    const logs = new CollectedLogs()
    const server = new FakeServer()
    server.onStop = () => {
      throw new Error('boom')
    }
    const host = build(builderWith(server).configureLogging(logging => logging.addProvider(logs)))
    await host.startAsync()
    await host[Symbol.asyncDispose]()
    expect(logs.lines()).toEqual(['Error Windhover.Hosting.Diagnostics[12] Hosting shutdown exception'])
    expect(logs.entries[0]?.exception).toMatchObject({ message: 'boom' })
  })

  it('ends the host: it is not started again', async () => {
    const host = build(builderWith())
    await host.startAsync()
    await host.stopAsync()
    await expect(host.startAsync()).rejects.toMatchObject({ code: 'WINDHOVER_ERR_HOST_STOPPED' })
  })

  it('does nothing before the start, which is possible afterwards', async () => {
    const server = new FakeServer()
    const host = build(builderWith(server))
    await host.stopAsync()
    await host.startAsync()
    await host.stopAsync()
    expect([server.startCalls, server.stopCalls]).toEqual([1, 1])
  })

  it('does not stop by stopApplication alone: someone has to wait for it', async () => {
    const service = new CountingService()
    const host = build(
      builderWith().configureServices(services => {
        services.addHostedService(() => service)
      }),
    )
    host.services.getRequiredService(HostApplicationLifetime).stopApplication()
    await host.startAsync()
    expect([service.startCalls, service.stopCalls]).toEqual([1, 0])
    await host[Symbol.asyncDispose]()
    expect(service.stopCalls).toBe(1)
  })

  it('disposes its services and its configuration when it is disposed, not when it is stopped', async () => {
    let disposed = 0
    class Thing implements Disposable {
      [Symbol.dispose](): void {
        disposed++
      }
    }
    const source = new DisposableSource()
    const host = build(
      builderWith()
        .configureServices(services => services.addSingleton(Thing))
        .configureAppConfiguration(configuration => configuration.add({ build: () => source })),
    )
    host.services.getRequiredService(Thing)
    await host.startAsync()
    await host.stopAsync()
    expect([disposed, source.disposeCalls]).toEqual([0, 0])
    await host[Symbol.asyncDispose]()
    expect([disposed, source.disposeCalls]).toEqual([1, 1])
  })
})
