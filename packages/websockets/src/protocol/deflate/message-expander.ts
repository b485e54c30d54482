import { constants, type InflateRaw, inflateRawSync, type ZlibOptions } from 'node:zlib'
import { WebSocketCloseStatus } from '@windhover/core'
import { WebSocketLimits } from '../../options/web-socket-limits.ts'
import { Violation } from '../violation.ts'
import type { DeflateParameters } from '../ws-exports.ts'
import { History } from './history.ts'
import { flushMark, mostFinalBlocks, PooledInflate, tooManyFinalBlocks } from './pooled-inflate.ts'

/** A message seldom expands to more than so many times its size. */
const usualRatio = 4
const smallestChunk = 2 * 1024

/** With `info` zlib returns its engine as well, which knows how much it has read; the types of Node lack that. */
const inflate = inflateRawSync as unknown as (bytes: Uint8Array, options: ZlibOptions) => { buffer: Buffer; engine: InflateRaw }

/** Expands the messages of one socket (RFC 7692): those that come whole and are small at once, the others part by part in the thread pool. */
export class MessageExpander {
  readonly #windowBits: number
  readonly #history: History | undefined
  readonly #maxMessageSize: number
  /** The message that is expanded in the thread pool. */
  #pooled: PooledInflate | undefined
  #isClosed = false

  constructor(parameters: DeflateParameters, maxMessageSize: number) {
    this.#windowBits = parameters.client_max_window_bits ?? constants.Z_DEFAULT_WINDOWBITS
    this.#history = parameters.client_no_context_takeover ? undefined : new History(2 ** this.#windowBits)
    this.#maxMessageSize = maxMessageSize
  }

  /**
   * Expands a whole message at once. It lies in the first `length` bytes of `memory`, which must have room for four more. Undefined when it gets so large that the event loop must not
   * wait for it. Throws a `Violation`: 1007 for what cannot be expanded, 1009 for a message that grows beyond its limit.
   */
  expand(memory: Buffer, length: number): Buffer | undefined {
    memory.set(flushMark, length)
    const most = Math.min(WebSocketLimits.expandedInTurn, this.#maxMessageSize)
    const plain = this.#expandUpTo(most, memory.subarray(0, length + flushMark.length))
    if (plain === undefined && most === this.#maxMessageSize) throw this.#tooBig()
    if (plain !== undefined) this.#history?.add(plain)
    return plain
  }

  #expandUpTo(most: number, bytes: Buffer): Buffer | undefined {
    try {
      const { buffer, engine } = this.#inflate(bytes, this.#history?.last, most)
      return engine.bytesWritten === bytes.length ? buffer : this.#expandBlocks(buffer, bytes.subarray(engine.bytesWritten), most)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return undefined
      throw this.#invalid((error as Error).message)
    }
  }

  /** Behind a final block zlib begins anew, but the window goes on. */
  #expandBlocks(first: Buffer, bytes: Buffer, most: number): Buffer | undefined {
    let plain = first
    let rest = bytes
    for (let blocks = 1; rest.length > 0; blocks++) {
      if (blocks === mostFinalBlocks) throw tooManyFinalBlocks()
      const window = Buffer.concat([this.#history?.last ?? plain.subarray(0, 0), plain])
      const { buffer, engine } = this.#inflate(rest, window, most)
      plain = Buffer.concat([plain, buffer])
      if (plain.length > most) return undefined
      rest = rest.subarray(engine.bytesWritten)
    }
    return plain
  }

  #inflate(bytes: Uint8Array, dictionary: Buffer | undefined, maxOutputLength: number): { buffer: Buffer; engine: InflateRaw } {
    return inflate(bytes, {
      windowBits: this.#windowBits,
      finishFlush: constants.Z_SYNC_FLUSH,
      chunkSize: Math.max(smallestChunk, usualRatio * bytes.length),
      maxOutputLength,
      info: true,
      ...(dictionary === undefined || dictionary.length === 0 ? undefined : { dictionary }),
    })
  }

  /** Expands a part of a message in the thread pool. What comes out may be a `Violation`. `callback` is not called any more after `close`. */
  expandInPool(bytes: Uint8Array, isFinal: boolean, callback: (violation: Violation | undefined, plain: Buffer) => void): void {
    if (this.#isClosed) return
    this.#pooled ??= new PooledInflate(this.#windowBits, this.#history ?? new History(2 ** this.#windowBits), this.#maxMessageSize)
    this.#pooled.expand(bytes, isFinal, (failure, plain) => {
      if (isFinal) this.#endPooled()
      if (failure === undefined) callback(undefined, plain)
      else callback(failure === 'too big' ? this.#tooBig() : this.#invalid(failure.message), plain)
    })
  }

  #endPooled(): void {
    this.#pooled?.close()
    this.#pooled = undefined
  }

  /** Frees what is in use. */
  close(): void {
    this.#isClosed = true
    this.#endPooled()
    this.#history?.clear()
  }

  #invalid(reason: string): Violation {
    return new Violation(WebSocketCloseStatus.InvalidPayloadData, `The peer sent compressed data that cannot be expanded: ${reason}.`)
  }

  #tooBig(): Violation {
    return new Violation(
      WebSocketCloseStatus.MessageTooBig,
      `The peer sent a compressed message that expands to more than ${this.#maxMessageSize} bytes (maxMessageSize).`,
    )
  }
}
