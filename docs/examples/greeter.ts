import type { ApplicationBuilder, HttpContext, ServiceCollection } from 'windhover'

/** A small application for packages/testing/README.md, whose tests run it. */
export class Greeter {
  greet(name: string): string {
    return `Hello, ${name}`
  }
}

export class Startup {
  configureServices(services: ServiceCollection): void {
    services.addSingleton(Greeter)
  }

  configure(app: ApplicationBuilder): void {
    app.useWebSockets()
    app.map('/ws', branch => branch.run(greetEveryone))
    app.map('/greet', branch => branch.run(greetOne))
  }
}

async function greetOne({ request, response, requestServices }: HttpContext): Promise<void> {
  const name = request.query.get('name')
  if (name === null) throw new Error('Whom shall I greet?')
  response.contentType = 'text/plain; charset=utf-8'
  await response.writeAsync(requestServices.getRequiredService(Greeter).greet(name))
}

async function greetEveryone({ webSockets, requestServices }: HttpContext): Promise<void> {
  const greeter = requestServices.getRequiredService(Greeter)
  const socket = await webSockets.acceptWebSocketAsync()
  for await (const message of socket) await socket.sendAsync(greeter.greet(String(message.data)))
}
