import { once } from 'node:events'
import { LogLevel } from '@windhover/core'
import { TestServer } from '@windhover/testing'
import { runSideBySide } from '@windhover/websockets'
import { describe, expect, it } from 'vitest'
import { deferred } from '../support/deferred.ts'
import { startHandshake } from '../support/raw-handshake.ts'

describe('several loops over one socket', () => {
  it('receive and send at the same time; when one ends the others are told, all are awaited, and the socket is closed in order', async () => {
    const trace: string[] = []
    await using server = await TestServer.startAsync(app => {
      app.useWebSockets()
      app.run(async context => {
        await runSideBySide(
          await context.webSockets.acceptWebSocketAsync(),
          async (socket, signal) => {
            for await (const message of socket.messages(signal)) if (message.data === 'enough') break
            trace.push('the reader has ended')
          },
          async (socket, signal) => {
            for (let tick = 0; !signal.aborted; tick++) {
              await socket.sendAsync(`tick ${tick}`)
              await new Promise(setImmediate)
            }
            trace.push('the ticker was told')
          },
        )
        trace.push('all have ended')
      })
    })
    const socket = await server.connectWebSocketAsync('/')
    for (let tick = 0; tick < 3; tick++) expect((await socket.receiveMessageAsync())?.data).toBe(`tick ${tick}`)
    socket.send('enough')
    expect((await socket.waitForCloseAsync()).code).toBe(1000)
    await socket.waitForHandlerAsync()
    expect(trace).toEqual(['the reader has ended', 'the ticker was told', 'all have ended'])
  })

  it('rethrow the first error, once every loop has ended', async () => {
    const boom = new Error('in the ticker')
    let hasReaderEnded = false
    await using server = await TestServer.startAsync(app => {
      app.useWebSockets()
      app.run(async context => {
        await runSideBySide(
          await context.webSockets.acceptWebSocketAsync(),
          async (socket, signal) => {
            try {
              for await (const _ of socket.messages({ signal }));
            } finally {
              hasReaderEnded = true
            }
          },
          () => Promise.reject(boom),
        )
      })
    })
    const socket = await server.connectWebSocketAsync('/')
    await expect(socket.waitForHandlerAsync()).rejects.toBe(boom)
    expect(hasReaderEnded).toBe(true)
    expect((await socket.waitForCloseAsync()).code).toBe(1011)
  })
})

describe('pings', () => {
  it('go to a quiet peer, whose answers keep the socket open', async () => {
    await using server = await TestServer.startAsync(app => {
      app.useWebSockets({ keepAliveInterval: 20, keepAliveTimeout: 2_000 })
      app.run(async context => {
        const socket = await context.webSockets.acceptWebSocketAsync()
        for await (const message of socket) await socket.sendAsync(message.data)
      })
    })
    const socket = await server.connectWebSocketAsync('/')
    for (let i = 0; i < 3; i++) await once(socket, 'ping')
    socket.send('still here')
    expect((await socket.receiveMessageAsync())?.data).toBe('still here')
  })

  it('that nobody answers abort the socket: the loop ends, requestAborted fires, and it is no error', async () => {
    const ended = deferred<boolean>()
    await using server = await TestServer.startAsync(app => {
      app.useWebSockets({ keepAliveInterval: 20, keepAliveTimeout: 40 })
      app.run(async context => {
        for await (const _ of await context.webSockets.acceptWebSocketAsync());
        ended.resolve(context.requestAborted.aborted)
      })
    })
    // Bytes of a handshake and then nothing: neither a message nor a pong.
    const client = server.connect()
    startHandshake(client)
    client.resume()
    expect(await ended.promise).toBe(true)
    if (!client.closed) await once(client, 'close')
    expect(server.logs.filter(({ level }) => level >= LogLevel.Warning)).toEqual([])
  })

  it('of the peer are answered while the handler does not receive', async () => {
    const release = deferred()
    await using server = await TestServer.startAsync(app => {
      app.useWebSockets()
      app.run(async context => {
        await context.webSockets.acceptWebSocketAsync()
        await release.promise
      })
    })
    const socket = await server.connectWebSocketAsync('/')
    for (const payload of ['one', 'two']) {
      socket.ping(payload)
      const [answer] = await once(socket, 'pong')
      expect(String(answer)).toBe(payload)
    }
    release.resolve()
  })
})
