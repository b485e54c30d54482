import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { HeaderDictionary, HttpUpgradeFeature } from '@windhover/core'
import { hostingErrors } from '../errors/hosting-errors.ts'
import { DetachedReply } from './detached-reply.ts'
import { httpDate } from './http-date.ts'
import { NodeConnection } from './node-connection.ts'
import type { NodeExchange } from './node-exchange.ts'
import type { RequestMessage } from './request-message.ts'
import { endTaken, Takeover } from './takeover.ts'

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
export class NodeUpgrade extends Takeover implements HttpUpgradeFeature {
  /** False for CONNECT. */
  readonly isUpgradableRequest: boolean
  readonly #connection: NodeConnection
  #message: RequestMessage | undefined
  readonly #isFollowed: boolean

  /** `head`: bytes that came behind the request. They may be the upgraded protocol's, so they are never read as a request: an ordinary answer ends the connection. */
  constructor(connection: NodeConnection, message: RequestMessage, head: Buffer) {
    super(101)
    this.#connection = connection
    this.#message = message
    this.#isFollowed = head.length > 0
    this.isUpgradableRequest = message.method !== 'CONNECT'
    if (head.length > 0) connection.socket.unshift(head)
    connection.socket.on('end', peerEnded)
  }

  openReply(): DetachedReply {
    this.#connection.forwardDrains()
    const reply = new DetachedReply(this.#message!, this.#connection.socket, this.#isFollowed)
    reply.once('finish', () => {
      this.#connection.socket.off('end', peerEnded)
      this.#connection.detachedFinished(reply.shouldKeepAlive)
    })
    return reply
  }

  upgradeAsync(): Promise<Duplex> {
    return this.isUpgradableRequest ? this.takeAsync('upgradeAsync()') : Promise.reject(hostingErrors.notUpgradable())
  }

  protected open({ response }: NodeExchange): Duplex {
    const { socket } = this.#connection
    this.#connection.stopForwardingDrains()
    this.#connection.responseFinished(this.#message!.complete)
    this.#message = undefined
    prepareSocket(socket)
    socket.write(headOf(response.reasonPhrase ?? 'Switching Protocols', response.headers), 'latin1')
    response.headers.compact()
    return socket
  }

  protected close(): void {
    const { engine, socket } = this.#connection
    endTaken(socket, engine.options.limits.upgradedCloseTimeout, () => socket.destroy())
  }
}

/** One listener for every upgrade. A peer that ends its half while it waits for the answer has left, as Node's server has it with any request. */
function peerEnded(this: Duplex): void {
  const connection = NodeConnection.of(this)!
  const { current } = connection
  if (current?.upgrade?.isUpgraded && current.response.isComplete) current.peerEnded()
  else connection.endSoon()
}

/** Head of a 101: from here on the connection belongs to the application. */
function headOf(reasonPhrase: string, { rawHeaders }: HeaderDictionary): string {
  let text = `HTTP/1.1 101 ${reasonPhrase}\r\n`
  let hasDate = false
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!
    if (name.length === 4 && name.toLowerCase() === 'date') hasDate = true
    text += `${name}: ${rawHeaders[i + 1]}\r\n`
  }
  return hasDate ? `${text}\r\n` : `${text}Date: ${httpDate()}\r\n\r\n`
}

/** A frame must not wait for Nagle's algorithm, and silence is no reason to end a connection that was upgraded. */
function prepareSocket(socket: Duplex): void {
  if (!(socket instanceof Socket)) return
  socket.setNoDelay(true)
  socket.setTimeout(0)
  // Node's server has put its own in the place of this one, which refuses to work.
  socket.setEncoding = Socket.prototype.setEncoding
}
