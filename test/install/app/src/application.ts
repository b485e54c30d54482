import {
  type ApplicationBuilder,
  type HttpContext,
  injectable,
  Logger,
  Options,
  type RequestDelegate,
  type ServiceCollection,
  type WebHostEnvironment,
} from 'windhover'

class GreetingOptions {
  text = 'Hello'
}

@injectable()
export class Clock {
  readonly hour = 12
}

/** Its constructor is read from the metadata that the compiler writes. */
@injectable()
class Greeter {
  constructor(readonly clock: Clock) {}

  greet(text: string): string {
    return `${text} at ${this.clock.hour}`
  }
}

/** Its services are read from a list, which the compiler checks. */
class Greeting {
  static readonly inject = { invokeAsync: [Greeter, Options.of(GreetingOptions), Logger.for(Greeter)] } as const
  readonly #next: RequestDelegate

  constructor(next: RequestDelegate) {
    this.#next = next
  }

  async invokeAsync(context: HttpContext, greeter: Greeter, options: Options<GreetingOptions>, logger: Logger): Promise<void> {
    context.response.headers.set('X-Greeting', greeter.greet(options.value.text))
    logger.logDebug('Greeted {Path}', context.request.path)
    await this.#next(context)
  }
}

export class Startup {
  configureServices(services: ServiceCollection): void {
    services.addSingleton(Clock).addScoped(Greeter)
    services.configure(GreetingOptions, options => {
      options.text = 'Good day'
    })
    services.addHttpContextAccessor()
  }

  configure(app: ApplicationBuilder, env: WebHostEnvironment): void {
    if (env.isDevelopment()) app.useDeveloperExceptionPage()
    app.useMiddleware(Greeting)
    app.useWebSockets()
    app.map('/ws', branch => {
      branch.run(async context => {
        using socket = await context.webSockets.acceptWebSocketAsync()
        for await (const message of socket) await socket.sendAsync(message.data, message.type)
      })
    })
    app.useFileServer()
  }
}
