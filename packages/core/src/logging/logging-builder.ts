import type { InjectCheck } from '../dependency-injection/inject.ts'
import type { ServiceCollection } from '../dependency-injection/service-collection.ts'
import type { Constructor } from '../dependency-injection/service-token.ts'
import { coreErrors } from '../errors/core-errors.ts'
import { LogLevel } from './log-level.ts'
import { type LogFilter, LoggerFilterOptions, type LoggerFilterRule } from './logger-filter-options.ts'
import { aliasOf, LoggerProvider, type LoggerProviderClass } from './logger-provider.ts'

/** Decides about the entries that a rule is for. */
type LevelOrFilter = LogLevel | ((category: string, level: LogLevel) => boolean)

/** Sets up logging; given to the callback of `services.addLogging`. (.NET: ILoggingBuilder) */
export class LoggingBuilder {
  readonly services: ServiceCollection

  constructor(services: ServiceCollection) {
    this.services = services
  }

  /** The lowest level of categories that no filter matches. Default: Information. Raises an argument-out-of-range error for what is no level. */
  setMinimumLevel(level: LogLevel): this {
    checkLevel(level)
    this.services.configure(LoggerFilterOptions, options => {
      options.minLevel = level
    })
    return this
  }

  /**
   * Lets pass, of the categories that begin with `category` (null or undefined: of all), entries of at least a level, or those that a function
   * chooses. One `*` in it stands for any text. Without a category the function alone decides. Raises an argument-out-of-range error for
   * what is neither a level nor a function.
   */
  addFilter(category: string | null | undefined, levelOrFilter: LevelOrFilter): this
  /** The same for one provider, named by its class or its alias. */
  addFilter(provider: LoggerProviderClass | string, category: string | null | undefined, levelOrFilter: LevelOrFilter): this
  addFilter(filter: LogFilter): this
  addFilter(...args: FilterArguments): this {
    const rule = ruleOf(args)
    this.services.configure(LoggerFilterOptions, options => {
      options.rules.push(rule)
    })
    return this
  }

  /** Adds a provider: an object, which stays yours to dispose, or a class, which the container makes and disposes. */
  addProvider(provider: LoggerProvider): this
  addProvider<C extends Constructor<LoggerProvider>>(type: C & InjectCheck<C>): this
  addProvider(provider: LoggerProvider | Constructor<LoggerProvider>): this {
    this.services.addSingleton(LoggerProvider, typeof provider === 'function' ? { useClass: provider } : { useValue: provider })
    return this
  }

  /** Takes away the providers that were added so far. */
  clearProviders(): this {
    this.services.removeAll(LoggerProvider)
    return this
  }
}

type FilterArguments =
  | [filter: LogFilter]
  | [category: string | null | undefined, levelOrFilter: LevelOrFilter]
  | [provider: LoggerProviderClass | string, category: string | null | undefined, levelOrFilter: LevelOrFilter]

function ruleOf(args: FilterArguments): LoggerFilterRule {
  if (args.length === 1) return { filter: args[0] }
  if (args.length === 2) return { categoryName: args[0] ?? undefined, ...decisionOf(args[1]) }
  const [provider, category, levelOrFilter] = args
  const providerName = typeof provider === 'string' ? provider : aliasOf(provider)
  return { providerName, categoryName: category ?? undefined, ...decisionOf(levelOrFilter) }
}

function decisionOf(levelOrFilter: LevelOrFilter): LoggerFilterRule {
  if (typeof levelOrFilter === 'function') return { filter: (_provider, category, level) => levelOrFilter(category, level) }
  checkLevel(levelOrFilter)
  return { logLevel: levelOrFilter }
}

/** The name of a level, as configuration has it, would compare as no number at all and let everything pass. */
function checkLevel(level: unknown): void {
  if (!Object.values(LogLevel).includes(level as LogLevel)) throw coreErrors.logLevel(level)
}
