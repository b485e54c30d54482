import type { Duplex } from 'node:stream'
import type { HttpExtendedConnectFeature } from '@windhover/core'
import { hostingErrors } from '../../errors/hosting-errors.ts'
import type { NodeExchange } from '../node-exchange.ts'
import type { Takeover } from '../takeover.ts'

/** Answers for every request that is no extended CONNECT. */
export const noExtendedConnect: HttpExtendedConnectFeature = Object.freeze({
  isExtendedConnect: false,
  protocol: undefined,
  acceptAsync: () => Promise.reject(hostingErrors.notExtendedConnect()),
})

/**
 * The extended CONNECT of a stream (RFC 8441). `acceptAsync` answers 200 and hands over the stream itself. Its owner ends it with `end()`, which is END_STREAM; what ends in another way resets it.
 */
export class StreamTunnel implements HttpExtendedConnectFeature, Takeover {
  readonly isExtendedConnect: boolean = true
  readonly protocol: string
  #exchange: NodeExchange | undefined
  #isPending = false
  #isUpgraded = false

  constructor(protocol: string) {
    this.protocol = protocol
  }

  get isUpgraded(): boolean {
    return this.#isUpgraded
  }

  begin(exchange: NodeExchange): void {
    this.#exchange = exchange
    this.#isPending = true
    exchange.engine.connections.pendingUpgrades++
  }

  async acceptAsync(): Promise<Duplex> {
    const exchange = this.#exchange!
    if (this.#isUpgraded) throw hostingErrors.upgradedTwice()
    if (exchange.response.hasStarted) throw hostingErrors.responseStarted('acceptAsync()')
    if (exchange.isAborted) throw hostingErrors.requestAborted()
    const { options, connections } = exchange.engine
    const limit = options.limits.maxConcurrentUpgradedConnections
    if (limit !== null && connections.upgraded + connections.tunnels >= limit) throw hostingErrors.upgradeLimitReached(limit)

    connections.tunnels++
    this.#isUpgraded = true
    try {
      await exchange.response.startTunnelAsync()
      if (exchange.isAborted) throw hostingErrors.requestAborted()
    } catch (error) {
      connections.tunnels--
      this.#isUpgraded = false
      throw error
    }
    this.#endPending()
    exchange.release()
    return exchange.connection.socket.on('end', () => exchange.peerEnded())
  }

  #endPending(): void {
    if (this.#isPending) this.#exchange!.engine.connections.pendingUpgrades--
    this.#isPending = false
  }

  /** The delegate has ended, and with it the stream: what the owner left open is closed, and a peer that does not close its side gets little time. */
  end(): void {
    this.#endPending()
    if (!this.#isUpgraded) return
    const { engine, connection, failure } = this.#exchange!
    engine.connections.tunnels--
    const stream = connection.socket
    if (stream.destroyed) return
    if (failure !== undefined && !stream.writableEnded) {
      connection.abort()
      return
    }
    stream.end()
    stream.removeAllListeners('data').removeAllListeners('readable').resume()
    const timer = setTimeout(() => connection.endSoon(), engine.options.limits.upgradedCloseTimeout).unref()
    stream.once('close', () => clearTimeout(timer))
  }
}
