import type { WebSocket } from '@windhover/core'
import { runSideBySide } from '@windhover/websockets'
import { expect, it } from 'vitest'

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
