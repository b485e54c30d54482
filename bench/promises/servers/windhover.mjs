import { ServerAddressesFeature, WebHost } from 'windhover'
import { handle, isSignedIn, loadSession } from '../contract.mjs'

class Startup {
  configure(app) {
    app.use(async (context, next) => {
      if (isSignedIn(context.request.headers)) return next()
      context.response.statusCode = 401
    })
    app.useWebSockets()
    app.run(async context => {
      const socket = await context.webSockets.acceptWebSocketAsync()
      await loadSession()
      for await (const message of socket) await handle(message.data, answer => socket.sendAsync(answer))
    })
  }
}

const host = WebHost.createDefaultBuilder(['--urls', 'http://127.0.0.1:0'])
  .configureLogging(logging => logging.clearProviders())
  .suppressStatusMessages()
  .useStartup(Startup)
  .build()
await host.startAsync()
console.log(JSON.stringify({ port: Number(new URL(host.serverFeatures.get(ServerAddressesFeature).addresses[0]).port) }))
await host.waitForShutdownAsync()
