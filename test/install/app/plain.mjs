// Plain JavaScript, as a program: no decorators, no metadata, a real port.
import { HostApplicationLifetime, ServerAddressesFeature, WebHost } from 'windhover'

class Clock {
  hour = 12
}

class Startup {
  static inject = { configure: [Clock] }

  configureServices(services) {
    services.addSingleton(Clock)
  }

  configure(app, _env, _loggerFactory, clock) {
    app.run(context => context.response.writeAsync(`It is ${clock.hour} o'clock`))
  }
}

const host = WebHost.createDefaultBuilder(['--urls', 'http://127.0.0.1:0']).useStartup(Startup).build()
await host.startAsync()
const [address] = host.serverFeatures.getRequired(ServerAddressesFeature).addresses
console.log(await (await fetch(address)).text())
host.services.getRequiredService(HostApplicationLifetime).stopApplication()
await host.waitForShutdownAsync()
