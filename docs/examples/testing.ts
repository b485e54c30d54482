// The code of packages/testing/README.md; test/docs runs it.
import { once } from 'node:events'
import type { ApplicationBuilder } from '@windhover/core'
import { TestServer } from '@windhover/testing'
import '@windhover/websockets'

function configure(app: ApplicationBuilder): void {
  app.useWebSockets()
  app.map('/ws', branch =>
    branch.run(async context => {
      const socket = await context.webSockets.acceptWebSocketAsync()
      for await (const message of socket) await socket.sendAsync(message.data)
    }),
  )
  app.run(context => context.response.writeAsync('hello'))
}

export async function testAnApplication(): Promise<unknown[]> {
  // #region testing
  await using server = await TestServer.startAsync(configure)

  const response = await server.fetch('/')
  const body = await response.text() // 'hello'

  const socket = await server.connectWebSocketAsync('/ws')
  socket.send('echo')
  const [echo] = await once(socket, 'message') // 'echo'

  socket.close(1000)
  await socket.waitForHandlerAsync() // the handler's loop has ended; what it throws is thrown here
  // #endregion
  return [response.status, body, String(echo)]
}
