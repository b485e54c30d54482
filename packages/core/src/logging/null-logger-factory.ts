import type { Logger } from './logger.ts'
import { LoggerFactory } from './logger-factory.ts'
import { NullLogger } from './null-logger.ts'

/** Makes loggers that write nothing. (.NET: NullLoggerFactory) */
export class NullLoggerFactory extends LoggerFactory {
  static readonly instance: NullLoggerFactory = new NullLoggerFactory()

  override readonly includeScopes: boolean = false

  override createLogger(): Logger {
    return NullLogger.instance
  }

  override addProvider(): void {}
}
