import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { NodeConnection } from './node-connection.ts'
import { Reply } from './reply.ts'
import type { RequestMessage } from './request-message.ts'

/**
 * The response to a request whose socket Node's server has given away, as it does with every upgrade and CONNECT. While the answer is an ordinary one, this is
 * what that server would have done; afterwards the connection goes back to it.
 */
export class DetachedReply extends Reply {
  readonly #socket: Duplex

  /** `head`: bytes that came behind the request. They may be the upgraded protocol's, so they are never read as a request: an ordinary answer ends the connection. */
  constructor(message: RequestMessage, socket: Duplex, head: Buffer) {
    super(message)
    this.#socket = socket
    this.shouldKeepAlive = keepsAlive(message) && head.length === 0
    if (head.length > 0) socket.unshift(head)
    socket.on('end', endConnection)
    this.assignSocket(socket as Socket)
    this.once('finish', () => this.detachSocket(socket as Socket))
  }

  override detachSocket(socket: Socket): void {
    socket.off('end', endConnection)
    super.detachSocket(socket)
  }

  /** For good: from now on nobody here writes to it. */
  giveAwaySocket(): Duplex {
    this.detachSocket(this.#socket as Socket)
    return this.#socket
  }
}

/** A peer that ends its half while it waits for the answer has left, as Node's server has it with any request. */
function endConnection(this: Duplex): void {
  NodeConnection.of(this)!.endSoon()
}

/** RFC 9112 section 9.3. The parser, which knows it, has gone. */
function keepsAlive({ httpVersionMinor, headers }: RequestMessage): boolean {
  // Not by a pattern with the blanks in it, which takes a second for 32 KiB of them.
  const options = (headers.connection ?? '').split(',').map(option => option.trim().toLowerCase())
  return httpVersionMinor === 0 ? options.includes('keep-alive') : !options.includes('close')
}
