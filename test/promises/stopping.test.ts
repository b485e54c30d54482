import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import '@windhover/websockets'
import { expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { startListening } from '../support/listening-host.ts'

async function openAsync(port: number, bytes = ''): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  if (bytes !== '') await new Promise(resolve => socket.write(bytes, resolve))
  return socket.on('error', () => {}).resume()
}

// Over TCP: what else than open sockets hangs on to a server that stops.
it('stops within a second with open WebSockets, spare connections of a browser and half a request', async () => {
  const unwound: string[] = []
  await using server = await startListening(app => {
    app.useWebSockets()
    app.map('/ws', branch => {
      branch.run(async context => {
        const socket = await context.webSockets.acceptWebSocketAsync()
        try {
          for await (const message of socket) await socket.sendAsync(message.data)
        } finally {
          unwound.push(socket.state)
        }
      })
    })
    app.run(({ response }) => response.writeAsync('alive'))
  })
  const sockets = Array.from({ length: 20 }, () => new WebSocket(`${server.url.replace('http', 'ws')}/ws`))
  await Promise.all(sockets.map(socket => once(socket, 'open')))
  const spare = await openAsync(server.port)
  const half = await openAsync(server.port, 'GET / HTTP/1.1\r\nHost: local')
  const idle = await openAsync(server.port, 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  const closes = sockets.map(socket => once(socket, 'close'))
  const ends = [spare, half, idle].map(socket => once(socket, 'close'))

  const begun = performance.now()
  await server.host.stopAsync()
  expect(performance.now() - begun).toBeLessThan(1_000)

  const codes = (await Promise.all(closes)).map(([code]) => code)
  expect(new Set(codes)).toEqual(new Set([1001]))
  expect(unwound).toEqual(Array(20).fill('closed'))
  await Promise.all(ends)
  await expect(openAsync(server.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})
