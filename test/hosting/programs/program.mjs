// A program as an application has it; the first argument chooses what it does, the others are those of the host.
import { BackgroundService, WebSocketException } from '@windhover/core'
import { Host, WebApplication, WebHost } from '@windhover/hosting'

const [scenario, ...args] = process.argv.slice(2)

class Startup {
  configure(app) {
    if (scenario === 'configure-throws') fail()
    if (scenario === 'configure-throws-text') throw 'a text'
    app.run(context => context.response.writeAsync('ok'))
  }
}

class MiddlewareStartup {
  configure(app) {
    app.useMiddleware(
      class Unfit {
        constructor(next, something) {
          this.parts = [next, something]
        }
        invokeAsync(_context) {}
      },
    )
  }
}

class AsyncStartup {
  async configure() {
    await Promise.resolve()
    fail()
  }
}

function fail() {
  throw new TypeError('boom')
}

const builder = (startup = Startup) => WebHost.createDefaultBuilder(args).useStartup(startup)
const idle = () => Host.createDefaultBuilder(args).configureLogging(logging => logging.clearProviders())

const scenarios = {
  run: () => builder().build().runAsync(),
  'configure-throws': () => builder().build().runAsync(),
  'configure-throws-text': () => builder().build().runAsync(),
  'async-configure-throws': () => builder(AsyncStartup).build().runAsync(),
  'unfit-middleware': () => builder(MiddlewareStartup).build().runAsync(),
  'no-configure': () =>
    builder(class Startup {})
      .build()
      .runAsync(),
  'service-throws': () =>
    builder()
      .configureServices(services => services.addHostedService(() => ({ startAsync: fail, stopAsync() {} })))
      .build()
      .runAsync(),
  generic: () =>
    Host.createDefaultBuilder(args)
      .configureWebHostDefaults(web => web.useStartup(Startup))
      .build()
      .runAsync(),
  application: () => WebApplication.create(args).run(),
  floating: () => void builder().build().runAsync(),
  caught: async () => {
    try {
      await builder().build().runAsync()
    } catch (error) {
      console.log(`caught ${error.code}`)
    }
  },
  'own-listener': () => {
    process.on('uncaughtException', error => console.log(`listener ${error.code}`))
    return builder().build().runAsync()
  },
  /** Nothing but the host keeps the process alive. */
  idle: () => {
    setInterval(() => console.log('beat'), 5).unref()
    return idle().build().runAsync()
  },
  'socket-death': () => runWith(() => Promise.reject(new WebSocketException('CODE', 'connection-closed-prematurely', 'the peer has gone'))),
  'other-rejection': () => runWith(() => Promise.reject(new TypeError('boom'))),
  'rejected-text': () => runWith(() => Promise.reject('just a text')),
  'rejection-after-stop': async () => {
    const host = WebApplication.create(args)
    await host.startAsync()
    await host.stopAsync()
    await host[Symbol.asyncDispose]()
    console.log(`listeners ${process.listenerCount('unhandledRejection')}`)
  },
}

/** Runs a host in which something is rejected that nobody awaits, and tells that the process lives a little later. */
async function runWith(reject) {
  class Rejecting extends BackgroundService {
    async executeAsync() {
      void reject()
      for (let turn = 0; turn < 3; turn++) await new Promise(resolve => setImmediate(resolve))
      console.log('alive')
      process.kill(process.pid, 'SIGTERM')
    }
  }
  await Host.createDefaultBuilder(args)
    .configureServices(services => services.addHostedService(Rejecting))
    .build()
    .runAsync()
}

await scenarios[scenario]()
