import { performance } from 'node:perf_hooks'
import { WebSocketLimits } from '../options/web-socket-limits.ts'
import { tick } from './tick.ts'

/**
 * How much one socket may do before the others get their turn. What has arrived already is received in microtasks, so without a limit one peer that floods would hold the event loop.
 */
export class FairTurn {
  /** The turn is over and the next one has not begun. */
  hasEnded = false
  #used = 0
  #began = 0

  /** A new turn of the event loop, and a new tick. */
  begin(): void {
    this.#began = tick.began
    this.#used = 0
    this.hasEnded = false
  }

  /** Counts a message; false when it has to wait for the next turn. The clock is read for the 2nd, 4th, 8th, ... message only. */
  mayGoOn(): boolean {
    const used = ++this.#used
    if (used === 1 || ((used & (used - 1)) !== 0 && used <= WebSocketLimits.messagesPerTurn)) return true
    this.hasEnded = used > WebSocketLimits.messagesPerTurn || performance.now() - this.#began > WebSocketLimits.turn
    return !this.hasEnded
  }
}
