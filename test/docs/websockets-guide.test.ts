import { once } from 'node:events'
import { Options, ServiceCollection } from '@windhover/core'
import { HandshakeRejectedException, TestServer, type TestWebSocket } from '@windhover/testing'
import { WebSocketOptions } from '@windhover/websockets'
import { describe, expect, it } from 'vitest'
import * as guide from '../../docs/examples/websockets.ts'

async function answer(socket: TestWebSocket, message: string | Buffer): Promise<string> {
  socket.send(message)
  const [data] = (await once(socket, 'message')) as [Buffer]
  return data.toString()
}

async function closing(socket: TestWebSocket): Promise<{ code: number; reason: string }> {
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer]
  return { code, reason: reason.toString() }
}

describe('docs/guide/websockets.md', () => {
  it('accepts at one path, echoes there, and answers 400 to a plain request', async () => {
    await using server = await TestServer.startAsync(guide.acceptAtOnePath)
    const socket = await server.connectWebSocketAsync('/ws')

    expect(await answer(socket, 'hello')).toBe('hello')
    expect((await server.fetch('/ws')).status).toBe(400)
    expect((await server.fetch('/other')).status).toBe(404)

    socket.close(4000, 'enough')
    expect(await closing(socket)).toEqual({ code: 4000, reason: 'enough' })
  })

  it('configures the middleware without options', async () => {
    await using server = await TestServer.startAsync(app => {
      guide.withDefaults(app)
      app.run(async context => {
        await context.webSockets.acceptWebSocketAsync()
      })
    })
    const socket = await server.connectWebSocketAsync('/')
    expect(await closing(socket)).toEqual({ code: 1000, reason: '' })
  })

  it('lets the listed origins in, and nobody else', async () => {
    await using server = await TestServer.startAsync(app => {
      guide.withOptions(app)
      app.run(async context => {
        await context.webSockets.acceptWebSocketAsync()
      })
    })
    await server.connectWebSocketAsync('/', { origin: 'https://client.example' })
    const refused = await server.connectWebSocketAsync('/', { origin: 'https://evil.example' }).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(HandshakeRejectedException)
    expect((refused as HandshakeRejectedException).status).toBe(403)
  })

  it('compares the origin with the host that a known proxy forwards', async () => {
    await using server = await TestServer.startAsync(app => {
      guide.behindProxy(app)
      app.run(async context => {
        await context.webSockets.acceptWebSocketAsync()
      })
    })
    const options = { origin: 'https://public.example', headers: { 'X-Forwarded-Host': 'public.example' } }
    await server.connectWebSocketAsync('/', { ...options, connection: { remoteIpAddress: '10.1.2.3' } })
    const refused = server.connectWebSocketAsync('/', { ...options, connection: { remoteIpAddress: '192.0.2.1' } })
    await expect(refused).rejects.toMatchObject({ status: 403 })
  })

  it('takes options from the services', () => {
    const services = new ServiceCollection()
    guide.configureServices(services)
    expect(services.buildServiceProvider().getRequiredService(Options.of(WebSocketOptions)).value.keepAliveInterval).toBe(60_000)
  })

  it('loops over messages', async () => {
    await using server = await TestServer.startAsync(guide.messageLoop)
    const socket = await server.connectWebSocketAsync('/messages')
    expect(await answer(socket, 'hello')).toBe('HELLO')
    expect(await answer(socket, Buffer.from('bytes'))).toBe('bytes')
  })

  it('answers with a sub-protocol that the client offers', async () => {
    await using server = await TestServer.startAsync(guide.subProtocol)
    const socket = await server.connectWebSocketAsync('/', { protocols: ['chat.v1', 'chat.v2'] })
    expect(socket.protocol).toBe('chat.v2')
    const refused = await server.connectWebSocketAsync('/', { protocols: ['other'] }).catch((error: unknown) => error)
    expect((refused as HandshakeRejectedException).status).toBe(400)
  })

  it('compresses, but not what holds a secret', async () => {
    await using server = await TestServer.startAsync(guide.compression)
    const socket = await server.connectWebSocketAsync('/', { perMessageDeflate: true })
    expect(socket.extensions).toContain('permessage-deflate')
    expect(await answer(socket, 'plain text')).toBe('plain text')
    expect(await answer(socket, 'a token')).toBe('a token')
  })

  it('unwinds through the timing middleware when the loop has ended', async () => {
    const lines: string[] = []
    await using server = await TestServer.startAsync(app => guide.unwinding(app, line => lines.push(line)))
    const socket = await server.connectWebSocketAsync('/timed')
    expect(await answer(socket, 'hello')).toBe('hello')
    expect(lines).toEqual([])

    socket.close(1000)
    await closing(socket)
    await socket.waitForHandlerAsync()
    expect(lines).toEqual([expect.stringMatching(/^\/timed took \d+ ms$/)])
  })

  it('answers 401 to a handshake without credentials', async () => {
    await using server = await TestServer.startAsync(guide.authenticated)
    const refused = await server.connectWebSocketAsync('/').catch((error: unknown) => error)
    expect((refused as HandshakeRejectedException).status).toBe(401)

    const socket = await server.connectWebSocketAsync('/', { headers: { authorization: 'Bearer let-me-in' } })
    expect(await answer(socket, 'hello')).toBe('hello')
  })

  it('broadcasts to everyone in the room, also when one of them has just gone', async () => {
    await using server = await TestServer.startAsync(guide.chat)
    const [first, second, gone] = await Promise.all([1, 2, 3].map(() => server.connectWebSocketAsync('/')))
    gone!.terminate()
    const received = Promise.all([first!, second!].map(async socket => String(((await once(socket, 'message')) as [Buffer])[0])))
    first!.send('to everyone')
    expect(await received).toEqual(['to everyone', 'to everyone'])
  })

  it('closes with a reason of its own', async () => {
    await using server = await TestServer.startAsync(guide.idleLimit)
    const rude = await server.connectWebSocketAsync('/')
    rude.send('give me everything')
    expect(await closing(rude)).toEqual({ code: 1008, reason: 'say hello first' })

    const polite = await server.connectWebSocketAsync('/')
    expect(await answer(polite, 'hello')).toBe('welcome')
  })

  it('runs two loops side by side and ends both when the client closes', async () => {
    await using server = await TestServer.startAsync(app => guide.ticker(app, 1))
    const socket = await server.connectWebSocketAsync('/')
    const received: string[] = []
    socket.on('message', data => received.push(String(data)))
    socket.send('echo')
    while (!received.includes('echo') || !received.some(text => text.startsWith('tick'))) await once(socket, 'message')

    socket.close(1000)
    expect((await closing(socket)).code).toBe(1000)
    await socket.waitForHandlerAsync()
  })
})
