import { ServerAddressesFeature, WebHost } from 'windhover'
import { Dependency, ready, Service, withAccessor } from './contract.mjs'

Service.inject = [Dependency]

class Startup {
  configureServices(services) {
    services.addScoped(Dependency)
    services.addScoped(Service)
    if (withAccessor) services.addHttpContextAccessor()
  }
  configure(app) {
    app.run(async context => {
      const number = context.request.path === '/scoped' ? context.requestServices.getRequiredService(Service).answer() : 42
      context.response.contentType = 'text/plain; charset=utf-8'
      await context.response.writeAsync(String(number))
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
