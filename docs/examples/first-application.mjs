import { WebHost } from 'windhover'

class Startup {
  configure(app) {
    app.use(async function timing(context, next) {
      const start = performance.now()
      await next()
      console.log(`${context.request.method} ${context.request.path}: ${(performance.now() - start).toFixed(1)} ms`)
    })

    app.useWebSockets()
    app.map('/ws', branch =>
      branch.run(async context => {
        const socket = await context.webSockets.acceptWebSocketAsync()
        for await (const message of socket) await socket.sendAsync(message.data, message.type)
      }),
    )
    app.run(context => context.response.writeAsync('Hello from Windhover'))
  }
}

await WebHost.createDefaultBuilder(process.argv.slice(2)).useStartup(Startup).build().runAsync()
