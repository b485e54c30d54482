// Runs in a process of its own, so that its memory is the server's alone.
import { WebHost } from 'windhover'

const builder = WebHost.createDefaultBuilder(process.argv.slice(2)).configure(app => {
  app.useWebSockets()
  app.map('/echo', branch =>
    branch.run(async context => {
      const socket = await context.webSockets.acceptWebSocketAsync()
      const buffer = new Uint8Array(4 * 1024)
      let result = await socket.receiveAsync(buffer)
      while (result.closeStatus === undefined) {
        await socket.sendAsync(buffer.subarray(0, result.count), result.messageType, result.endOfMessage)
        result = await socket.receiveAsync(buffer)
      }
      await socket.closeAsync(result.closeStatus, result.closeStatusDescription)
    }),
  )
  app.map('/deaf', branch =>
    branch.run(async context => {
      await context.webSockets.acceptWebSocketAsync()
      await new Promise(resolve => context.requestAborted.addEventListener('abort', resolve))
    }),
  )
  // The most that the process has ever had, in bytes.
  app.map('/peak', branch => branch.run(({ response }) => response.writeAsJsonAsync(process.resourceUsage().maxRSS * 1024)))
  app.run(({ response }) => response.writeAsync('alive'))
})

await builder.build().runAsync()
