import { LogLevel, Shape, type ShapesFor } from '@windhover/core'

/** What happens when entries come faster than the console takes them. (.NET: ConsoleLoggerQueueFullMode) */
export const ConsoleLoggerQueueFullMode = {
  /** The program waits until the console has taken them. */
  Wait: 'wait',
  /** New entries are dropped; a line tells later how many. */
  DropWrite: 'drop-write',
} as const

export type ConsoleLoggerQueueFullMode = (typeof ConsoleLoggerQueueFullMode)[keyof typeof ConsoleLoggerQueueFullMode]

/** How the console logger works. In the configuration: `Logging:Console`. (.NET: ConsoleLoggerOptions) */
export class ConsoleLoggerOptions {
  static readonly shape: ShapesFor<ConsoleLoggerOptions> = {
    formatterName: Shape.optional(String),
    logToStandardErrorThreshold: Shape.enumOf(LogLevel),
    queueFullMode: Shape.enumOf(ConsoleLoggerQueueFullMode),
    maxQueueLength: Shape.int32,
  }

  /** The name of the formatter: `simple`, `json` or one of your own. Default: simple. An unknown name is an invalid-operation error. */
  formatterName: string | undefined
  /** Entries of at least this level go to standard error. Default: None. */
  logToStandardErrorThreshold: LogLevel = LogLevel.None
  queueFullMode: ConsoleLoggerQueueFullMode = ConsoleLoggerQueueFullMode.Wait
  /** How many entries may wait for the console. Default 2500. */
  maxQueueLength = 2500
}
