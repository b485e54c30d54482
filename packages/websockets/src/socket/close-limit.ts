import { longestTimer } from './keep-alive.ts'

/** How long a connection that closes may take to end: one timer, however many have asked for it. */
export class CloseLimit {
  readonly #milliseconds: number
  readonly #expired: () => void
  #timer: NodeJS.Timeout | undefined
  /** How many have asked and not taken it back. */
  #askers = 0

  constructor(milliseconds: number, expired: () => void) {
    this.#milliseconds = Math.min(milliseconds, longestTimer)
    this.#expired = expired
  }

  begin(): void {
    this.#askers++
    this.#timer ??= setTimeout(this.#expired, this.#milliseconds)
  }

  /** A close that comes to nothing takes back its own limit only: the end of the handler may have begun another one. */
  takeBack(): void {
    if (--this.#askers === 0) this.end()
  }

  /** The peer has given a sign that it is on its way to the end. */
  refresh(): void {
    this.#timer?.refresh()
  }

  end(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
