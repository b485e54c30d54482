import { type LogEntry, Logger, LoggerProvider, LogLevel } from '@windhover/core'

/** A logger provider that keeps what reaches it. */
export class CollectedLogs extends LoggerProvider {
  readonly entries: LogEntry[] = []
  readonly #includeScopes: boolean

  constructor(options: { includeScopes?: boolean } = {}) {
    super()
    this.#includeScopes = options.includeScopes ?? false
  }

  override get includeScopes(): boolean {
    return this.#includeScopes
  }

  override createLogger(category: string): Logger {
    const { entries } = this
    return new (class extends Logger {
      override isEnabled(level: LogLevel): boolean {
        return level < LogLevel.None
      }

      override write(entry: LogEntry): void {
        entries.push(entry)
      }
    })(category)
  }

  /** `Information Category[event] message` of each entry of at least a level. */
  lines(minimum: LogLevel = LogLevel.Information): string[] {
    const names = Object.entries(LogLevel)
    return this.entries
      .filter(({ level }) => level >= minimum)
      .map(
        ({ level, category, eventId, message }) =>
          `${names.find(([, value]) => value === level)![0]} ${category}[${eventId.id}] ${message}`,
      )
  }
}
