import { type FeatureCollection, type HttpContext, HttpContextFactory } from '@windhover/core'
import type { Exchanges } from '../exchanges/exchanges.ts'

/** Hands the context of a `sendAsync()` to the test: before the pipeline, to configure it, and still open once the request has ended. */
export class TestHttpContextFactory extends HttpContextFactory {
  readonly #factory: HttpContextFactory
  readonly #exchanges: Exchanges
  readonly #kept = new WeakSet<HttpContext>()

  /** `factory` is the application's own. */
  constructor(factory: HttpContextFactory, exchanges: Exchanges) {
    super()
    this.#factory = factory
    this.#exchanges = exchanges
  }

  create(features: FeatureCollection): HttpContext {
    const context = this.#factory.create(features)
    const receive = this.#exchanges.expectedFrom(context.connection)?.receiveContext
    if (receive === undefined) return context
    this.#kept.add(context)
    receive(context)
    return context
  }

  dispose(context: HttpContext): void {
    if (!this.#kept.has(context)) this.#factory.dispose(context)
  }
}
