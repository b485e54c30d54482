import { createPerMessageDeflate, type DeflateParameters, type PerMessageDeflate } from '../ws-exports.ts'

/** So many calls of zlib run at once in the process; more of them only fragment memory. */
const concurrencyLimit = 10

export type PooledCallback = (error: NodeJS.ErrnoException | undefined, bytes: Buffer) => void

/** Compresses a part of a message in the thread pool, in a stream of zlib that begins with what went before. It is `ws` that drives the stream; it must have been loaded. */
export class PooledDeflate {
  readonly #deflate: PerMessageDeflate
  #isClosed = false
  #isRunning = false

  constructor(parameters: DeflateParameters, history: Buffer | undefined) {
    this.#deflate = createPerMessageDeflate({
      isServer: true,
      threshold: 0,
      concurrencyLimit,
      zlibDeflateOptions: history === undefined ? {} : { dictionary: history },
    })
    this.#deflate.params = parameters
  }

  /** The memory must not change until `callback` is called, which does not happen any more after `close`. */
  compress(plain: Uint8Array, isFinal: boolean, callback: PooledCallback): void {
    this.#isRunning = true
    this.#deflate.compress(plain, isFinal, (error, bytes) => this.#ended(error, bytes, callback))
  }

  /** Frees the stream. `ws` throws outside of any handler when a stream goes while a call uses it, so a call that is under way frees it when it ends. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    if (!this.#isRunning) this.#deflate.cleanup()
  }

  #ended(error: Error | null, bytes: Buffer, callback: PooledCallback): void {
    this.#isRunning = false
    if (this.#isClosed) this.#deflate.cleanup()
    else callback(error ?? undefined, bytes)
  }
}
