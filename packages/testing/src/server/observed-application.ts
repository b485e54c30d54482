import type { FeatureSource } from '@windhover/core'
import { HttpApplication } from '@windhover/hosting'
import type { Exchange } from '../exchanges/exchange.ts'
import type { Exchanges } from '../exchanges/exchanges.ts'

/** The context of the application with the exchange that it belongs to. */
export interface ObservedContext<TContext> {
  readonly inner: TContext
  readonly exchange: Exchange | undefined
}

/** Stands between the server and the application and tells each exchange what becomes of it, without changing what either of them sees. */
export class ObservedApplication<TContext> extends HttpApplication<ObservedContext<TContext>> {
  readonly #application: HttpApplication<TContext>
  readonly #exchanges: Exchanges

  constructor(application: HttpApplication<TContext>, exchanges: Exchanges) {
    super()
    this.#application = application
    this.#exchanges = exchanges
  }

  createContext(features: FeatureSource): ObservedContext<TContext> {
    const exchange = this.#exchanges.of(features)
    try {
      const inner = this.#application.createContext(features)
      exchange?.begin()
      return { inner, exchange }
    } catch (error) {
      exchange?.fail(error)
      exchange?.end()
      throw error
    }
  }

  async processRequestAsync({ inner, exchange }: ObservedContext<TContext>): Promise<void> {
    try {
      await this.#application.processRequestAsync(inner)
    } catch (error) {
      exchange?.fail(error)
      throw error
    } finally {
      exchange?.unwind()
    }
  }

  disposeContext({ inner, exchange }: ObservedContext<TContext>, error?: unknown): void {
    this.#application.disposeContext(inner, error)
    // What the pipeline did not throw itself: a callback that failed, a body shorter than its Content-Length.
    if (error !== undefined) exchange?.fail(error)
    exchange?.end()
  }
}
