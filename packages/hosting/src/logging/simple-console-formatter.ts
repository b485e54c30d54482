import { formatDate, type LogEntry, LogLevel, OptionsMonitor, type ServiceToken } from '@windhover/core'
import { hostingErrors } from '../errors/hosting-errors.ts'
import { ConsoleFormatter } from './console-formatter.ts'
import { escapeControlCharacters, escapeLines } from './escape-control-characters.ts'
import { formatException } from './format-exception.ts'
import { formatScope } from './format-scope.ts'
import { LoggerColorBehavior, SimpleConsoleFormatterOptions } from './simple-console-formatter-options.ts'

const words: Readonly<Record<number, string>> = {
  [LogLevel.Trace]: 'trce',
  [LogLevel.Debug]: 'dbug',
  [LogLevel.Information]: 'info',
  [LogLevel.Warning]: 'warn',
  [LogLevel.Error]: 'fail',
  [LogLevel.Critical]: 'crit',
}

const grey = '\u001b[40m\u001b[37m'
const colors: Readonly<Record<number, string>> = {
  [LogLevel.Trace]: grey,
  [LogLevel.Debug]: grey,
  [LogLevel.Information]: '\u001b[40m\u001b[32m',
  [LogLevel.Warning]: '\u001b[40m\u001b[1m\u001b[33m',
  [LogLevel.Error]: '\u001b[41m\u001b[30m',
  [LogLevel.Critical]: '\u001b[41m\u001b[1m\u001b[37m',
}
const plain = '\u001b[39m\u001b[22m\u001b[49m'

const indent = '      '

/**
 * `info: Category[event]` and, below, the indented message, as ASP.NET Core shows entries by default. (.NET: the formatter `simple`)
 *
 * Line breaks of the message template and of a stack stay, and each line is indented, so that none can pass for an entry. Arguments and scopes may come
 * from outside: their line breaks are shown as `\n`. All other control characters are shown escaped wherever they are.
 *
 * Raises an argument-out-of-range error for the level None, of which no entry is ever written.
 */
export class SimpleConsoleFormatter extends ConsoleFormatter {
  static readonly inject: readonly [ServiceToken<OptionsMonitor<SimpleConsoleFormatterOptions>>] = [
    OptionsMonitor.of(SimpleConsoleFormatterOptions),
  ]

  override readonly name: string = 'simple'
  readonly #monitor: OptionsMonitor<SimpleConsoleFormatterOptions>

  constructor(monitor: OptionsMonitor<SimpleConsoleFormatterOptions>) {
    super()
    this.#monitor = monitor
  }

  override get includeScopes(): boolean {
    return this.#monitor.currentValue.includeScopes
  }

  override format(entry: LogEntry): string {
    const options = this.#monitor.currentValue
    const head = `${timestamp(options)}${levelWord(entry.level, options)}: ${escapeControlCharacters(entry.category)}[${entry.eventId.id}]`
    const scopes = options.includeScopes ? entry.scopes.map(scope => `=> ${escapeControlCharacters(formatScope(scope))}`) : []
    const blocks = [escapeLines(entry.state.format(escapeControlCharacters))]
    if (entry.exception !== undefined && entry.exception !== null) blocks.push(escapeLines(formatException(entry.exception)))
    const texts = blocks.filter(text => text !== '')
    return options.singleLine ? onOneLine(head, scopes, texts) : onSeveralLines(head, scopes, texts)
  }
}

function onOneLine(head: string, scopes: readonly string[], texts: readonly string[]): string {
  return `${[head, ...scopes, ...texts].join(' ').replaceAll('\n', ' ')}\n`
}

function onSeveralLines(head: string, scopes: readonly string[], texts: readonly string[]): string {
  let lines = `${head}\n`
  if (scopes.length > 0) lines += `${indent}${scopes.join(' ')}\n`
  for (const text of texts) lines += `${indent}${text.replaceAll('\n', `\n${indent}`)}\n`
  return lines
}

function timestamp(options: SimpleConsoleFormatterOptions): string {
  return options.timestampFormat === undefined ? '' : formatDate(new Date(), options.timestampFormat, options.useUtcTimestamp)
}

function levelWord(level: LogLevel, options: SimpleConsoleFormatterOptions): string {
  const word = words[level]
  if (word === undefined) throw hostingErrors.logLevelUnwritable(level)
  return hasColors(options.colorBehavior) ? `${colors[level] ?? ''}${word}${plain}` : word
}

function hasColors(behavior: LoggerColorBehavior): boolean {
  if (behavior !== LoggerColorBehavior.Default) return behavior === LoggerColorBehavior.Enabled
  return process.stdout.isTTY === true && process.stdout.hasColors()
}
