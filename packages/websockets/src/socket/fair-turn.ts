import { performance } from 'node:perf_hooks'
import { WebSocketLimits } from '../options/web-socket-limits.ts'

/**
 * How much one socket may do before the others get their turn. What has arrived already is received in microtasks, so without a limit one peer that floods would hold the event loop.
 */
export class FairTurn {
  #used = 0
  #began = 0

  /** A new turn of the event loop. */
  begin(): void {
    this.#used = 0
  }

  /** Counts a message; true when the turn is over. The clock is read for the 1st, 2nd, 4th, 8th, ... message only. */
  isOver(): boolean {
    const used = ++this.#used
    if (used > WebSocketLimits.messagesPerTurn) return true
    if ((used & (used - 1)) !== 0) return false
    if (used === 1) {
      this.#began = performance.now()
      return false
    }
    return performance.now() - this.#began > WebSocketLimits.turn
  }
}
