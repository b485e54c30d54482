import { ServiceCollection, type ServiceProvider } from '@windhover/core'

/**
 * The services of the builder, from which the Startup class is constructed before it adds its own; the application gets a copy of them. They have a container of their own,
 * which is made only when a Startup class needs it.
 */
export class HostingServices {
  readonly services: ServiceCollection = new ServiceCollection()
  #provider: (ServiceProvider & AsyncDisposable) | undefined

  get provider(): ServiceProvider {
    this.#provider ??= this.services.buildServiceProvider()
    return this.#provider
  }

  copy(): ServiceCollection {
    const copy = new ServiceCollection()
    for (const descriptor of this.services) copy.add(descriptor)
    return copy
  }

  async disposeAsync(): Promise<void> {
    await this.#provider?.[Symbol.asyncDispose]()
  }
}
