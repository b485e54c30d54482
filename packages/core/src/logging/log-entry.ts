import type { EventId } from './event-id.ts'
import type { LogLevel } from './log-level.ts'
import type { LogScope, LogScopeState } from './log-scope.ts'
import type { LogValues } from './log-values.ts'

/** What makes a log entry. */
export interface LogEntryInit {
  readonly level: LogLevel
  readonly category: string
  readonly eventId: EventId
  /** What was thrown, if the entry reports that. */
  readonly exception?: unknown
  readonly state: LogValues
  /** The innermost scope that the entry was written in. */
  readonly scope?: LogScope | undefined
}

/** One entry on its way to the providers, which all get the same object. (.NET: LogEntry) */
export class LogEntry implements LogEntryInit {
  readonly level: LogLevel
  readonly category: string
  readonly eventId: EventId
  readonly exception: unknown
  /** The template and its arguments by name. */
  readonly state: LogValues
  readonly scope: LogScope | undefined
  #message: string | undefined

  constructor(init: LogEntryInit) {
    this.level = init.level
    this.category = init.category
    this.eventId = init.eventId
    this.exception = init.exception
    this.state = init.state
    this.scope = init.scope
  }

  /** The message, made when it is first read. Raises a format error when the template has more holes than there are arguments. */
  get message(): string {
    this.#message ??= this.state.format()
    return this.#message
  }

  /** The scopes that the entry was written in, the outermost first; empty unless a provider asked for scopes. */
  get scopes(): readonly LogScopeState[] {
    const states: LogScopeState[] = []
    for (let scope = this.scope; scope !== undefined; scope = scope.parent) states.push(scope.state)
    return states.reverse()
  }
}
