import { ServiceCollection } from '../dependency-injection/service-collection.ts'
import type { ServiceProvider } from '../dependency-injection/service-provider.ts'
import type { AbstractConstructor } from '../dependency-injection/service-token.ts'
import type { Logger } from './logger.ts'
import type { LoggerProvider } from './logger-provider.ts'
import type { LoggingBuilder } from './logging-builder.ts'

/** Makes loggers; its providers decide where entries go. (.NET: ILoggerFactory) */
export abstract class LoggerFactory {
  /** A factory for programs without a host. Disposing it disposes its providers. (.NET: LoggerFactory.Create) */
  static create(configure: (logging: LoggingBuilder) => void): LoggerFactory & Disposable {
    return new OwningLoggerFactory(new ServiceCollection().addLogging(configure).buildServiceProvider())
  }

  /** Whether a provider shows scopes: without that, opening one is wasted work. */
  abstract readonly includeScopes: boolean

  /**
   * The logger of a category, always the same one. The category of a class is its own `static readonly loggerCategory`, or else its name.
   * Categories are kept as long as the factory lives: do not make them of values that come from outside.
   */
  abstract createLogger(category: string | AbstractConstructor): Logger

  /** Adds a provider, for the loggers that exist too. It is disposed with the factory. */
  abstract addProvider(provider: LoggerProvider): void
}

/** A factory that owns the container which made it. */
class OwningLoggerFactory extends LoggerFactory implements Disposable {
  readonly #services: ServiceProvider & Disposable
  readonly #factory: LoggerFactory

  constructor(services: ServiceProvider & Disposable) {
    super()
    this.#services = services
    this.#factory = services.getRequiredService(LoggerFactory)
  }

  override get includeScopes(): boolean {
    return this.#factory.includeScopes
  }

  override createLogger(category: string | AbstractConstructor): Logger {
    return this.#factory.createLogger(category)
  }

  override addProvider(provider: LoggerProvider): void {
    this.#factory.addProvider(provider)
  }

  [Symbol.dispose](): void {
    this.#services[Symbol.dispose]()
  }
}
