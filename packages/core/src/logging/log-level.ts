/** How serious a log entry is, ordered by number. (.NET: LogLevel) */
export const LogLevel = {
  /** The most detailed entries; they may contain sensitive data. */
  Trace: 0,
  /** Of use while developing. */
  Debug: 1,
  /** The general flow of the application. The default minimum. */
  Information: 2,
  /** Something unexpected that does not stop the flow. */
  Warning: 3,
  /** The current operation failed. */
  Error: 4,
  /** The application as a whole is in danger. */
  Critical: 5,
  /** As a minimum: nothing is logged. No entry has this level. */
  None: 6,
} as const

export type LogLevel = (typeof LogLevel)[keyof typeof LogLevel]
