import type { Duplex } from 'node:stream'
import { hostingErrors } from '../errors/hosting-errors.ts'
import type { NodeExchange } from './node-exchange.ts'
import type { ResponseWriter } from './response-writer.ts'

/**
 * The part of a request whose connection, or stream, the application may take over. It is pending until it is taken or its delegate has ended, and is counted while the delegate
 * that has taken it runs.
 */
export abstract class Takeover {
  #exchange: NodeExchange | undefined
  #isPending = false
  #isUpgraded = false
  readonly #statusCode: 101 | 200

  constructor(statusCode: 101 | 200) {
    this.#statusCode = statusCode
  }

  /** The application has taken it, or is about to. */
  get isUpgraded(): boolean {
    return this.#isUpgraded
  }

  /** The writer of an ordinary answer, which is asked for once, and not at all when the application takes over. */
  abstract openReply(): ResponseWriter

  /** Sends the head of the answer, and gives what belongs to the application from now on. */
  protected abstract open(exchange: NodeExchange): Duplex

  /** Its delegate has ended: what the owner left open is closed. */
  protected abstract close(exchange: NodeExchange): void

  /** The exchange that this belongs to enters the pipeline. */
  begin(exchange: NodeExchange): void {
    this.#exchange = exchange
    this.#isPending = true
    exchange.engine.connections.pendingUpgrades++
  }

  /** `member` is what the application has called. */
  protected async takeAsync(member: string): Promise<Duplex> {
    const exchange = this.#exchange!
    const { response } = exchange
    if (this.#isUpgraded) throw hostingErrors.upgradedTwice()
    if (response.hasStarted) throw hostingErrors.responseStarted(member)
    if (exchange.isAborted) throw hostingErrors.requestAborted()
    const { options, connections } = exchange.engine
    const limit = options.limits.maxConcurrentUpgradedConnections
    if (limit !== null && connections.upgraded + connections.tunnels >= limit) throw hostingErrors.upgradeLimitReached(limit)

    this.#count(exchange, 1)
    this.#isUpgraded = true
    try {
      const preparing = response.prepareTakeover(this.#statusCode)
      if (preparing !== undefined) await preparing
      if (exchange.isAborted) throw hostingErrors.requestAborted()
    } catch (error) {
      this.#count(exchange, -1)
      this.#isUpgraded = false
      throw error
    }
    this.#endPending(exchange)
    response.completeTakeover()
    exchange.release()
    return this.open(exchange)
  }

  #count({ engine }: NodeExchange, change: 1 | -1): void {
    if (this.#statusCode === 101) engine.connections.upgraded += change
    else engine.connections.tunnels += change
  }

  #endPending({ engine }: NodeExchange): void {
    if (this.#isPending) engine.connections.pendingUpgrades--
    this.#isPending = false
  }

  /** The delegate has ended, and with it the connection or stream. */
  end(): void {
    const exchange = this.#exchange!
    this.#endPending(exchange)
    if (!this.#isUpgraded) return
    this.#count(exchange, -1)
    if (!exchange.connection.socket.destroyed) this.close(exchange)
  }
}

/** Ends this side and drops what still comes. A peer that does not end its own gets little time: `giveUp` is called then. */
export function endTaken(stream: Duplex, timeout: number, giveUp: () => void): void {
  stream.end()
  stream.removeAllListeners('data').removeAllListeners('readable').resume()
  const timer = setTimeout(giveUp, timeout).unref()
  stream.once('close', () => clearTimeout(timer))
}
