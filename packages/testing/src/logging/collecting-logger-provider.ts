import { type LogEntry, Logger, LoggerProvider } from '@windhover/core'

class CollectingLogger extends Logger {
  readonly #entries: LogEntry[]

  constructor(category: string, entries: LogEntry[]) {
    super(category)
    this.#entries = entries
  }

  override isEnabled(): boolean {
    return true
  }

  override write(entry: LogEntry): void {
    this.#entries.push(entry)
  }
}

/** Keeps every log entry, of all levels and categories, in the order in which they were written. */
export class CollectingLoggerProvider extends LoggerProvider {
  static readonly alias: string = 'Collecting'

  readonly #entries: LogEntry[] = []

  override get includeScopes(): boolean {
    return true
  }

  get entries(): readonly LogEntry[] {
    return this.#entries
  }

  override createLogger(category: string): Logger {
    return new CollectingLogger(category, this.#entries)
  }
}
