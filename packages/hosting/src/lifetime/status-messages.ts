import { ConsoleLoggerQueueFullMode } from '../logging/console-logger-options.ts'
import { ConsoleWriter } from '../logging/console-writer.ts'

const limits = { maxQueueLength: Number.POSITIVE_INFINITY, queueFullMode: ConsoleLoggerQueueFullMode.Wait }

/** Writes a line to standard output, in its place between the entries of the console logger. */
export function writeStatusMessage(line: string): void {
  ConsoleWriter.standardOutput.write(`${line}\n`, limits)
}

/** Writes a line to standard error, at the latest when the process exits. */
export function writeErrorMessage(line: string): void {
  ConsoleWriter.standardError.write(`${line}\n`, limits)
}
