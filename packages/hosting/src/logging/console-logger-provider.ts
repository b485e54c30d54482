import { allOf, type LogEntry, Logger, LoggerProvider, LogLevel, OptionsMonitor, type ServiceToken } from '@windhover/core'
import { hostingErrors } from '../errors/hosting-errors.ts'
import { ConsoleFormatter } from './console-formatter.ts'
import { ConsoleLoggerOptions } from './console-logger-options.ts'
import { ConsoleWriter } from './console-writer.ts'

/** Writes log entries to standard output or standard error. (.NET: ConsoleLoggerProvider) */
export class ConsoleLoggerProvider extends LoggerProvider implements Disposable {
  static readonly alias: string = 'Console'
  static readonly inject: readonly [ServiceToken<ConsoleFormatter[]>, ServiceToken<OptionsMonitor<ConsoleLoggerOptions>>] = [
    allOf(ConsoleFormatter),
    OptionsMonitor.of(ConsoleLoggerOptions),
  ]

  readonly #formatters: ReadonlyMap<string, ConsoleFormatter>
  readonly #registration: Disposable
  #output: ConsoleOutput

  constructor(formatters: readonly ConsoleFormatter[], options: OptionsMonitor<ConsoleLoggerOptions>) {
    super()
    this.#formatters = new Map(formatters.map(formatter => [formatter.name.toLowerCase(), formatter]))
    this.#output = this.#outputFor(options.currentValue)
    this.#registration = options.onChange(changed => {
      this.#output = this.#outputFor(changed)
    })
  }

  override get includeScopes(): boolean {
    return this.#output.formatter.includeScopes
  }

  override createLogger(category: string): Logger {
    return new ConsoleLogger(category, entry => this.#output.write(entry))
  }

  /** Writes what was logged so far. Later entries are still written. */
  [Symbol.dispose](): void {
    this.#registration[Symbol.dispose]()
    ConsoleWriter.standardOutput.flush()
    ConsoleWriter.standardError.flush()
  }

  #outputFor(options: ConsoleLoggerOptions): ConsoleOutput {
    const name = options.formatterName ?? 'simple'
    const formatter = this.#formatters.get(name.toLowerCase())
    if (formatter === undefined) throw hostingErrors.consoleFormatterUnknown(name, [...this.#formatters.keys()])
    return new ConsoleOutput(formatter, options)
  }
}

class ConsoleOutput {
  readonly formatter: ConsoleFormatter
  readonly #options: ConsoleLoggerOptions

  constructor(formatter: ConsoleFormatter, options: ConsoleLoggerOptions) {
    this.formatter = formatter
    this.#options = options
  }

  write(entry: LogEntry): void {
    const text = this.formatter.format(entry)
    if (text === '') return
    const writer = entry.level >= this.#options.logToStandardErrorThreshold ? ConsoleWriter.standardError : ConsoleWriter.standardOutput
    writer.write(text, this.#options)
    // After the worst the process may be gone before this turn of the event loop ends.
    if (entry.level === LogLevel.Critical) writer.flush()
  }
}

class ConsoleLogger extends Logger {
  readonly #write: (entry: LogEntry) => void

  constructor(category: string, write: (entry: LogEntry) => void) {
    super(category)
    this.#write = write
  }

  override isEnabled(level: LogLevel): boolean {
    return level < LogLevel.None
  }

  override write(entry: LogEntry): void {
    this.#write(entry)
  }
}
