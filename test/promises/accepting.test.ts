import { AsyncLocalStorage } from 'node:async_hooks'
import { once } from 'node:events'
import '@windhover/websockets'
import { type HttpContext, type HttpResponse, LogLevel, type Middleware, type WebSocket } from '@windhover/core'
import { TestServer } from '@windhover/testing'
import { describe, expect, it } from 'vitest'
import { close, type ReceivedFrame, takeFrames, text } from '../conformance/support/frames.ts'
import { deferred } from '../support/deferred.ts'
import { startHandshake } from '../support/raw-handshake.ts'

/** A server with one middleware around `useWebSockets` and a handler behind it. */
function start(
  handler: (context: HttpContext) => Promise<void> | void,
  around: Middleware = (_context, next) => next(),
): Promise<TestServer> {
  return TestServer.startAsync(app => {
    app.use(around)
    app.useWebSockets({ closeTimeout: 200 })
    app.run(handler)
  })
}

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate)
}

function setStatus(response: HttpResponse, status: number): void {
  response.statusCode = status
}

describe('1. an upgrade request is a request', () => {
  it('runs the same middleware in the same order, with one context from beginning to end', async () => {
    const trace: string[] = []
    const contexts = new Set<HttpContext>()
    await using server = await TestServer.startAsync(app => {
      for (const name of ['first', 'second']) {
        app.use(async (context, next) => {
          contexts.add(context)
          trace.push(`${name} in`)
          await next()
          trace.push(`${name} out`)
        })
      }
      app.useWebSockets()
      app.run(async context => {
        contexts.add(context)
        if (!context.webSockets.isWebSocketRequest) return context.response.writeAsync('plain')
        for await (const _ of await context.webSockets.acceptWebSocketAsync());
      })
    })
    await (await server.fetch('/')).text()
    const plain = trace.splice(0)
    const socket = await server.connectWebSocketAsync('/')
    socket.close()
    await socket.waitForHandlerAsync()
    expect(trace).toEqual(plain)
    expect(contexts.size).toBe(2)
  })

  it("keeps request services, items and the application's own AsyncLocalStorage through the loop", async () => {
    class Visit {
      readonly id = Math.random()
    }
    const storage = new AsyncLocalStorage<string>()
    await using server = await TestServer.startAsync(
      app => {
        app.use((context, next) => {
          context.items.set('visit', context.requestServices.getRequiredService(Visit).id)
          return storage.run('visitor 7', next)
        })
        app.useWebSockets()
        app.run(async context => {
          const socket = await context.webSockets.acceptWebSocketAsync()
          for await (const _ of socket) {
            const isSameVisit = context.requestServices.getRequiredService(Visit).id === context.items.get('visit')
            await socket.sendAsync(`${storage.getStore()}, ${isSameVisit}`)
          }
        })
      },
      { configureTestServices: services => services.addScoped(Visit) },
    )
    const socket = await server.connectWebSocketAsync('/')
    for (let i = 0; i < 3; i++) {
      socket.send('who am I?')
      expect((await socket.receiveMessageAsync())?.data).toBe('visitor 7, true')
    }
  })

  it.each([
    { name: 'a 404', answer: ({ response }: HttpContext) => setStatus(response, 404), status: 404, location: null },
    { name: 'a redirect', answer: ({ response }: HttpContext) => response.redirect('/login'), status: 302, location: '/login' },
    { name: 'an error page of 500', answer: ({ response }: HttpContext) => setStatus(response, 500), status: 500, location: null },
  ])('answers ordinarily until a handler accepts: $name', async ({ answer, status, location }) => {
    await using server = await start(answer)
    const error = await server.connectWebSocketAsync('/').catch(reason => reason)
    expect([error.status, error.headers.get('location')]).toEqual([status, location])
  })
})

describe('2. accepting sends the 101', () => {
  it('carries the headers and cookies that earlier middleware set, and the socket is open', async () => {
    let state: string | undefined
    await using server = await start(
      async context => {
        const socket = await context.webSockets.acceptWebSocketAsync()
        state = socket.state
        await socket.closeAsync(1000)
      },
      async (context, next) => {
        context.response.headers.set('X-Trace', 'abc')
        context.response.cookies.append('session', '7')
        await next()
      },
    )
    const socket = await server.connectWebSocketAsync('/')
    expect(socket.handshakeHeaders.get('x-trace')).toBe('abc')
    expect(socket.handshakeHeaders.getSetCookie()).toEqual([expect.stringMatching(/^session=7/)])
    await socket.waitForHandlerAsync()
    expect(state).toBe('open')
  })

  it('does not answer before the handler accepts', async () => {
    const [arrived, accept] = [deferred(), deferred()]
    await using server = await start(async context => {
      arrived.resolve()
      await accept.promise
      await context.webSockets.acceptWebSocketAsync()
    })
    let isOpen = false
    const connecting = server.connectWebSocketAsync('/').then(() => (isOpen = true))
    await arrived.promise
    await turns(20)
    expect(isOpen).toBe(false)
    accept.resolve()
    await connecting
  })
})

describe('3. the awaited loop is the life of the socket', () => {
  it('reads nothing from the connection faster than the handler receives, and loses nothing', async () => {
    const [proceed, received] = [deferred(), deferred<number>()]
    const message = Buffer.alloc(64 * 1024, 'x')
    await using server = await start(async context => {
      const socket = await context.webSockets.acceptWebSocketAsync()
      await proceed.promise
      let count = 0
      for await (const { data } of socket) if (data.length === message.length) count++
      received.resolve(count)
    })
    const socket = await server.connectWebSocketAsync('/')
    for (let i = 0; i < 100; i++) socket.send(message)
    await turns(200)
    // What lies in between is bounded: the read-ahead of the server and the buffers of the connection.
    expect(socket.bufferedAmount).toBeGreaterThan(90 * message.length)
    proceed.resolve()
    socket.close()
    expect(await received.promise).toBe(100)
  })
})

describe('4. when the loop ends the request moves back up', () => {
  it('runs finally blocks and timing middleware, then disposes the scope in reverse order of creation', async () => {
    const trace: string[] = []
    abstract class Part implements Disposable {
      [Symbol.dispose](): void {
        trace.push(`disposed ${this.constructor.name}`)
      }
    }
    class First extends Part {}
    class Second extends Part {}
    await using server = await TestServer.startAsync(
      app => {
        app.use(async function timing(context, next) {
          context.response.onCompleted(() => void trace.push('completed'))
          const start = performance.now()
          try {
            await next()
          } finally {
            trace.push(performance.now() >= start ? 'timed' : 'time ran backwards')
          }
        })
        app.useWebSockets()
        app.run(async context => {
          context.requestServices.getRequiredService(First)
          context.requestServices.getRequiredService(Second)
          const socket = await context.webSockets.acceptWebSocketAsync()
          try {
            for await (const _ of socket);
          } finally {
            trace.push('finally')
          }
        })
      },
      { configureTestServices: services => services.addScoped(First).addScoped(Second) },
    )
    const socket = await server.connectWebSocketAsync('/')
    await turns(5)
    expect(trace).toEqual([])
    socket.close()
    await socket.waitForHandlerAsync()
    expect(trace).toEqual(['finally', 'timed', 'disposed Second', 'disposed First', 'completed'])
  })

  it('passes a throw through every middleware, sends 1011 and logs it once', async () => {
    const boom = new Error('boom')
    const seen: unknown[] = []
    await using server = await start(
      async context => {
        await context.webSockets.acceptWebSocketAsync()
        throw boom
      },
      async (_context, next) => {
        try {
          await next()
        } catch (error) {
          seen.push(error)
          throw error
        }
      },
    )
    const socket = await server.connectWebSocketAsync('/')
    expect((await socket.waitForCloseAsync()).code).toBe(1011)
    await expect(socket.waitForHandlerAsync()).rejects.toBe(boom)
    expect(seen).toEqual([boom])
    expect(server.logs.filter(({ level }) => level >= LogLevel.Warning).map(({ exception }) => exception)).toEqual([boom])
  })

  it('lets a middleware swallow the error: the peer has seen 1011, and nothing else happens', async () => {
    await using server = await start(
      async context => {
        await context.webSockets.acceptWebSocketAsync()
        throw new Error('handled further out')
      },
      (_context, next) => next().catch(() => {}),
    )
    const socket = await server.connectWebSocketAsync('/')
    expect((await socket.waitForCloseAsync()).code).toBe(1011)
    await socket.waitForHandlerAsync()
  })
})

describe('5. useWebSockets finishes what the handler left open', () => {
  const handlers: { name: string; use(socket: WebSocket): Promise<void>; code: number }[] = [
    { name: 'returns at once', use: async () => {}, code: 1000 },
    { name: 'returns after a message', use: async socket => void (await socket.receiveMessageAsync()), code: 1000 },
    {
      name: 'throws',
      use: async () => {
        throw new Error('expected')
      },
      code: 1011,
    },
    {
      name: 'returns after the peer has closed, without an answer',
      use: async socket => {
        for await (const _ of socket);
      },
      code: 3456,
    },
    { name: 'closes by itself', use: socket => socket.closeAsync(4000, 'own words'), code: 4000 },
  ]

  describe.each([
    {
      declaration: 'const socket',
      accept: async (context: HttpContext, use: (socket: WebSocket) => Promise<void>) =>
        use(await context.webSockets.acceptWebSocketAsync()),
    },
    {
      declaration: 'using socket',
      accept: async (context: HttpContext, use: (socket: WebSocket) => Promise<void>) => {
        using socket = await context.webSockets.acceptWebSocketAsync()
        await use(socket)
      },
    },
  ])('$declaration', ({ accept }) => {
    it.each(handlers)('sends $code when the handler $name', async ({ use, code }) => {
      await using server = await start(context => accept(context, use))
      const client = server.connect()
      const closed = once(client, 'close')
      const frames = framesOf(client)
      startHandshake(client)
      await frames.handshake
      client.write(Buffer.concat(code === 3456 ? [close(3456)] : [text('a message')]))
      const closing = await frames.close
      expect(closing.payload.readUInt16BE(0)).toBe(code)
      client.end(close(code))
      await closed
    })
  })

  it('waits closeTimeout for a peer that does not answer, then ends the connection and goes on', async () => {
    const unwound = deferred()
    await using server = await start(
      async context => void (await context.webSockets.acceptWebSocketAsync()),
      async (_context, next) => {
        await next()
        unwound.resolve()
      },
    )
    const client = server.connect()
    const frames = framesOf(client)
    startHandshake(client)
    await frames.close
    await once(client, 'end')
    await unwound.promise
    client.destroy()
  })

  it('settles what is pending when the socket is disposed, and writes nothing by that', async () => {
    const settled = deferred<unknown>()
    await using server = await start(async context => {
      const socket = await context.webSockets.acceptWebSocketAsync()
      const receiving = socket.receiveAsync(new Uint8Array(8))
      socket[Symbol.dispose]()
      settled.resolve([await receiving.catch(error => error.webSocketErrorCode), socket.state])
    })
    const socket = await server.connectWebSocketAsync('/')
    expect(await settled.promise).toEqual(['connection-closed-prematurely', 'closed'])
    expect((await socket.waitForCloseAsync()).code).toBe(1000)
  })
})

interface Frames {
  /** Resolves when the head of the 101 has come. */
  readonly handshake: Promise<void>
  /** Resolves with the server's close frame. */
  readonly close: Promise<ReceivedFrame>
}

/** Reads what a server sends to a handshake of the test's own. */
function framesOf(connection: NodeJS.ReadableStream): Frames {
  const [handshake, closing] = [deferred(), deferred<ReceivedFrame>()]
  let pending = Buffer.alloc(0)
  let isUpgraded = false
  const frames: ReceivedFrame[] = []
  connection.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk])
    if (!isUpgraded) {
      const end = pending.indexOf('\r\n\r\n')
      if (end < 0) return
      isUpgraded = true
      pending = pending.subarray(end + 4)
      handshake.resolve()
    }
    pending = pending.subarray(takeFrames(pending, frames))
    const found = frames.find(frame => frame.opcode === 8)
    if (found !== undefined) closing.resolve(found)
  })
  return { handshake: handshake.promise, close: closing.promise }
}
