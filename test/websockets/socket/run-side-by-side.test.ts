import type { WebSocket } from '@windhover/core'
import { runSideBySide } from '@windhover/websockets'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AcceptingHost } from '../support/accepting-host.ts'
import { frame } from '../support/peer.ts'

let host: AcceptingHost
beforeAll(async () => {
  host = await AcceptingHost.startAsync({ options: {} })
})
afterAll(() => host[Symbol.asyncDispose]())

it.each([
  [undefined, 'undefined'],
  [null, 'null'],
  [Promise.resolve(), 'an object of Promise'],
])('starts no loop when one of them is no function, but %s', async (loop, kind) => {
  let started = 0
  const running = runSideBySide({} as WebSocket, async () => void started++, loop as never)
  await expect(running).rejects.toMatchObject({ code: 'WINDHOVER_ERR_WEBSOCKET_LOOP', message: expect.stringContaining(`not ${kind}.`) })
  expect(started).toBe(0)
})

it.each(['text', 'binary'] as const)(
  'hands out by frames what a cancelled receive of a whole %s message had collected, and nothing twice',
  async type => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.send(frame(type, 'abcdef', { fin: false }), frame('ping', 'seen?'))
    await runSideBySide(
      socket,
      async (socket, signal) => void (await socket.receiveMessageAsync(signal)),
      async () => void (await peer.nextAsync()), // The pong: what came before it has been collected.
    )
    peer.send(frame('continuation', 'g'), frame('text', 'next'))
    const buffer = Buffer.alloc(4)
    const parts: unknown[] = []
    for (let isOver = false; !isOver; ) {
      const { count, endOfMessage, messageType } = await socket.receiveAsync(buffer)
      parts.push([messageType, buffer.toString('latin1', 0, count)])
      isOver = endOfMessage
    }
    expect(parts).toEqual([
      [type, 'abcd'],
      [type, 'ef'],
      [type, 'g'],
    ])
    expect(await socket.receiveMessageAsync()).toEqual({ type: 'text', data: 'next' })
    await end()
  },
)
