import { once } from 'node:events'
import '@windhover/websockets'
import { LogLevel } from '@windhover/core'
import { TestResponseFeature, TestServer } from '@windhover/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
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
  afterEach(() => vi.useRealTimers())

  it('keeps what is logged, of every level', async () => {
    await using server = await TestServer.startAsync(app => app.run(() => {}))
    await server.fetch('/')
    expect(server.logs.some(entry => entry.level <= LogLevel.Debug)).toBe(true)
  })

  it('works while the test has replaced the clock', async () => {
    vi.useFakeTimers()
    await using server = await TestServer.startAsync(app => {
      app.run(async ({ response }) => {
        await response.startAsync()
        await response.completeAsync()
      })
    })
    expect((await server.fetch('/')).status).toBe(200)
    vi.useRealTimers()
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

void [SystemClock, StoppedClock]
