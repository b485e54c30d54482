import {
  formatDate,
  formatValue,
  type LogEntry,
  LogLevel,
  type LogScopeState,
  OptionsMonitor,
  type ServiceToken,
  Shape,
  type ShapesFor,
} from '@windhover/core'
import { ConsoleFormatter } from './console-formatter.ts'
import { escapeControlCharacters } from './escape-control-characters.ts'
import { formatException } from './format-exception.ts'
import { formatScope, scopePairs } from './format-scope.ts'

/** How entries look as JSON. In the configuration: `Logging:Console:FormatterOptions`. (.NET: JsonConsoleFormatterOptions) */
export class JsonConsoleFormatterOptions {
  static readonly shape: ShapesFor<JsonConsoleFormatterOptions> = { timestampFormat: Shape.optional(String) }

  /** True: the scopes of an entry are shown. Default false. Read once, when logging starts. */
  includeScopes = false
  /** A pattern such as `O` or `yyyy-MM-dd HH:mm:ss`. Default: no time. */
  timestampFormat: string | undefined
  /** True: the time is that of UTC, not the local one. Default false. */
  useUtcTimestamp = false
}

const levelNames = Object.keys(LogLevel)

/** One JSON object on one line for each entry, with the arguments of its message by name. (.NET: the formatter `json`) */
export class JsonConsoleFormatter extends ConsoleFormatter {
  static readonly inject: readonly [ServiceToken<OptionsMonitor<JsonConsoleFormatterOptions>>] = [
    OptionsMonitor.of(JsonConsoleFormatterOptions),
  ]

  override readonly name: string = 'json'
  readonly #monitor: OptionsMonitor<JsonConsoleFormatterOptions>

  constructor(monitor: OptionsMonitor<JsonConsoleFormatterOptions>) {
    super()
    this.#monitor = monitor
  }

  override get includeScopes(): boolean {
    return this.#monitor.currentValue.includeScopes
  }

  override format(entry: LogEntry): string {
    const { includeScopes, timestampFormat, useUtcTimestamp } = this.#monitor.currentValue
    const exception = entry.exception === undefined || entry.exception === null ? undefined : formatException(entry.exception)
    const line = JSON.stringify({
      Timestamp: timestampFormat === undefined ? undefined : formatDate(new Date(), timestampFormat, useUtcTimestamp),
      EventId: entry.eventId.id,
      LogLevel: levelNames[entry.level],
      Category: entry.category,
      Message: entry.message,
      Exception: exception,
      State: toJsonObject(entry.message, entry.state),
      Scopes: includeScopes && entry.scope !== undefined ? entry.scopes.map(toJsonScope) : undefined,
    })
    // What JSON lets pass raw (DEL, C1, marks of direction) is escaped as JSON escapes the rest.
    return `${escapeControlCharacters(line)}\n`
  }
}

function toJsonScope(state: LogScopeState): unknown {
  const pairs = scopePairs(state)
  return pairs === undefined ? formatScope(state) : toJsonObject(formatScope(state), pairs)
}

function toJsonObject(message: string, pairs: Iterable<readonly [name: string, value: unknown]>): unknown {
  return Object.fromEntries([['Message', message], ...Array.from(pairs, ([name, value]) => [name, toJsonValue(value)])])
}

function toJsonValue(value: unknown): unknown {
  if (value === undefined || value === null) return null
  return typeof value === 'boolean' || Number.isFinite(value) ? value : formatValue(value)
}
