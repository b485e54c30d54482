import { type LogEntry, Logger, LoggerProvider, LogLevel } from '@windhover/core'
import { errorKind } from '../error-kind.ts'
import type { Trace } from '../trace.ts'

/** The categories of ASP.NET Core in place of ours, which the recordings show word for word. */
export function recordedCategory(category: string, isWebHost: boolean): string {
  switch (category) {
    case 'Windhover.Hosting.Lifetime':
      return 'Microsoft.Hosting.Lifetime'
    case 'Windhover.Hosting.Diagnostics':
      return 'Microsoft.AspNetCore.Hosting.Diagnostics'
    case 'Windhover.Hosting.Host':
      return 'Microsoft.Extensions.Hosting.Internal.Host'
    case 'Windhover.Hosting.ApplicationLifetime':
      return isWebHost ? 'Microsoft.AspNetCore.Hosting.ApplicationLifetime' : 'Microsoft.Extensions.Hosting.Internal.ApplicationLifetime'
    case 'Windhover.Server':
      return 'Microsoft.AspNetCore.Server.Kestrel'
    default:
      return category
  }
}

/** Makes warnings and errors of the host itself events: level, category and number. */
export class HostLogProvider extends LoggerProvider {
  readonly #trace: Trace
  readonly #isWebHost: boolean

  constructor(trace: Trace, isWebHost: boolean) {
    super()
    this.#trace = trace
    this.#isWebHost = isWebHost
  }

  override createLogger(category: string): Logger {
    return new HostLogger(recordedCategory(category, this.#isWebHost), this.#trace)
  }
}

const levels = new Map<LogLevel, string>(Object.entries(LogLevel).map(([name, level]) => [level, name]))

class HostLogger extends Logger {
  readonly #trace: Trace

  constructor(category: string, trace: Trace) {
    super(category)
    this.#trace = trace
  }

  override isEnabled(level: LogLevel): boolean {
    return level >= LogLevel.Warning && this.category.includes('Hosting')
  }

  override write({ level, eventId, exception }: LogEntry): void {
    const error = exception === undefined ? '' : ` ${errorKind(exception)}`
    this.#trace.add(`log ${levels.get(level)} ${this.category} #${eventId.id}${error}`)
  }
}
