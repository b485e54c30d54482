import type { Duplex } from 'node:stream'

/** What the stop of a server asks of a connection. */
export interface OpenConnection {
  readonly socket: Duplex
  /** Ends the connection: at once without a request under way, else behind the last answer. */
  stop(): void
}

/** How long a stop that was cut short waits for the delegates whose connections it has destroyed, in milliseconds. */
const abortTimeout = 1_000

/** The connections and exchanges that a stop has to wait for, and the counts that have a limit. */
export class OpenConnections {
  readonly #connections = new Set<OpenConnection>()
  readonly #hurry = new AbortController()
  #exchanges = 0
  #isStopping = false
  #whenEmpty: (() => void) | undefined
  /** Upgrade requests that nobody has accepted or answered yet. */
  pendingUpgrades = 0
  /** Upgraded connections whose delegate still runs. */
  upgraded = 0
  /** The same for streams of HTTP/2, which are no connections of their own. */
  tunnels = 0

  get isStopping(): boolean {
    return this.#isStopping
  }

  /** Open connections that speak HTTP. */
  get httpCount(): number {
    return this.#connections.size - this.upgraded
  }

  add(connection: OpenConnection): void {
    this.#connections.add(connection)
  }

  delete(connection: OpenConnection): void {
    this.#connections.delete(connection)
    this.#checkEmpty()
  }

  exchangeBegins(): void {
    this.#exchanges++
  }

  exchangeEnded(): void {
    this.#exchanges--
    this.#checkEmpty()
  }

  /**
   * Ends at once every connection without a request under way, waits for the others, and destroys what is left when the signal fires. Gives how many
   * connections were destroyed.
   */
  async stopAsync(signal?: AbortSignal): Promise<number> {
    this.#isStopping = true
    this.hurry(signal)
    for (const connection of this.#connections) connection.stop()
    if (await this.#emptyAsync(this.#hurry.signal)) return 0
    const left = this.#connections.size
    for (const connection of this.#connections) connection.socket.destroy()
    await this.#emptyAsync(AbortSignal.timeout(abortTimeout))
    return left
  }

  /** Cuts a stop short when this signal fires. */
  hurry(signal: AbortSignal | undefined): void {
    if (signal?.aborted) this.#hurry.abort()
    else signal?.addEventListener('abort', () => this.#hurry.abort(), { once: true })
  }

  /** True when nothing is left; false when the signal came first. */
  async #emptyAsync(signal: AbortSignal): Promise<boolean> {
    if (this.#isEmpty) return true
    if (signal.aborted) return false
    return new Promise(resolve => {
      const onAbort = (): void => resolve(false)
      signal.addEventListener('abort', onAbort, { once: true })
      this.#whenEmpty = () => {
        signal.removeEventListener('abort', onAbort)
        resolve(true)
      }
    })
  }

  get #isEmpty(): boolean {
    return this.#connections.size === 0 && this.#exchanges === 0
  }

  #checkEmpty(): void {
    if (this.#whenEmpty === undefined || !this.#isEmpty) return
    this.#whenEmpty()
    this.#whenEmpty = undefined
  }
}
