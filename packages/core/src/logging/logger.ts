import { type AbstractConstructor, ServiceToken } from '../dependency-injection/service-token.ts'
import { EventId } from './event-id.ts'
import { LogEntry } from './log-entry.ts'
import { LogLevel } from './log-level.ts'
import type { LogScope } from './log-scope.ts'
import { LogValues } from './log-values.ts'
import { LoggerFactory } from './logger-factory.ts'

/**
 * What a log call takes: a message template with its arguments, and before it, if wanted, an event (an `EventId` or its number) and what was
 * thrown. A text or a number that was thrown cannot be told from a message or an event: wrap it in an error.
 */
export type LogArguments =
  | [message: string, ...args: unknown[]]
  | [exception: unknown, message: string, ...args: unknown[]]
  | [eventId: EventId | number, message: string, ...args: unknown[]]
  | [eventId: EventId | number, exception: unknown, message: string, ...args: unknown[]]

const tokens = new WeakMap<AbstractConstructor, ServiceToken<Logger>>()
const noScope: Disposable = { [Symbol.dispose]() {} }

/**
 * Writes log entries of one category. As a service a bare `Logger` has the class that it is injected into as its category.
 *
 * A call whose level is off costs a comparison: nothing is formatted. When it is on, a message template that does not parse or has more holes
 * than arguments raises an error, as in .NET. (.NET: ILogger, LoggerExtensions)
 */
export abstract class Logger {
  readonly category: string

  constructor(category: string) {
    this.category = category
  }

  /** Stands for the logger whose category is a class: `static inject = [Logger.for(Clock)]`. (.NET: ILogger of T) */
  static for(type: AbstractConstructor): ServiceToken<Logger> {
    let token = tokens.get(type)
    if (token === undefined) {
      token = new ServiceToken(`Logger.for(${type.name})`, provider => provider.getRequiredService(LoggerFactory).createLogger(type))
      tokens.set(type, token)
    }
    return token
  }

  /** Whether an entry of this level would be written anywhere. */
  abstract isEnabled(level: LogLevel): boolean

  /** Writes an entry that is already made, whatever its level. To be implemented by the loggers of a provider. */
  abstract write(entry: LogEntry): void

  /**
   * Opens a scope: until it is disposed, entries of the running code, and of what it starts, carry this state. Does nothing unless a provider
   * shows scopes. Use it with `using`; for work that runs side by side see `runInScope`. (.NET: BeginScope)
   */
  beginScope(template: string, ...args: unknown[]): Disposable
  beginScope(state: object): Disposable
  beginScope(_state: string | object, ..._args: unknown[]): Disposable {
    return noScope
  }

  /** Calls `callback` in a scope that holds for it and what it starts, and for nothing else. Returns what `callback` returns. */
  runInScope<T>(_state: string | object, callback: () => T): T {
    return callback()
  }

  log(level: LogLevel, ...args: LogArguments): void {
    if (this.isEnabled(level)) this.write(entryOf(this.category, level, args, this.currentScope()))
  }

  logTrace(...args: LogArguments): void {
    if (this.isEnabled(LogLevel.Trace)) this.write(entryOf(this.category, LogLevel.Trace, args, this.currentScope()))
  }

  logDebug(...args: LogArguments): void {
    if (this.isEnabled(LogLevel.Debug)) this.write(entryOf(this.category, LogLevel.Debug, args, this.currentScope()))
  }

  logInformation(...args: LogArguments): void {
    if (this.isEnabled(LogLevel.Information)) this.write(entryOf(this.category, LogLevel.Information, args, this.currentScope()))
  }

  logWarning(...args: LogArguments): void {
    if (this.isEnabled(LogLevel.Warning)) this.write(entryOf(this.category, LogLevel.Warning, args, this.currentScope()))
  }

  logError(...args: LogArguments): void {
    if (this.isEnabled(LogLevel.Error)) this.write(entryOf(this.category, LogLevel.Error, args, this.currentScope()))
  }

  logCritical(...args: LogArguments): void {
    if (this.isEnabled(LogLevel.Critical)) this.write(entryOf(this.category, LogLevel.Critical, args, this.currentScope()))
  }

  /** The innermost scope that new entries carry. */
  protected currentScope(): LogScope | undefined {
    return undefined
  }
}

function entryOf(category: string, level: LogLevel, args: readonly unknown[], scope: LogScope | undefined): LogEntry {
  let next = 0
  let eventId = EventId.none
  const first = args[0]
  if (first instanceof EventId) {
    eventId = first
    next++
  } else if (typeof first === 'number') {
    eventId = new EventId(first)
    next++
  }
  const exception = typeof args[next] === 'string' ? undefined : args[next++]
  const { thrown, state } = stateOf(args, next)
  return new LogEntry({ level, category, eventId, exception: thrown ?? exception, state, scope })
}

function stateOf(args: readonly unknown[], next: number): { thrown?: string; state: LogValues } {
  const [message, following] = [args[next], args[next + 1]]
  if (typeof message !== 'string') return { state: new LogValues('') }
  try {
    return { state: new LogValues(message, args.slice(next + 1)) }
  } catch (error) {
    // A text that is no template was thrown, `throw '{"code":{"id":1}}'`; a catch block that logs it must not throw again.
    if (typeof following !== 'string') throw error
    return { thrown: message, state: new LogValues(following, args.slice(next + 2)) }
  }
}
