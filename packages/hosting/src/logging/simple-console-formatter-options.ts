import { Shape, type ShapesFor } from '@windhover/core'

/** When the console shows colours. (.NET: LoggerColorBehavior) */
export const LoggerColorBehavior = {
  /** When the output is a terminal that has colours; `NO_COLOR` and its like are respected. */
  Default: 'default',
  Enabled: 'enabled',
  Disabled: 'disabled',
} as const

export type LoggerColorBehavior = (typeof LoggerColorBehavior)[keyof typeof LoggerColorBehavior]

/** How entries look on the console. In the configuration: `Logging:Console:FormatterOptions`. (.NET: SimpleConsoleFormatterOptions) */
export class SimpleConsoleFormatterOptions {
  static readonly shape: ShapesFor<SimpleConsoleFormatterOptions> = {
    colorBehavior: Shape.enumOf(LoggerColorBehavior),
    timestampFormat: Shape.optional(String),
  }

  colorBehavior: LoggerColorBehavior = LoggerColorBehavior.Default
  /** True: an entry is one line. Default false. */
  singleLine = false
  /** True: the scopes of an entry are shown. Default false. Read once, when logging starts. */
  includeScopes = false
  /** A pattern such as `HH:mm:ss `, put in front of each entry. Default: none. */
  timestampFormat: string | undefined
  /** True: the time is that of UTC, not the local one. Default false. */
  useUtcTimestamp = false
}
