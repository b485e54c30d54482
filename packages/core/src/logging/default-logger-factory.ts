import { allOf } from '../dependency-injection/dependency.ts'
import type { AbstractConstructor, ServiceToken } from '../dependency-injection/service-token.ts'
import { coreErrors } from '../errors/core-errors.ts'
import { OptionsMonitor } from '../options/options-monitor.ts'
import { DefaultLogger, type LoggerRoute } from './default-logger.ts'
import { LogLevel } from './log-level.ts'
import type { Logger } from './logger.ts'
import { LoggerExternalScopeProvider } from './logger-external-scope-provider.ts'
import { LoggerFactory } from './logger-factory.ts'
import { LoggerFilterOptions } from './logger-filter-options.ts'
import { aliasOf, LoggerProvider, type LoggerProviderClass } from './logger-provider.ts'
import { selectFilterRule } from './select-filter-rule.ts'

/** Keeps one logger for each category, and routes it anew when a provider is added or the filters change. (.NET: LoggerFactory) */
export class DefaultLoggerFactory extends LoggerFactory implements Disposable {
  static readonly inject: readonly [ServiceToken<LoggerProvider[]>, ServiceToken<OptionsMonitor<LoggerFilterOptions>>] = [
    allOf(LoggerProvider),
    OptionsMonitor.of(LoggerFilterOptions),
  ]

  readonly #loggers = new Map<string, DefaultLogger>()
  readonly #sinks: LoggerSink[] = []
  readonly #ownProviders: LoggerProvider[] = []
  readonly #registration: Disposable
  #filters: LoggerFilterOptions
  #scopes: LoggerExternalScopeProvider | undefined
  #isDisposed = false

  constructor(providers: readonly LoggerProvider[], filters: OptionsMonitor<LoggerFilterOptions>) {
    super()
    this.#filters = filters.currentValue
    this.#registration = filters.onChange(options => this.#refresh(options))
    for (const provider of providers) this.#attach(provider)
  }

  override get includeScopes(): boolean {
    return this.#scopes !== undefined
  }

  override createLogger(category: string | AbstractConstructor): Logger {
    if (this.#isDisposed) throw coreErrors.loggerFactoryDisposed()
    const name = typeof category === 'string' ? category : categoryOf(category)
    let logger = this.#loggers.get(name)
    if (logger === undefined) {
      logger = new DefaultLogger(name)
      this.#route(logger)
      this.#loggers.set(name, logger)
    }
    return logger
  }

  override addProvider(provider: LoggerProvider): void {
    if (this.#isDisposed) throw coreErrors.loggerFactoryDisposed()
    this.#ownProviders.push(provider)
    this.#attach(provider)
    for (const logger of this.#loggers.values()) this.#route(logger)
  }

  /** Disposes the providers that were added to the factory itself; the container disposes those that it made. */
  [Symbol.dispose](): void {
    this.#isDisposed = true
    this.#registration[Symbol.dispose]()
    for (const provider of this.#ownProviders.splice(0)) (provider as Partial<Disposable>)[Symbol.dispose]?.()
  }

  #attach(provider: LoggerProvider): void {
    this.#sinks.push(new LoggerSink(provider))
    if (provider.includeScopes) this.#scopes ??= new LoggerExternalScopeProvider()
  }

  #refresh(filters: LoggerFilterOptions): void {
    this.#filters = filters
    for (const logger of this.#loggers.values()) this.#route(logger)
  }

  #route(logger: DefaultLogger): void {
    const routes = this.#sinks.map(sink => sink.routeFor(logger.category, this.#filters))
    logger.route(routes, this.#scopes)
  }
}

/** A provider and the loggers that it has made. */
class LoggerSink {
  readonly #provider: LoggerProvider
  readonly #alias: string
  readonly #loggers = new Map<string, Logger>()

  constructor(provider: LoggerProvider) {
    this.#provider = provider
    this.#alias = aliasOf(provider.constructor as LoggerProviderClass)
  }

  routeFor(category: string, filters: LoggerFilterOptions): LoggerRoute {
    const { logLevel, filter } = selectFilterRule(filters, this.#alias, category)
    return {
      logger: this.#loggerFor(category),
      minLevel: logLevel ?? LogLevel.Trace,
      filter: filter && (level => filter(this.#alias, category, level)),
    }
  }

  #loggerFor(category: string): Logger {
    let logger = this.#loggers.get(category)
    if (logger === undefined) {
      logger = this.#provider.createLogger(category)
      this.#loggers.set(category, logger)
    }
    return logger
  }
}

function categoryOf(type: AbstractConstructor): string {
  const declared = Object.hasOwn(type, 'loggerCategory') ? (type as { loggerCategory?: unknown }).loggerCategory : undefined
  return typeof declared === 'string' ? declared : type.name
}
