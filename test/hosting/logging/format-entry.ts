import {
  EventId,
  LogEntry,
  type LoggingBuilder,
  LogLevel,
  LogScope,
  type LogScopeState,
  LogValues,
  ServiceCollection,
} from '@windhover/core'
import { ConsoleFormatter } from '@windhover/hosting'

/** An entry to be formatted; what is left out is usual. */
export interface EntryParts {
  readonly message: string
  readonly args?: readonly unknown[]
  readonly level?: LogLevel
  readonly category?: string
  readonly exception?: unknown
  readonly scopes?: readonly LogScopeState[]
}

/** The text that a formatter of the console makes of an entry. */
export function formatEntry(name: string, configure: (logging: LoggingBuilder) => void, parts: EntryParts): string {
  using services = new ServiceCollection().addLogging(configure).buildServiceProvider()
  const formatter = services.getServices(ConsoleFormatter).find(candidate => candidate.name === name)!
  return formatter.format(
    new LogEntry({
      level: parts.level ?? LogLevel.Information,
      category: parts.category ?? 'A',
      eventId: EventId.none,
      exception: parts.exception,
      state: new LogValues(parts.message, parts.args),
      scope: parts.scopes?.reduce<LogScope | undefined>((parent, state) => new LogScope(state, parent), undefined),
    }),
  )
}
