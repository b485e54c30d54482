import { FeatureCollection, type FeatureSource, ServerAddressesFeature } from '@windhover/core'
import { type HttpApplication, Server } from '@windhover/hosting'

/** A server without a network: it counts what the host does with it, and passes on requests that a test makes up. */
export class FakeServer extends Server {
  readonly features = new FeatureCollection()
  readonly addresses: ServerAddressesFeature = { addresses: [], preferHostingUrls: false }
  startCalls = 0
  stopCalls = 0
  disposeCalls = 0
  /** What starting and stopping wait for. */
  onStart: (signal: AbortSignal | undefined) => Promise<void> | void = () => {}
  onStop: (signal: AbortSignal | undefined) => Promise<void> | void = () => {}
  #application: HttpApplication<unknown> | undefined

  constructor() {
    super()
    this.features.set(ServerAddressesFeature, this.addresses)
  }

  override async startAsync<TContext>(application: HttpApplication<TContext>, signal?: AbortSignal): Promise<void> {
    this.startCalls++
    this.#application = application as HttpApplication<unknown>
    await this.onStart(signal)
  }

  override async stopAsync(signal?: AbortSignal): Promise<void> {
    this.stopCalls++
    await this.onStop(signal)
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    this.disposeCalls++
  }

  /** Runs one request through the application of the host, as a server does. Rejects with what the application throws. */
  async requestAsync(features: FeatureSource): Promise<void> {
    const application = this.#application!
    const context = application.createContext(features)
    let failure: unknown
    try {
      await application.processRequestAsync(context)
    } catch (error) {
      failure = error
      throw error
    } finally {
      application.disposeContext(context, failure)
    }
  }
}
