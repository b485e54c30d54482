import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { HttpUpgradeFeature } from '@windhover/core'
import { hostingErrors } from '../errors/hosting-errors.ts'
import type { DetachedReply } from './detached-reply.ts'
import { NodeConnection } from './node-connection.ts'
import type { NodeExchange } from './node-exchange.ts'
import type { Takeover } from './takeover.ts'

/** Answers for every request that does not ask for an upgrade. */
export const notUpgradable: HttpUpgradeFeature = Object.freeze({
  isUpgradableRequest: false,
  upgradeAsync: () => Promise.reject(hostingErrors.notUpgradable()),
})

/**
 * The upgrade of a request whose parser has stepped back. `upgradeAsync` sends the 101 and hands over the raw socket, without Node's listeners and without a wrapper.
 *
 * From then on the work is divided. The owner of the stream reads and writes, and it alone sees `end`: as sockets are half-open here, it answers the peer's end with its own. The
 * server keeps an `error` listener on the socket, so that no reset can end the process, and listens for `end` and `close`: a peer that ends its half, or a socket that closes, before
 * the owner has called `end()` is a loss, which fires `requestAborted`. So an owner calls `end()` for what ends well, and `destroy()` for what does not.
 */
export class NodeUpgrade implements HttpUpgradeFeature, Takeover {
  /** False for CONNECT. */
  readonly isUpgradableRequest: boolean
  readonly #connection: NodeConnection
  #reply: DetachedReply | undefined
  #exchange: NodeExchange | undefined
  #isPending = false
  #isUpgraded = false

  constructor(connection: NodeConnection, reply: DetachedReply, isUpgradableRequest: boolean) {
    this.#connection = connection
    this.#reply = reply
    this.isUpgradableRequest = isUpgradableRequest
  }

  get isUpgraded(): boolean {
    return this.#isUpgraded
  }

  /** The exchange that this upgrade belongs to enters the pipeline. */
  begin(exchange: NodeExchange): void {
    this.#exchange = exchange
    this.#isPending = true
    exchange.engine.connections.pendingUpgrades++
  }

  async upgradeAsync(): Promise<Duplex> {
    const exchange = this.#exchange!
    if (!this.isUpgradableRequest) throw hostingErrors.notUpgradable()
    if (this.#isUpgraded) throw hostingErrors.upgradedTwice()
    if (exchange.response.hasStarted) throw hostingErrors.responseStarted('upgradeAsync()')
    if (exchange.isAborted) throw hostingErrors.requestAborted()
    const { options, connections } = exchange.engine
    const limit = options.limits.maxConcurrentUpgradedConnections
    if (limit !== null && connections.upgraded + connections.tunnels >= limit) throw hostingErrors.upgradeLimitReached(limit)

    connections.upgraded++
    this.#isUpgraded = true
    try {
      const head = await exchange.response.startUpgradeAsync()
      if (exchange.isAborted) throw hostingErrors.requestAborted()
      return this.#takeSocket(exchange, head)
    } catch (error) {
      connections.upgraded--
      this.#isUpgraded = false
      throw error
    }
  }

  #takeSocket(exchange: NodeExchange, head: string): Duplex {
    this.#endPending()
    this.#connection.stopForwardingDrains()
    const socket = this.#reply!.giveAwaySocket()
    this.#reply = undefined
    exchange.release()
    prepareSocket(socket)
    socket.on('end', peerEnded)
    socket.write(head, 'latin1')
    return socket
  }

  #endPending(): void {
    if (this.#isPending) this.#exchange!.engine.connections.pendingUpgrades--
    this.#isPending = false
  }

  /** The delegate has ended, and with it the connection: what the owner left open is closed, and a peer that does not close its side gets little time. */
  end(): void {
    this.#endPending()
    if (!this.#isUpgraded) return
    const { engine, socket } = this.#connection
    engine.connections.upgraded--
    if (socket.destroyed) return
    socket.end()
    socket.removeAllListeners('data').removeAllListeners('readable').resume()
    const timer = setTimeout(() => socket.destroy(), engine.options.limits.upgradedCloseTimeout).unref()
    socket.once('close', () => clearTimeout(timer))
  }
}

function peerEnded(this: Duplex): void {
  NodeConnection.of(this)?.current?.peerEnded()
}

/** A frame must not wait for Nagle's algorithm, and silence is no reason to end a connection that was upgraded. */
function prepareSocket(socket: Duplex): void {
  if (!(socket instanceof Socket)) return
  socket.setNoDelay(true)
  socket.setTimeout(0)
  // Node's server has put its own in the place of this one, which refuses to work.
  socket.setEncoding = Socket.prototype.setEncoding
}
