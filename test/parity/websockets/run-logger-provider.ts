import { type LogEntry, Logger, LoggerProvider, LogLevel } from '@windhover/core'
import { RequestLog } from './request-log.ts'

/** Adds what the server and the WebSocket middleware log about a request to its record. */
export class RunLoggerProvider extends LoggerProvider {
  override createLogger(category: string): Logger {
    return new RunLogger(category)
  }
}

class RunLogger extends Logger {
  override isEnabled(level: LogLevel): boolean {
    return level >= LogLevel.Error || this.category.startsWith('Windhover.WebSockets')
  }

  override write(entry: LogEntry): void {
    const trace = entry.state.get('TraceIdentifier')
    const note = `${levelName(entry.level)} ${entry.category}: ${entry.message}`
    const log = typeof trace === 'string' ? RequestLog.byTrace.get(trace) : RequestLog.current.getStore()
    if (entry.level >= LogLevel.Error) log?.addPipeline('log', { level: levelName(entry.level), note })
    else log?.add({ note })
  }
}

function levelName(level: LogLevel): string {
  return Object.entries(LogLevel).find(([, value]) => value === level)?.[0] ?? String(level)
}
