import { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { NodeConnection } from './node-connection.ts'
import type { RequestMessage } from './request-message.ts'

/** Node's response, as the server uses it: to write heads and bodies in the order of the requests. */
export class Reply extends ServerResponse<RequestMessage> {
  /** Head and body in one write, where Node by itself makes two buffers of them. */
  endWith(body: string, encoding: BufferEncoding): void {
    const { socket } = this
    if (socket === null || socket.writableCorked > 0) {
      this.end(body, encoding)
      return
    }
    socket.cork()
    this.write(body, encoding)
    socket.uncork()
    this.end()
  }

  /** Node calls it when the last byte is out. */
  override detachSocket(socket: Socket): void {
    super.detachSocket(socket)
    NodeConnection.of(socket)!.responseFinished(this.req.complete)
  }
}
