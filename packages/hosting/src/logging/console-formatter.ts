import type { LogEntry } from '@windhover/core'

/** Makes the text of a log entry for the console. Added with `logging.addConsoleFormatter`. (.NET: ConsoleFormatter) */
export abstract class ConsoleFormatter {
  /** What `ConsoleLoggerOptions.formatterName` chooses it by, in any case. */
  abstract readonly name: string

  /** Whether it shows scopes. Read once, when logging starts. Default false. */
  get includeScopes(): boolean {
    return false
  }

  /** The text with its line break at the end; empty: nothing is written. */
  abstract format(entry: LogEntry): string
}
