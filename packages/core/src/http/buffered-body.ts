import type { Readable } from 'node:stream'
import { coreErrors } from '../errors/core-errors.ts'
import { readableOf, SpillBuffer } from './spill-buffer.ts'

/** How a body is kept that shall be read more than once. */
export interface BufferingOptions {
  /** How many bytes stay in memory; what is beyond goes to a temporary file. Default 30 KiB. */
  bufferThreshold?: number
  /** How many bytes are kept at all; reading more fails with an io error. Default unlimited: the server's limit of the body counts. */
  bufferLimit?: number
}

/** A body that can be read from its beginning any number of times. It is taken from its source only as far as somebody reads. */
export class BufferedBody implements AsyncDisposable {
  readonly #buffer: SpillBuffer
  readonly #limit: number
  readonly #source: Readable
  readonly #chunks: AsyncIterator<Buffer>
  #ended = false
  #advancing: Promise<void> | undefined

  constructor(source: Readable, { bufferThreshold = 30 * 1024, bufferLimit = Infinity }: BufferingOptions = {}) {
    this.#buffer = new SpillBuffer(bufferThreshold)
    this.#limit = bufferLimit
    this.#source = source
    this.#chunks = source[Symbol.asyncIterator]()
  }

  /** The body from its beginning. */
  open(): Readable {
    return readableOf(this.#pieces())
  }

  async *#pieces(): AsyncGenerator<Buffer> {
    for (let position = 0; ; ) {
      while (position === this.#buffer.length && !this.#ended) await this.#advance()
      const piece = await this.#buffer.read(position)
      if (piece.length === 0) return
      position += piece.length
      yield piece
    }
  }

  /**
   * Two readers that have both come to the end of what is kept share one step. After a failure every reader that comes to this point gets
   * its error.
   */
  #advance(): Promise<void> {
    this.#advancing ??= this.#takeChunk().then(() => {
      this.#advancing = undefined
    })
    return this.#advancing
  }

  async #takeChunk(): Promise<void> {
    const { done, value } = await this.#chunks.next()
    if (done) {
      this.#ended = true
      return
    }
    if (this.#buffer.length + value.length > this.#limit) throw coreErrors.bufferLimit(this.#limit)
    await this.#buffer.append(value)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true
    // A reader that still waits gets an error, and the server can drop the rest.
    this.#source.destroy()
    await this.#buffer[Symbol.asyncDispose]()
  }
}
