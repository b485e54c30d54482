import { inspect } from 'node:util'
import { type LogEntry, Logger, LoggerProvider, LogLevel } from '@windhover/core'

class WarningLogger extends Logger {
  readonly #provider: KeptWarnings

  constructor(category: string, provider: KeptWarnings) {
    super(category)
    this.#provider = provider
  }

  override isEnabled(): boolean {
    return true
  }

  override write(entry: LogEntry): void {
    this.#provider.add(entry)
  }
}

/** Keeps what is worse than Information, and the text of everything while `texts` is there. */
export class KeptWarnings extends LoggerProvider {
  static readonly alias: string = 'Kept'
  readonly entries: LogEntry[] = []
  /** When set, every entry of every level is added as text, its scopes and its error included. */
  texts: string[] | undefined

  override get includeScopes(): boolean {
    return true
  }

  override createLogger(category: string): Logger {
    return new WarningLogger(category, this)
  }

  add(entry: LogEntry): void {
    if (entry.level >= LogLevel.Warning) this.entries.push(entry)
    this.texts?.push(`${entry.message} ${inspect([entry.state, entry.scopes, entry.exception], { depth: 6 })}`)
  }
}
