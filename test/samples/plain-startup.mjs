// The Startup class of the sample in plain JavaScript: no types, no decorators, no metadata, and `const` where V8 lacks `using`.
import { LogLevel } from 'windhover'

export class Startup {
  configureServices(services) {
    services.addLogging(logging => logging.addConsole().setMinimumLevel(LogLevel.Debug))
  }

  configure(app, env) {
    if (env.isDevelopment()) app.useDeveloperExceptionPage()

    app.useWebSockets({ keepAliveInterval: 120_000 })

    app.use(async (context, next) => {
      if (context.request.path !== '/ws') return next()
      if (!context.webSockets.isWebSocketRequest) {
        context.response.statusCode = 400
        return
      }
      const socket = await context.webSockets.acceptWebSocketAsync()
      await echo(socket)
    })

    app.useFileServer()
  }
}

async function echo(socket) {
  const buffer = new Uint8Array(4 * 1024)
  let result = await socket.receiveAsync(buffer)
  while (result.closeStatus === undefined) {
    await socket.sendAsync(buffer.subarray(0, result.count), result.messageType, result.endOfMessage)
    result = await socket.receiveAsync(buffer)
  }
  await socket.closeAsync(result.closeStatus, result.closeStatusDescription)
}
