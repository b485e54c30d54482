import { TestServer } from '@windhover/testing'
import '@windhover/websockets'
import { afterEach, describe, expect, it, vi } from 'vitest'

afterEach(() => {
  vi.useRealTimers()
})

describe('a server whose test has replaced the clock', () => {
  it('answers', async () => {
    vi.useFakeTimers()
    await using server = await TestServer.startAsync(app => {
      app.run(async ({ response }) => {
        await response.startAsync()
        await response.completeAsync()
      })
    })
    expect((await server.fetch('/')).status).toBe(200)
  })

  it('sends what was written while the handler goes on', async () => {
    vi.useFakeTimers()
    await using server = await TestServer.startAsync(app => {
      app.run(async ({ response, requestAborted }) => {
        await response.writeAsync('a')
        await new Promise(resolve => requestAborted.addEventListener('abort', resolve))
      })
    })
    const reader = (await server.fetch('/')).body!.getReader()
    expect(Buffer.from((await reader.read()).value!).toString()).toBe('a')
    await reader.cancel()
  })

  it.each([false, true])('gives a WebSocket one turn after the other, with compression: %s', async dangerousEnableCompression => {
    await using server = await TestServer.startAsync(app => {
      app.useWebSockets()
      app.run(async context => {
        const socket = await context.webSockets.acceptWebSocketAsync({ dangerousEnableCompression })
        for await (const { data } of socket.messages()) await socket.sendAsync(data)
      })
    })
    using socket = await server.connectWebSocketAsync('/', { perMessageDeflate: dangerousEnableCompression })
    vi.useFakeTimers()
    const texts = Array.from({ length: 500 }, (_, i) => `${i} `.repeat(1000))
    for (const text of texts) socket.send(text)
    for (const text of texts) expect((await socket.receiveMessageAsync())?.data).toBe(text)
  })
})
