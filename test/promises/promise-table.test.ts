import '@windhover/websockets'
import { LogLevel, type WebSocket } from '@windhover/core'
import { TestServer } from '@windhover/testing'
import { describe, expect, it } from 'vitest'
import { deferred } from '../support/deferred.ts'
import { startHandshake } from '../support/raw-handshake.ts'

// The row of Windhover in the table of what happens, that the other stacks fill with "process exits", "1000", "bypassed", "lost" and "hangs".
describe('what Windhover promises', () => {
  describe('an async message handler throws', () => {
    async function startAsync(boom = new Error('in the handler')): Promise<TestServer> {
      return TestServer.startAsync(app => {
        app.useWebSockets()
        app.map('/ws', branch => {
          branch.run(async context => {
            const socket = await context.webSockets.acceptWebSocketAsync()
            for await (const message of socket) {
              await Promise.resolve()
              if (message.data === 'throw') throw boom
              await socket.sendAsync(message.data)
            }
          })
        })
        app.run(({ response }) => response.writeAsync('alive'))
      })
    }

    it('closes that socket with 1011, and nothing else is disturbed', async () => {
      await using server = await startAsync()
      const [bad, good] = await Promise.all([server.connectWebSocketAsync('/ws'), server.connectWebSocketAsync('/ws')])
      bad.send('throw')
      expect((await bad.waitForCloseAsync()).code).toBe(1011)

      good.send('still there?')
      expect((await good.receiveMessageAsync())?.data).toBe('still there?')
      expect(await (await server.fetch('/')).text()).toBe('alive')
    })

    it('is logged once, as an error', async () => {
      const boom = new Error('in the handler')
      await using server = await startAsync(boom)
      const socket = await server.connectWebSocketAsync('/ws')
      socket.send('throw')
      await expect(socket.waitForHandlerAsync()).rejects.toBe(boom)
      expect(server.logs.filter(entry => entry.exception === boom).map(entry => entry.level)).toEqual([LogLevel.Error])
    })
  })

  it('runs one handler at a time for 1,000 messages, in order', async () => {
    let [running, most] = [0, 0]
    const seen: unknown[] = []
    await using server = await TestServer.startAsync(app => {
      app.useWebSockets()
      app.run(async context => {
        for await (const message of await context.webSockets.acceptWebSocketAsync()) {
          most = Math.max(most, ++running)
          await new Promise(setImmediate)
          seen.push(message.data)
          running--
        }
      })
    })
    const socket = await server.connectWebSocketAsync('/')
    const messages = Array.from({ length: 1_000 }, (_, i) => String(i))
    for (const message of messages) socket.send(message)
    socket.close()
    await socket.waitForHandlerAsync()
    expect([most, seen]).toEqual([1, messages])
  })

  it('answers an anonymous upgrade by the middleware that asks who it is: 401, with its headers, cookies and body', async () => {
    let accepted = 0
    await using server = await TestServer.startAsync(app => {
      app.use(async function requireUser(context, next) {
        if (context.user.identity?.isAuthenticated) return next()
        context.response.statusCode = 401
        context.response.headers.set('WWW-Authenticate', 'Bearer realm="chat"')
        context.response.cookies.append('login', 'needed')
        await context.response.writeAsync('Please sign in.')
      })
      app.useWebSockets()
      app.run(async context => {
        accepted++
        await context.webSockets.acceptWebSocketAsync()
      })
    })
    const error = await server.connectWebSocketAsync('/').catch(reason => reason)
    expect(error).toMatchObject({ status: 401, body: 'Please sign in.' })
    expect(error.headers.get('www-authenticate')).toBe('Bearer realm="chat"')
    expect(error.headers.getSetCookie()).toEqual([expect.stringMatching(/^login=needed/)])
    expect(accepted).toBe(0)
  })

  describe('the first message', () => {
    async function firstMessageOf(prepare: (accept: () => Promise<WebSocket>) => Promise<WebSocket>): Promise<unknown> {
      const [arrived, received] = [deferred(), deferred<unknown>()]
      await using server = await TestServer.startAsync(app => {
        app.useWebSockets()
        app.run(async context => {
          const socket = await prepare(async () => {
            await arrived.promise
            return context.webSockets.acceptWebSocketAsync()
          })
          received.resolve((await socket.receiveMessageAsync())?.data)
        })
      })
      // Handshake and message in one packet: nobody has accepted yet.
      const client = server.connect()
      startHandshake(client, { frames: 'first words' })
      for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
      arrived.resolve()
      const message = await received.promise
      client.destroy()
      return message
    }

    it('is kept while the handler awaits before it accepts', async () => {
      expect(await firstMessageOf(accept => accept())).toBe('first words')
    })

    it('is kept while the handler awaits before its first receive', async () => {
      expect(
        await firstMessageOf(async accept => {
          const socket = await accept()
          for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate)
          return socket
        }),
      ).toBe('first words')
    })
  })

  it('stops with an open socket: 1001, then the handler unwinds, long before the shutdown timeout', async () => {
    const trace: string[] = []
    const server = await TestServer.startAsync(app => {
      app.use(async (_context, next) => {
        await next()
        trace.push('middleware')
      })
      app.useWebSockets()
      app.run(async context => {
        const socket = await context.webSockets.acceptWebSocketAsync()
        try {
          for await (const message of socket) trace.push(String(message.data))
        } finally {
          trace.push(`finally, ${socket.state}`)
        }
      })
    })
    const socket = await server.connectWebSocketAsync('/')
    const begun = performance.now()
    await server.stopAsync()
    expect(performance.now() - begun).toBeLessThan(1_000)
    expect((await socket.waitForCloseAsync()).code).toBe(1001)
    expect(trace).toEqual(['finally, closed', 'middleware'])
    await server[Symbol.asyncDispose]()
  })
})
