import '@windhover/websockets'
import { LogLevel, type WebSocket } from '@windhover/core'
import { HandshakeRejectedException, TestServer } from '@windhover/testing'
import { describe, expect, it } from 'vitest'
import { deferred } from '../support/deferred.ts'

function echoServer(handle: (socket: WebSocket) => Promise<void>): Promise<TestServer> {
  return TestServer.startAsync(app => {
    app.useWebSockets()
    app.run(async context => handle(await context.webSockets.acceptWebSocketAsync()))
  })
}

async function echo(socket: WebSocket): Promise<void> {
  for await (const message of socket) await socket.sendAsync(message.data)
}

describe('TestServer.connectWebSocketAsync', () => {
  it('opens a socket by a real handshake, exchanges messages and closes', async () => {
    await using server = await echoServer(echo)
    const socket = await server.connectWebSocketAsync('/ws?room=1')
    expect(socket.url).toBe('ws://localhost/ws?room=1')
    expect(socket.handshakeHeaders.get('upgrade')).toBe('websocket')
    socket.send('hello')
    socket.send(new Uint8Array([1, 2, 3]))
    expect(await socket.receiveMessageAsync()).toEqual({ type: 'text', data: 'hello' })
    expect(await socket.receiveMessageAsync()).toEqual({ type: 'binary', data: Buffer.from([1, 2, 3]) })
    socket.close(1000, 'done')
    expect(await socket.waitForCloseAsync()).toEqual({ code: 1000, reason: '' })
    await socket.waitForHandlerAsync()
    expect(await socket.receiveMessageAsync()).toBeUndefined()
  })

  it('keeps what the application sends right after the handshake', async () => {
    await using server = await echoServer(async socket => {
      for (let i = 0; i < 100; i++) await socket.sendAsync(`message ${i}`)
    })
    const socket = await server.connectWebSocketAsync('/')
    await socket.waitForCloseAsync()
    const texts: unknown[] = []
    for await (const message of socket) texts.push(message.data)
    expect(texts).toEqual(Array.from({ length: 100 }, (_, i) => `message ${i}`))
  })

  it('sends sub-protocols, headers and addresses of the test', async () => {
    await using server = await TestServer.startAsync(app => {
      app.useWebSockets()
      app.run(async context => {
        const socket = await context.webSockets.acceptWebSocketAsync('chat.v2')
        const { request, connection, webSockets } = context
        await socket.sendAsync(
          JSON.stringify([webSockets.webSocketRequestedProtocols, request.headers.get('cookie'), connection.remoteIpAddress]),
        )
      })
    })
    const socket = await server.connectWebSocketAsync('/', {
      protocols: ['chat.v1', 'chat.v2'],
      headers: { Cookie: 'session=7' },
      connection: { remoteIpAddress: '10.9.8.7' },
    })
    expect(socket.protocol).toBe('chat.v2')
    const message = await socket.receiveMessageAsync()
    expect(JSON.parse(String(message?.data))).toEqual([['chat.v1', 'chat.v2'], 'session=7', '10.9.8.7'])
  })

  it('agrees to compression when both sides want it', async () => {
    await using server = await TestServer.startAsync(app => {
      app.useWebSockets()
      app.run(async context => echo(await context.webSockets.acceptWebSocketAsync({ dangerousEnableCompression: true })))
    })
    const socket = await server.connectWebSocketAsync('/', { perMessageDeflate: { threshold: 0 } })
    expect(socket.extensions).toBe('permessage-deflate')
    socket.send('a'.repeat(10_000))
    expect(await socket.receiveMessageAsync()).toEqual({ type: 'text', data: 'a'.repeat(10_000) })
  })

  it.each([
    { name: 'the page of the application itself', origin: 'http://localhost', allowed: true },
    { name: 'no browser', origin: undefined, allowed: true },
    { name: 'a page of another site', origin: 'https://evil.example', allowed: false },
  ])('runs the real origin check for $name', async ({ origin, allowed }) => {
    await using server = await echoServer(echo)
    const answer = await server.connectWebSocketAsync('/', origin === undefined ? {} : { origin }).catch(error => error)
    if (allowed) expect(answer.readyState).toBe(1)
    else expect(answer).toMatchObject({ status: 403 })
  })

  it('rejects with status, headers and body of an answer that is not 101', async () => {
    await using server = await TestServer.startAsync(app => {
      app.run(async ({ response }) => {
        response.statusCode = 401
        response.headers.set('WWW-Authenticate', 'Bearer')
        response.cookies.append('seen', 'yes')
        await response.writeAsync('who are you?')
      })
    })
    const error = await server.connectWebSocketAsync('/ws').catch(reason => reason)
    expect(error).toBeInstanceOf(HandshakeRejectedException)
    expect(error).toMatchObject({ code: 'WINDHOVER_ERR_TEST_HANDSHAKE_REJECTED', status: 401, body: 'who are you?' })
    expect(error.headers.get('www-authenticate')).toBe('Bearer')
    expect(error.headers.getSetCookie()).toHaveLength(1)
    expect(error.message).toBe(
      'The WebSocket handshake GET /ws was answered with 401 Unauthorized, not with 101: "who are you?". ' +
        'A middleware answered in place of acceptWebSocketAsync().',
    )
  })

  it('says what may be wrong when nobody accepted', async () => {
    await using server = await TestServer.startAsync(app => void app.useWebSockets())
    await expect(server.connectWebSocketAsync('/ws')).rejects.toThrow(/404 Not Found.*No middleware accepted it/)
  })

  it('rejects with what the application threw before it accepted', async () => {
    const boom = new Error('no sockets today')
    await using server = await TestServer.startAsync(app => app.run(() => Promise.reject(boom)))
    await expect(server.connectWebSocketAsync('/')).rejects.toBe(boom)
  })

  it('tells how the handler has ended: by the close code, by its promise, and in the log', async () => {
    const boom = new Error('in the handler')
    await using server = await echoServer(async socket => {
      await socket.receiveMessageAsync()
      throw boom
    })
    const socket = await server.connectWebSocketAsync('/')
    socket.send('go')
    expect((await socket.waitForCloseAsync()).code).toBe(1011)
    await expect(socket.waitForHandlerAsync()).rejects.toBe(boom)
    expect(server.logs.filter(entry => entry.exception === boom).map(entry => entry.level)).toEqual([LogLevel.Error])
  })

  it('does not count a failing handler against the stop: its close code has told', async () => {
    const server = await echoServer(() => Promise.reject(new Error('told by 1011')))
    const socket = await server.connectWebSocketAsync('/')
    expect((await socket.waitForCloseAsync()).code).toBe(1011)
    await server.stopAsync()
  })

  it.each([
    { how: 'by FIN', leave: 'terminate' },
    { how: 'by RST', leave: 'reset' },
  ] as const)('lets the client vanish $how', async ({ leave }) => {
    const ended = deferred<unknown>()
    await using server = await echoServer(async socket => {
      await socket.receiveAsync(new Uint8Array(10)).catch(error => ended.resolve(error.webSocketErrorCode))
    })
    const socket = await server.connectWebSocketAsync('/')
    socket[leave]()
    expect(await ended.promise).toBe('connection-closed-prematurely')
    expect((await socket.waitForCloseAsync()).code).toBe(1006)
  })

  it('ends the connection at the end of a using block', async () => {
    const ended = deferred()
    await using server = await echoServer(async socket => {
      for await (const _ of socket);
      ended.resolve()
    })
    {
      using socket = await server.connectWebSocketAsync('/')
      expect(socket.readyState).toBe(1)
    }
    await ended.promise
  })

  it('names what is still running when a message, the close or the handler does not come in time', async () => {
    const release = deferred()
    await using server = await TestServer.startAsync(
      app => {
        app.useWebSockets()
        app.run(async context => {
          await context.webSockets.acceptWebSocketAsync()
          await release.promise
        })
      },
      { timeout: 200 },
    )
    const socket = await server.connectWebSocketAsync('/quiet')
    const stuck = 'on the WebSocket GET /quiet: the application still runs GET /quiet and awaits something that does not happen'
    await expect(socket.receiveMessageAsync()).rejects.toThrow(`Waited 200 ms for a message ${stuck}`)
    await expect(socket.waitForCloseAsync()).rejects.toThrow(`Waited 200 ms for the close ${stuck}`)
    await expect(socket.waitForHandlerAsync()).rejects.toThrow(`Waited 200 ms for the end of the handler ${stuck}`)
    release.resolve()
    await socket.waitForHandlerAsync()
  })
})
