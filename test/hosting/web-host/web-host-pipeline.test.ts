import { setTimeout as delay } from 'node:timers/promises'
import { type ConfigureApplication, HttpContext, ServerAddressesFeature, StartupFilter } from '@windhover/core'
import { WebHostBuilder } from '@windhover/hosting'
import { describe, expect, it } from 'vitest'
import { CollectedLogs } from '../../support/collected-logs.ts'
import { deferred } from '../../support/deferred.ts'
import { FakeServer } from '../../support/fake-server.ts'
import { build, builderWith } from './web-host-fixtures.ts'

describe('the pipeline of a web host', () => {
  it('is built with the startup filters around configure, the first one outermost', async () => {
    const events: string[] = []
    const filter = (name: string): StartupFilter => ({
      configure: next => app => {
        events.push(`${name} before`)
        next(app)
        events.push(`${name} after`)
      },
    })
    const host = build(
      builderWith()
        .configureServices(services => {
          services.addSingleton(StartupFilter, { useValue: filter('A') }).addSingleton(StartupFilter, { useValue: filter('B') })
        })
        .configure(() => void events.push('configure')),
    )
    await host.startAsync()
    expect(events).toEqual(['A before', 'B before', 'configure', 'B after', 'A after'])
  })

  it('waits for an asynchronous configure before it listens', async () => {
    const server = new FakeServer()
    const configured = deferred()
    const host = build(builderWith(server).configure(() => configured.promise))
    const starting = host.startAsync()
    await delay(0)
    expect(server.startCalls).toBe(0)
    configured.resolve()
    await starting
    expect(server.startCalls).toBe(1)
  })

  it('waits for an asynchronous configure through a filter that returns its promise', async () => {
    const events: string[] = []
    const filter: StartupFilter = {
      configure: next => async app => {
        await next(app)
        events.push('filter')
      },
    }
    const host = build(
      builderWith()
        .configureServices(services => services.addSingleton(StartupFilter, { useValue: filter }))
        .configure(async () => {
          await delay(1)
          events.push('configure')
        }),
    )
    await host.startAsync()
    expect(events).toEqual(['configure', 'filter'])
  })

  it.each([
    ['does not wait', (next: () => unknown) => () => void next()],
    ['waits for something else', (next: () => unknown) => async () => void next()],
  ])('refuses a filter that %s when configure is asynchronous, and loses no error', async (_, wrap) => {
    class Hasty extends StartupFilter {
      override configure(next: ConfigureApplication): ConfigureApplication {
        return app => wrap(() => next(app))()
      }
    }
    const start = (configure: () => Promise<void>): Promise<void> =>
      build(
        builderWith()
          .configureServices(services => services.addSingleton(StartupFilter, { useClass: Hasty }))
          .configure(configure),
      ).startAsync()
    await expect(start(() => delay(5))).rejects.toMatchObject({
      code: 'WINDHOVER_ERR_STARTUP_FILTER_NOT_AWAITED',
      message: /"Hasty"/,
    })
    await expect(
      start(async () => {
        await delay(5)
        throw new Error('boom')
      }),
    ).rejects.toThrow('boom')
  })

  it('rejects with an error of configure, and leaves it to the caller to tell', async () => {
    const logs = new CollectedLogs()
    const host = build(
      builderWith()
        .configureLogging(logging => logging.addProvider(logs))
        .configure(() => {
          throw new Error('boom')
        }),
    )
    await expect(host.startAsync()).rejects.toThrow('boom')
    expect(logs.lines()).toEqual([])
  })

  it.each([
    ['Development', {}, true],
    ['Production', {}, false],
    ['Production', { detailedErrors: 'true' }, true],
  ])('answers every request with the captured error of configure in %s with %j; details: %s', async (environment, settings, detailed) => {
    const builder = new WebHostBuilder()
      .useNodeServer()
      .useUrls('http://127.0.0.1:0')
      .useEnvironment(environment)
      .suppressStatusMessages()
      .captureStartupErrors(true)
      .configure(() => {
        throw new Error('<boom>')
      })
    for (const [key, value] of Object.entries(settings)) builder.useSetting(key, value as string)
    const host = build(builder)
    await host.startAsync()
    const response = await fetch(host.serverFeatures.getRequired(ServerAddressesFeature).addresses[0]!)
    expect(response.status).toBe(500)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const body = await response.text()
    expect(body.includes('&lt;boom&gt;')).toBe(detailed)
    expect(body).not.toContain('<boom>')
  })

  it('answers requests with what the context factory made, and ends the context', async () => {
    const server = new FakeServer()
    const contexts: HttpContext[] = []
    const host = build(
      builderWith(server).configure(app =>
        app.run(context => {
          contexts.push(context)
          context.response.statusCode = 204
        }),
      ),
    )
    await host.startAsync()
    await server.requestAsync(Object.fromEntries(new HttpContext().features))
    expect(contexts).toHaveLength(1)
    expect(() => contexts[0]!.request.path).toThrowError(expect.objectContaining({ code: 'WINDHOVER_ERR_CONTEXT_ENDED' }))
  })
})
