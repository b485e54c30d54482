import { Writable } from 'node:stream'
import type { NodeResponse } from './node-response.ts'

/**
 * The body of a response as a stream of Node. Its end completes the response. Destroying it, as `pipeline` does when its source fails, leaves the response to the delegate:
 * the error that `pipeline` throws decides the answer.
 */
export class ResponseStream extends Writable {
  readonly #response: NodeResponse

  constructor(response: NodeResponse) {
    super({ decodeStrings: false })
    this.#response = response
  }

  override _write(chunk: string | Uint8Array, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const data = typeof chunk === 'string' && encoding !== 'utf8' && encoding !== 'utf-8' ? Buffer.from(chunk, encoding) : chunk
    this.#response.writeAsync(data).then(() => done(), done)
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#response.completeAsync().then(() => done(), done)
  }
}
