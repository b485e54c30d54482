import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { Reply } from './reply.ts'
import type { RequestMessage } from './request-message.ts'

/**
 * The response to a request whose socket Node's server has given away, as it does with every upgrade and CONNECT. While the answer is an ordinary one, this is
 * what that server would have done; afterwards the connection goes back to it.
 */
export class DetachedReply extends Reply {
  /** `isFollowed`: bytes that nobody can read as a request came behind this one. */
  constructor(message: RequestMessage, socket: Duplex, isFollowed: boolean) {
    super(message)
    this.shouldKeepAlive = !isFollowed && keepsAlive(message)
    this.assignSocket(socket as Socket)
    this.once('finish', () => this.detachSocket(socket as Socket))
  }
}

/** RFC 9112 section 9.3. The parser, which knows it, has gone. */
function keepsAlive({ httpVersionMinor, headers }: RequestMessage): boolean {
  // Not by a pattern with the blanks in it, which takes a second for 32 KiB of them.
  const options = (headers.connection ?? '').split(',').map(option => option.trim().toLowerCase())
  return httpVersionMinor === 0 ? options.includes('keep-alive') : !options.includes('close')
}
