import type { Violation } from '../protocol/violation.ts'

const nothing = Buffer.alloc(0)

/** A compressed frame on its way from the read-ahead through zlib to the application. */
export class Inflation {
  /** It is a message by itself, and expanded at once when all of it has arrived. */
  readonly isSmall: boolean
  output: Buffer = nothing
  at = 0
  /** zlib got the payload of the frame in several parts. */
  isPart = false
  /** zlib has the whole payload of the frame. */
  isFed = false
  isRunning = false
  violation: Violation | undefined

  constructor(isSmall: boolean) {
    this.isSmall = isSmall
  }

  get hasEnded(): boolean {
    return this.isFed && !this.isRunning && this.at === this.output.length
  }
}
