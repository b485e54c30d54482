import { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { NodeConnection } from './node-connection.ts'
import type { RequestMessage } from './request-message.ts'

/** Node's response, as the server uses it: to write heads and bodies in the order of the requests. */
export class Reply extends ServerResponse<RequestMessage> {
  /**
   * Node ends a connection, without a word in the head, when a request with `Expect: 100-continue` got its answer at once. The body comes all the same, or has come
   * already, and this server reads it or drops it.
   */
  forgetExpectation(): void {
    ;(this as { _expect_continue?: boolean })._expect_continue = false
  }

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
