import { ServerAddressesFeature, WebHost } from 'windhover'
import { greeting, ready, record } from './contract.mjs'

class Startup {
  configure(app) {
    if (process.env.WORK === 'five') for (let i = 0; i < 5; i++) app.use(async (_context, next) => next())
    app.run(async context => {
      const { request, response } = context
      if (request.path === '/json') return response.writeAsJsonAsync(record())
      if (request.path === '/echo') return response.writeAsJsonAsync(await request.readFromJsonAsync())
      response.contentType = 'text/plain; charset=utf-8'
      await response.writeAsync(greeting)
    })
  }
}

const host = WebHost.createDefaultBuilder(['--urls', 'http://127.0.0.1:0'])
  .configureLogging(logging => logging.clearProviders())
  .suppressStatusMessages()
  .useStartup(Startup)
  .build()
await host.startAsync()
ready(Number(new URL(host.serverFeatures.get(ServerAddressesFeature).addresses[0]).port))
