import { constants, deflateRawSync } from 'node:zlib'
import { WebSocketLimits } from '../../options/web-socket-limits.ts'
import type { DeflateParameters } from '../ws-exports.ts'
import { History } from './history.ts'
import { PooledDeflate } from './pooled-deflate.ts'
import { flushMark } from './pooled-inflate.ts'

/** Most messages fit, and memory of this size comes from Node's pool. */
const smallestChunk = 2 * 1024

/**
 * Compresses the messages of one socket (RFC 7692), part by part and in order: small parts at once, without a living stream of zlib, whose ways to the thread pool and back take longer than the
 * compression; large ones in the thread pool.
 */
export class MessageCompressor {
  readonly #parameters: DeflateParameters
  readonly #windowBits: number
  readonly #keepsHistory: boolean
  readonly #history: History
  #pooled: PooledDeflate | undefined
  #isClosed = false

  constructor(parameters: DeflateParameters) {
    this.#parameters = parameters
    this.#windowBits = parameters.server_max_window_bits ?? constants.Z_DEFAULT_WINDOWBITS
    this.#keepsHistory = parameters.server_no_context_takeover !== true
    this.#history = new History(Math.min(WebSocketLimits.compressionHistory, 2 ** this.#windowBits))
  }

  /** Compresses a part of a message. Throws what zlib throws: it may get no memory. */
  compress(plain: Uint8Array, isFinal: boolean): Buffer {
    const dictionary = this.#history.last
    const bytes = deflateRawSync(plain, {
      windowBits: this.#windowBits,
      finishFlush: constants.Z_SYNC_FLUSH,
      chunkSize: Math.max(smallestChunk, plain.length >> 1),
      ...(dictionary === undefined ? undefined : { dictionary }),
    })
    this.#keep(plain, isFinal)
    // Every flush of zlib ends with the mark, which the last part of a message is sent without (RFC 7692 section 7.2.1).
    return isFinal ? bytes.subarray(0, bytes.length - flushMark.length) : bytes
  }

  /**
   * The same in the thread pool, one call after the other. The memory must not change until `callback` is called, which does not happen any more after `close`.
   */
  compressInPool(plain: Uint8Array, isFinal: boolean, callback: (error: Error | undefined, bytes: Buffer) => void): void {
    if (this.#isClosed) return
    const pooled = new PooledDeflate(this.#parameters, this.#history.last)
    this.#pooled = pooled
    pooled.compress(plain, isFinal, (error, bytes) => {
      this.#pooled = undefined
      pooled.close()
      if (error === undefined) this.#keep(plain, isFinal)
      callback(error, bytes)
    })
  }

  /** Frees what is in use. */
  close(): void {
    this.#isClosed = true
    this.#pooled?.close()
    this.#history.clear()
  }

  /** Without context takeover a message still refers to its own parts. */
  #keep(plain: Uint8Array, isFinal: boolean): void {
    if (this.#keepsHistory || !isFinal) this.#history.add(plain)
    else this.#history.clear()
  }
}
