import { coreErrors } from '../errors/core-errors.ts'
import type { LogEntry } from './log-entry.ts'
import { LogLevel } from './log-level.ts'
import type { LogScope, LogScopeState } from './log-scope.ts'
import { LogValues } from './log-values.ts'
import { Logger } from './logger.ts'
import type { LoggerExternalScopeProvider } from './logger-external-scope-provider.ts'

/** The way from a logger to one provider. */
export interface LoggerRoute {
  readonly logger: Logger
  readonly minLevel: LogLevel
  readonly filter: ((level: LogLevel) => boolean) | undefined
}

/** Hands the entries of a category to the loggers of all providers that the filters let them reach. */
export class DefaultLogger extends Logger {
  #routes: readonly LoggerRoute[] = []
  #scopes: LoggerExternalScopeProvider | undefined
  /** The lowest level that may reach anyone, so that a call below it ends with one comparison. */
  #minLevel: number = LogLevel.None

  /** Changes where entries go; the factory does so when a provider is added or the filters change. */
  route(routes: readonly LoggerRoute[], scopes: LoggerExternalScopeProvider | undefined): void {
    this.#routes = routes
    this.#scopes = scopes
    this.#minLevel = Math.min(LogLevel.None, ...routes.map(route => route.minLevel))
  }

  override isEnabled(level: LogLevel): boolean {
    return level >= this.#minLevel && this.#routes.some(route => isOpen(route, level))
  }

  /** Every provider gets the entry, also when one throws; what was thrown is raised as an aggregate. */
  override write(entry: LogEntry): void {
    let errors: unknown[] | undefined
    for (const route of this.#routes) {
      if (!isOpen(route, entry.level)) continue
      try {
        route.logger.write(entry)
      } catch (error) {
        errors ??= []
        errors.push(error)
      }
    }
    if (errors !== undefined) throw coreErrors.logWriteFailed(this.category, errors)
  }

  override beginScope(template: string, ...args: unknown[]): Disposable
  override beginScope(state: object): Disposable
  override beginScope(state: string | object, ...args: unknown[]): Disposable {
    return this.#scopes?.push(scopeState(state, args)) ?? super.beginScope(state as string)
  }

  override runInScope<T>(state: string | object, callback: () => T): T {
    return this.#scopes === undefined ? callback() : this.#scopes.run(scopeState(state, []), callback)
  }

  protected override currentScope(): LogScope | undefined {
    return this.#scopes?.current
  }
}

function isOpen(route: LoggerRoute, level: LogLevel): boolean {
  return level >= route.minLevel && level < LogLevel.None && (route.filter?.(level) ?? true) && route.logger.isEnabled(level)
}

function scopeState(state: string | object, args: readonly unknown[]): LogScopeState {
  return typeof state === 'string' && args.length > 0 ? new LogValues(state, args) : state
}
