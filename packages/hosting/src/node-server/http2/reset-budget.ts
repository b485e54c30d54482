/**
 * How many streams a client may open and reset before its connection is ended. The library below Node counts as well, but tells nobody: it says GOAWAY and reads no more, and the connection would stay,
 * with all that it holds, long after its client has gone.
 */
export class ResetBudget {
  readonly #burst: number
  readonly #perSecond: number
  #left: number
  #refilledAt = 0

  constructor(burst: number, perSecond: number) {
    this.#burst = burst
    this.#perSecond = perSecond
    this.#left = burst
  }

  /** False when that was the last one. `now` is a time in milliseconds. */
  take(now: number): boolean {
    const refill = Math.floor(((now - this.#refilledAt) * this.#perSecond) / 1_000)
    if (refill > 0) {
      this.#left = Math.min(this.#burst, this.#left + refill)
      this.#refilledAt = now
    }
    return --this.#left > 0
  }
}
