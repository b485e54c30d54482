// The code of packages/core/README.md; test/docs runs it.
import { ApplicationBuilder, HttpContext, ServiceCollection } from '@windhover/core'

export async function pipelineWithoutServer(): Promise<{ status: number; greeting: string | null }> {
  // #region core
  class Clock {
    now = () => new Date()
  }

  class Greeter {
    static inject = [Clock] as const

    constructor(readonly clock: Clock) {}

    greet = (name: string) => `${this.clock.now().getHours() < 12 ? 'Good morning' : 'Hello'}, ${name}`
  }

  const services = new ServiceCollection().addSingleton(Clock).addScoped(Greeter)
  await using provider = services.buildServiceProvider({ validateScopes: true })

  const app = new ApplicationBuilder(provider)
  app.use(async (context, next) => {
    context.response.headers.set('X-Greeting', context.requestServices.getRequiredService(Greeter).greet('Ada'))
    await next()
  })
  const pipeline = app.build()

  const context = new HttpContext()
  await using scope = provider.createAsyncScope()
  context.requestServices = scope.serviceProvider
  await pipeline(context)
  // context.response.statusCode is 404: no middleware has answered
  // #endregion
  return { status: context.response.statusCode, greeting: context.response.headers.get('x-greeting') }
}
