import { Logger } from './logger.ts'

/** A logger that writes nothing. (.NET: NullLogger) */
export class NullLogger extends Logger {
  static readonly instance: NullLogger = new NullLogger()

  private constructor() {
    super('')
  }

  override isEnabled(): boolean {
    return false
  }

  override write(): void {}
}
