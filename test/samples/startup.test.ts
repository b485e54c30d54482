import { once } from 'node:events'
import { TestServer, type TestWebSocket } from '@windhover/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebHost } from 'windhover'
import { Startup as TypeScriptStartup } from '../../samples/WebSocketsSample/src/startup.ts'
// @ts-expect-error A plain JavaScript module has no types.
import { Startup as PlainStartup } from './plain-startup.mjs'

const contentRoot = new URL('../../samples/WebSocketsSample', import.meta.url).pathname

async function closing(socket: TestWebSocket): Promise<{ code: number; reason: string }> {
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer]
  return { code, reason: String(reason) }
}

describe.each([
  ['in TypeScript, with `using`', TypeScriptStartup],
  ['in plain JavaScript, with `const`', PlainStartup],
])('the Startup class of the sample %s', (_, startup) => {
  let server: TestServer

  beforeEach(async () => {
    server = await TestServer.startAsync(
      WebHost.createDefaultBuilder(['--contentRoot', contentRoot, '--environment', 'Development'])
        .configureLogging(logging => logging.clearProviders())
        .useStartup(startup),
    )
  })
  afterEach(() => server[Symbol.asyncDispose]())

  it('serves its page', async () => {
    const response = await server.fetch('/')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/html')
    expect(await response.text()).toContain('Communication Log')
  })

  it('answers 400 to a plain request for /ws and 404 where there is no file', async () => {
    expect((await server.fetch('/ws')).status).toBe(400)
    expect((await server.fetch('/nowhere')).status).toBe(404)
  })

  it('echoes text and binary messages of every size around its buffer', async () => {
    const socket = await server.connectWebSocketAsync('/ws')
    for (const size of [0, 1, 4095, 4096, 4097, 70_000]) {
      const text = 'x'.repeat(size)
      socket.send(text)
      expect(((await once(socket, 'message')) as [Buffer, boolean]).map(String)).toEqual([text, 'false'])
      const bytes = Buffer.alloc(size, 7)
      socket.send(bytes)
      expect(await once(socket, 'message')).toEqual([bytes, true])
    }
  })

  it('answers a close frame with its own code and reason', async () => {
    const socket = await server.connectWebSocketAsync('/ws')
    socket.close(4001, 'the client is done')
    expect(await closing(socket)).toEqual({ code: 4001, reason: 'the client is done' })
  })

  it('closes with 1001 when the host stops', async () => {
    const socket = await server.connectWebSocketAsync('/ws')
    const closed = closing(socket)
    await server.stopAsync()
    expect((await closed).code).toBe(1001)
  })

  it('refuses a page of another origin, and one that reaches it by a name of its own', async () => {
    const foreign = server.connectWebSocketAsync('/ws', { origin: 'https://evil.example' })
    await expect(foreign).rejects.toMatchObject({ status: 403 })

    const rebound = await server.fetch('/', { headers: { Host: 'evil.example:5000' } })
    expect(rebound.status).toBe(400)
    expect(await rebound.text()).toContain('AllowedHosts')
  })
})
