import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { HttpUpgradeFeature } from '@windhover/core'
import { hostingErrors } from '../errors/hosting-errors.ts'
import type { DetachedReply } from './detached-reply.ts'
import type { NodeExchange } from './node-exchange.ts'

/** Answers for every request that does not ask for an upgrade. */
export const notUpgradable: HttpUpgradeFeature = Object.freeze({
  isUpgradableRequest: false,
  upgradeAsync: () => Promise.reject(hostingErrors.notUpgradable()),
})

/**
 * The upgrade of a request whose parser has stepped back. `upgradeAsync` sends the 101 and hands over the raw socket, without Node's listeners and without a wrapper.
 *
 * From then on the work is divided. The owner of the stream reads and writes, and it alone sees `end`: as sockets are half-open here, it answers the peer's end with its own. The
 * server keeps an `error` listener on the socket, so that no reset can end the process, and listens for `close`: a socket that closes without `end()` called on it by
 * its owner was lost, which fires `requestAborted`. So an owner calls `end()` for what ends well, and `destroy()` for what does not.
 */
export class NodeUpgrade implements HttpUpgradeFeature {
  readonly #reply: DetachedReply
  #exchange: NodeExchange | undefined
  #socket: Duplex | undefined
  #isPending = true
  #isUpgraded = false

  constructor(reply: DetachedReply) {
    this.#reply = reply
  }

  get isUpgradableRequest(): boolean {
    return this.#reply.isUpgradable
  }

  get isUpgraded(): boolean {
    return this.#isUpgraded
  }

  /** Called by the exchange that this upgrade belongs to. */
  attach(exchange: NodeExchange): void {
    this.#exchange = exchange
  }

  async upgradeAsync(): Promise<Duplex> {
    const exchange = this.#exchange!
    if (!this.isUpgradableRequest) throw hostingErrors.notUpgradable()
    if (this.#isUpgraded) throw hostingErrors.upgradedTwice()
    if (exchange.response.hasStarted) throw hostingErrors.responseStarted('upgradeAsync()')
    const { engine, connection } = exchange
    const limit = engine.options.limits.maxConcurrentUpgradedConnections
    if (limit !== null && engine.upgradedCount >= limit) throw hostingErrors.upgradeLimitReached(limit)
    engine.upgradeBegins()
    this.#isUpgraded = true
    let head: string
    try {
      head = await exchange.response.startUpgradeAsync()
      if (exchange.isAborted) throw hostingErrors.requestAborted()
    } catch (error) {
      this.#isUpgraded = false
      engine.upgradeEnded()
      throw error
    }
    connection.isUpgraded = true
    this.#settlePending()
    connection.stopForwardingDrains()
    const socket = this.#reply.detach()
    this.#socket = socket
    exchange.release()
    prepareSocket(socket)
    socket.write(head, 'latin1')
    return socket
  }

  #settlePending(): void {
    if (!this.#isPending) return
    this.#isPending = false
    this.#exchange!.engine.pendingUpgradeEnded()
  }

  /** The delegate has ended, and with it the connection: what the owner left open is closed, and a peer that does not close its side is given little time. */
  end(): void {
    this.#settlePending()
    if (!this.#isUpgraded) return
    const { engine } = this.#exchange!
    engine.upgradeEnded()
    const socket = this.#socket!
    if (socket.destroyed) return
    socket.end()
    socket.removeAllListeners('data').removeAllListeners('readable').resume()
    const timer = setTimeout(() => socket.destroy(), engine.options.limits.upgradedCloseTimeout)
    timer.unref()
    socket.once('close', () => clearTimeout(timer))
  }
}

/** A frame must not wait for Nagle's algorithm, and silence is no reason to end a connection that was upgraded. */
function prepareSocket(socket: Duplex): void {
  if (!(socket instanceof Socket)) return
  socket.setNoDelay(true)
  socket.setTimeout(0)
  // Node's server has put its own in their place, which speak of HTTP.
  socket.setEncoding = Socket.prototype.setEncoding
}
