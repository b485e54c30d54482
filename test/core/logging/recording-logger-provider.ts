import { type LogEntry, Logger, LoggerProvider, LogLevel } from '@windhover/core'

/** Keeps the entries that reach it. */
export class RecordingLoggerProvider extends LoggerProvider implements Disposable {
  static readonly alias: string = 'Recording'

  readonly entries: LogEntry[] = []
  readonly #showsScopes: boolean
  isDisposed = false
  lowestLevel: LogLevel = LogLevel.Trace

  constructor(showsScopes = false) {
    super()
    this.#showsScopes = showsScopes
  }

  get messages(): string[] {
    return this.entries.map(entry => entry.message)
  }

  override get includeScopes(): boolean {
    return this.#showsScopes
  }

  override createLogger(category: string): Logger {
    return new RecordingLogger(category, this)
  }

  [Symbol.dispose](): void {
    this.isDisposed = true
  }
}

class RecordingLogger extends Logger {
  readonly #provider: RecordingLoggerProvider

  constructor(category: string, provider: RecordingLoggerProvider) {
    super(category)
    this.#provider = provider
  }

  override isEnabled(level: LogLevel): boolean {
    return level >= this.#provider.lowestLevel
  }

  override write(entry: LogEntry): void {
    this.#provider.entries.push(entry)
  }
}
