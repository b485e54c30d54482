import { once } from 'node:events'
import '@windhover/websockets'
import {
  type ApplicationBuilder,
  type FeatureCollection,
  HttpContext,
  HttpContextFactory,
  LogLevel,
  type ServiceCollection,
  type WebHostEnvironment,
} from '@windhover/core'
import { WebHost, WebHostBuilder } from '@windhover/hosting'
import { TestResponseFeature, TestServer } from '@windhover/testing'
import { describe, expect, it } from 'vitest'
import { deferred } from '../support/deferred.ts'

abstract class Clock {
  abstract now(): string
}

class SystemClock extends Clock {
  now(): string {
    return 'the time of day'
  }
}

class StoppedClock extends Clock {
  now(): string {
    return 'noon'
  }
}

class Startup {
  configureServices(services: ServiceCollection): void {
    services.addSingleton(Clock, { useClass: SystemClock })
  }

  configure(app: ApplicationBuilder, env: WebHostEnvironment): void {
    app.run(({ response, requestServices }) =>
      response.writeAsync(`${requestServices.getRequiredService(Clock).now()} in ${env.environmentName}`),
    )
  }
}

describe('TestServer.startAsync', () => {
  it('runs a Startup class, in Development unless the options say otherwise', async () => {
    await using server = await TestServer.startAsync(Startup)
    expect(await (await server.fetch('/')).text()).toBe('the time of day in Development')
    await using staging = await TestServer.startAsync(Startup, { environment: 'Staging' })
    expect(await (await staging.fetch('/')).text()).toBe('the time of day in Staging')
  })

  it('lets the test replace services after the Startup class has added its own', async () => {
    await using server = await TestServer.startAsync(Startup, {
      configureTestServices: services => services.addSingleton(Clock, { useClass: StoppedClock }),
    })
    expect(await (await server.fetch('/')).text()).toBe('noon in Development')
    expect(server.services.getRequiredService(Clock)).toBeInstanceOf(StoppedClock)
  })

  it('runs what a builder has set up, with the settings of the test', async () => {
    const builder = new WebHostBuilder()
      .useEnvironment('Staging')
      .configure((app, { configuration, hostingEnvironment }) =>
        app.run(({ response }) => response.writeAsync(`${configuration.get('Greeting:Text')} from ${hostingEnvironment.environmentName}`)),
      )
    await using server = await TestServer.startAsync(builder, { settings: { 'Greeting:Text': 'hi' } })
    expect(await (await server.fetch('/')).text()).toBe('hi from Staging')
  })

  it('runs a default builder: host filtering and the limits of its server hold', async () => {
    const builder = WebHost.createDefaultBuilder(['--environment', 'Development', '--Logging:Console:LogLevel:Default', 'None'])
      .configureNodeServer({ limits: { maxRequestBodySize: 3 } })
      .configure(app => app.run(({ request, response }) => request.readAsTextAsync().then(text => response.writeAsync(text))))
    await using server = await TestServer.startAsync(builder)
    expect(await (await server.fetch('/', { method: 'POST', body: 'abc' })).text()).toBe('abc')
    expect((await server.fetch('/', { method: 'POST', body: 'abcd' })).status).toBe(413)
    expect((await server.fetch('http://evil.example/')).status).toBe(400)
  })

  it('checks that scopes are not captured', async () => {
    class Captured {}
    class CapturingClock extends SystemClock {
      readonly captured: Captured
      constructor(captured: Captured) {
        super()
        this.captured = captured
      }
    }
    const failure = TestServer.startAsync(app => void app.run(() => {}), {
      configureTestServices: services =>
        services
          .addScoped(Captured)
          .addSingleton(Clock, { useFactory: provider => new CapturingClock(provider.getRequiredService(Captured)) }),
    }).then(server => server.services.getRequiredService(Clock))
    await expect(failure).rejects.toThrow(/scope/i)
  })

  it('works with a context factory of the application', async () => {
    let made = 0
    class CountingFactory extends HttpContextFactory {
      create(features: FeatureCollection): HttpContext {
        made++
        return new HttpContext(features)
      }
      dispose(context: HttpContext): void {
        context.features.close()
      }
    }
    await using server = await TestServer.startAsync(app => app.run(() => {}), {
      configureTestServices: services => services.addSingleton(HttpContextFactory, { useClass: CountingFactory }),
    })
    const context = await server.sendAsync(({ items }) => items.set('kept', true))
    expect([made, context.items.get('kept')]).toEqual([1, true])
  })

  it('rejects with what the start of the application throws, and has disposed its services', async () => {
    const boom = new Error('cannot start')
    let disposed = 0
    class Resource implements Disposable {
      [Symbol.dispose](): void {
        disposed++
      }
    }
    const started = TestServer.startAsync(
      app => {
        app.applicationServices.getRequiredService(Resource)
        throw boom
      },
      { configureTestServices: services => services.addSingleton(Resource) },
    )
    await expect(started).rejects.toBe(boom)
    expect(disposed).toBe(1)
  })

  it('disposes the services of the application at its own disposal, not when it stops', async () => {
    const events: string[] = []
    class Resource implements AsyncDisposable {
      async [Symbol.asyncDispose](): Promise<void> {
        events.push('disposed')
      }
    }
    const server = await TestServer.startAsync(app => app.run(() => {}), {
      configureTestServices: services => services.addSingleton(Resource),
    })
    server.services.getRequiredService(Resource)
    await server.stopAsync()
    events.push('stopped')
    await server[Symbol.asyncDispose]()
    expect(events).toEqual(['stopped', 'disposed'])
  })
})

describe('TestServer.sendAsync', () => {
  it('runs the pipeline once with the context that the test has configured, and gives it back readable', async () => {
    await using server = await TestServer.startAsync(app => {
      app.use(async (context, next) => {
        context.items.set('seen', `${context.request.method} ${context.request.path}`)
        await next()
      })
      app.run(async ({ response, items }) => {
        response.statusCode = 202
        response.headers.set('X-Item', String(items.get('given')))
        await response.writeAsync('body')
      })
    })
    const context = await server.sendAsync(({ request, items }) => {
      request.method = 'POST'
      request.path = '/orders'
      items.set('given', 7)
    })
    expect(context.items.get('seen')).toBe('POST /orders')
    expect(context.response.statusCode).toBe(202)
    expect(context.response.headers.get('x-item')).toBe('7')
    expect(await context.features.getRequired(TestResponseFeature).text()).toBe('body')
  })

  it('rejects with what the pipeline throws, and with what the configuration throws', async () => {
    const boom = new Error('boom')
    await using server = await TestServer.startAsync(app => app.run(() => Promise.reject(boom)))
    await expect(server.sendAsync(() => {})).rejects.toBe(boom)
    const bad = new Error('bad configuration')
    await expect(
      server.sendAsync(() => {
        throw bad
      }),
    ).rejects.toBe(bad)
  })

  it('gives the context of the ordinary 500 when errors are not to be thrown', async () => {
    await using server = await TestServer.startAsync(app => app.run(() => Promise.reject(new Error('boom'))), {
      throwApplicationErrors: false,
    })
    expect((await server.sendAsync(() => {})).response.statusCode).toBe(500)
  })
})

describe('TestServer.connect', () => {
  it('gives the bytes: two pipelined requests are answered in order', async () => {
    await using server = await TestServer.startAsync(app => app.run(({ request, response }) => response.writeAsync(request.path)))
    const connection = server.connect()
    connection.write('GET /first HTTP/1.1\r\nHost: a\r\n\r\nGET /second HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    let text = ''
    connection.setEncoding('latin1').on('data', chunk => (text += chunk))
    await once(connection, 'end')
    expect(text.match(/\/(first|second)/g)).toEqual(['/first', '/second'])
  })

  it('refuses a second connection from the same address and port', async () => {
    await using server = await TestServer.startAsync(app => app.run(() => {}))
    server.connect({ remotePort: 1234 })
    expect(() => server.connect({ remotePort: 1234 })).toThrow('There is an open connection from 127.0.0.1 port 1234 already')
  })
})

describe('a TestServer', () => {
  it('keeps what is logged, of every level', async () => {
    await using server = await TestServer.startAsync(app => app.run(() => {}))
    await server.fetch('/')
    expect(server.logs.some(entry => entry.level <= LogLevel.Debug)).toBe(true)
  })

  it('serves many requests at a time', async () => {
    await using server = await TestServer.startAsync(app => app.run(({ request, response }) => response.writeAsync(request.path)))
    const paths = Array.from({ length: 200 }, (_, i) => `/${i}`)
    expect(await Promise.all(paths.map(async path => (await server.fetch(path)).text()))).toEqual(paths)
  })

  it.each([
    { timeout: 0 },
    { timeout: -1 },
    { timeout: Number.NaN },
    { timeout: 2 ** 31 },
    { baseAddress: 'ftp://localhost/' },
    { baseAddress: 'localhost' },
  ])('refuses the options %o', async options => {
    await expect(TestServer.startAsync(app => app.run(() => {}), options)).rejects.toThrow()
  })
})

describe('stopping a TestServer', () => {
  it('waits for the requests under way', async () => {
    const [arrived, release] = [deferred(), deferred()]
    const server = await TestServer.startAsync(app => {
      app.run(async ({ response }) => {
        arrived.resolve()
        await release.promise
        await response.writeAsync('finished')
      })
    })
    const response = server.fetch('/')
    await arrived.promise
    const stopped = server.stopAsync()
    release.resolve()
    expect(await (await response).text()).toBe('finished')
    await stopped
  })

  it('closes open sockets with 1001, and the loop unwinds', async () => {
    const unwound = deferred()
    const server = await TestServer.startAsync(app => {
      app.useWebSockets()
      app.run(async context => {
        try {
          for await (const _ of await context.webSockets.acceptWebSocketAsync());
        } finally {
          unwound.resolve()
        }
      })
    })
    const socket = await server.connectWebSocketAsync('/')
    await server.stopAsync()
    expect((await socket.waitForCloseAsync()).code).toBe(1001)
    await unwound.promise
  })

  it('ends a stream that the test has stopped to read', async () => {
    const server = await TestServer.startAsync(app => {
      app.run(async ({ response, requestAborted }) => {
        while (!requestAborted.aborted) await response.writeAsync(Buffer.alloc(16 * 1024))
      })
    })
    await server.fetch('/endless')
    await server.stopAsync()
  })

  it('names the request that does not end, and ends its connection', async () => {
    const arrived = deferred()
    const server = await TestServer.startAsync(
      app => {
        app.run(() => {
          arrived.resolve()
          return new Promise(() => {})
        })
      },
      { timeout: 200 },
    )
    const response = server.fetch('/for/ever').catch(error => error)
    await arrived.promise
    await expect(server.stopAsync()).rejects.toThrow(/the application still runs GET \/for\/ever \(for \d+ ms\)/)
    expect(await response).toMatchObject({ code: 'WINDHOVER_ERR_TEST_SERVER_STOPPED' })
  })

  it('only warns of such a request at the end of an await using block, so that a failed assertion is seen', async () => {
    const [arrived, warned] = [deferred(), once(process, 'warning')]
    {
      await using server = await TestServer.startAsync(
        app => {
          app.run(() => {
            arrived.resolve()
            return new Promise(() => {})
          })
        },
        { timeout: 200 },
      )
      server.fetch('/leaked').catch(() => {})
      await arrived.promise
    }
    expect((await warned)[0].message).toMatch(/still runs GET \/leaked/)
  })

  it('collects several errors that no response could tell', async () => {
    const proceed = deferred()
    const server = await TestServer.startAsync(app => {
      app.run(async ({ request, response }) => {
        await response.completeAsync()
        await proceed.promise
        throw new Error(request.path)
      })
    })
    await Promise.all([server.fetch('/a'), server.fetch('/b')])
    proceed.resolve()
    await expect(server.stopAsync()).rejects.toMatchObject({
      code: 'WINDHOVER_ERR_TEST_UNOBSERVED_ERRORS',
      innerExceptions: [new Error('/a'), new Error('/b')],
    })
  })

  it('refuses everything afterwards', async () => {
    const server = await TestServer.startAsync(app => app.run(() => {}))
    await server.stopAsync()
    await server.stopAsync()
    const stopped = { code: 'WINDHOVER_ERR_TEST_SERVER_STOPPED' }
    await expect(server.fetch('/')).rejects.toMatchObject(stopped)
    await expect(server.connectWebSocketAsync('/')).rejects.toMatchObject(stopped)
    await expect(server.sendAsync(() => {})).rejects.toMatchObject(stopped)
    expect(() => server.connect()).toThrow(expect.objectContaining(stopped))
  })
})
