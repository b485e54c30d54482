import { Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { nextTick } from 'node:process'
import type { Duplex } from 'node:stream'
import { WebSocketLimits } from '../options/web-socket-limits.ts'
import { frameHeaderSize, writeFrameHeader } from '../protocol/frame-header.ts'
import { giveSlab, takeSlab } from './slab-pool.ts'
import { beginTick, tick } from './tick.ts'

/** The batches that have gathered frames in the present tick. */
const unflushed: WriteBatch[] = []
let endIsWatched = false

/** Flushes what is gathered when the tick ends. True when that tick has begun only now: nobody watched the last one, which has long been over. */
function watchEnd(): boolean {
  endIsWatched = true
  nextTick(endTick)
  const isOver = performance.now() - tick.began >= WebSocketLimits.turn
  if (isOver) beginTick()
  return isOver
}

function endTick(): void {
  endIsWatched = false
  const wasShort = performance.now() - tick.began < WebSocketLimits.turn
  tick.number++
  for (const batch of unflushed) batch.endTick(wasShort)
  unflushed.length = 0
}

/** Knows whether an answer will be followed by others. */
export interface WriteBatchOwner {
  /** More has arrived than was received. */
  readonly hasUnread: boolean
}

/**
 * Writes the frames of one socket. The first frame of a tick leaves at once. Those that follow it in the same tick are gathered and leave together when the tick ends:
 * one system call for all of them. The first one is gathered too when others are sure to follow soon: more has arrived, and last time the answers to that came quickly.
 *
 * Only sockets of `node:net` and `node:tls` get gathered frames, because their slabs are used again; another stream may hand memory on.
 */
export class WriteBatch {
  /** True while the stream holds so many bytes that it asks to wait for `drain`. */
  isBlocked = false
  /** True when this socket has written for so long in one tick that others must get their turn. */
  isTurnOver = false
  readonly #owner: WriteBatchOwner
  readonly #stream: Duplex
  readonly #gathers: boolean
  /** Frames were gathered in the last tick, and it was short. */
  #isQuick = false
  #slab: Buffer | undefined
  #used = 0
  #frames = 0
  #lastTick = 0

  constructor(owner: WriteBatchOwner, stream: Duplex) {
    this.#owner = owner
    this.#stream = stream
    this.#gathers = stream instanceof Socket
  }

  /** True when what is written is copied, so that the caller may go on using its memory. */
  copies(length: number): boolean {
    return length <= WebSocketLimits.copiedPayload || !this.#gathers
  }

  /** Writes a frame with a copy of its payload. */
  write(first: number, payload: Uint8Array): void {
    const length = payload.length
    const size = frameHeaderSize(length) + length
    const slab = this.#place(size)
    if (slab === undefined) {
      const frame = Buffer.allocUnsafe(size)
      frame.set(payload, writeFrameHeader(frame, 0, first, length))
      this.#send(frame)
      return
    }
    const at = writeFrameHeader(slab, this.#used, first, length)
    slab.set(payload, at)
    this.#placed(size)
  }

  /** Writes a frame of text. */
  writeText(first: number, text: string): void {
    const length = Buffer.byteLength(text)
    const size = frameHeaderSize(length) + length
    const slab = this.#place(size)
    if (slab === undefined) {
      const frame = Buffer.allocUnsafe(size)
      frame.write(text, writeFrameHeader(frame, 0, first, length))
      this.#send(frame)
      return
    }
    slab.write(text, writeFrameHeader(slab, this.#used, first, length))
    this.#placed(size)
  }

  /** Writes a whole frame, header included, from memory that nobody changes any more. */
  writeFrame(frame: Uint8Array): void {
    if (!this.#gathers) {
      this.#send(Buffer.from(frame))
      return
    }
    const slab = frame.length <= WebSocketLimits.copiedPayload ? this.#place(frame.length) : undefined
    if (slab === undefined) {
      this.flush()
      this.#send(frame)
      return
    }
    slab.set(frame, this.#used)
    this.#placed(frame.length)
  }

  /** Writes a frame from the caller's memory, which must not change until `written` is called. */
  writeUncopied(first: number, payload: Uint8Array, written: (error?: Error | null) => void): void {
    this.flush()
    if (this.#beginsTick()) this.isTurnOver = false
    else this.#checkTurn()
    const header = Buffer.allocUnsafe(frameHeaderSize(payload.length))
    writeFrameHeader(header, 0, first, payload.length)
    this.#stream.cork()
    this.#stream.write(header)
    this.#stream.write(payload, written)
    this.#stream.uncork()
    this.#noteBacklog()
  }

  /** Hands the gathered frames to the stream. */
  flush(): void {
    const slab = this.#slab
    if (slab === undefined) return
    const frames = slab.subarray(0, this.#used)
    this.#slab = undefined
    this.#used = 0
    this.#frames = 0
    this.#stream.write(frames, () => giveSlab(slab))
    this.#noteBacklog()
  }

  /** The tick is over. */
  endTick(wasShort: boolean): void {
    if (this.#slab === undefined) return
    this.#isQuick = wasShort
    this.flush()
  }

  /** True for the first frame of this socket in the present tick. */
  #beginsTick(): boolean {
    if (this.#lastTick === tick.number && (endIsWatched || !watchEnd())) return false
    this.#lastTick = tick.number
    return true
  }

  /** The slab in which a frame of this size goes next; undefined when the frame shall leave by itself. */
  #place(size: number): Buffer | undefined {
    if (!this.#gathers) return undefined
    const slab = this.#slab
    if (slab === undefined) {
      if (this.#beginsTick()) {
        if (!this.#isQuick || !this.#owner.hasUnread) return undefined
        if (!endIsWatched) watchEnd()
      }
      return this.#takeSlab(size)
    }
    if (this.#used + size <= slab.length) return slab
    this.flush()
    return this.#takeSlab(size)
  }

  #takeSlab(size: number): Buffer | undefined {
    if (size > WebSocketLimits.slab) return undefined
    const slab = takeSlab()
    if (slab !== undefined) unflushed.push(this)
    this.#slab = slab
    return slab
  }

  /** A handler that computes between its sends must not hold them back: now and then a look at the clock ends the gathering. */
  #placed(size: number): void {
    this.#used += size
    const frames = ++this.#frames
    if ((frames & (frames - 1)) === 0 && this.#checkTurn()) this.flush()
  }

  /** True when the tick has taken its time; it begins anew. */
  #checkTurn(): boolean {
    const now = performance.now()
    if (now - tick.began < WebSocketLimits.turn) return false
    tick.began = now
    this.#isQuick = false
    this.isTurnOver = true
    return true
  }

  #send(bytes: Uint8Array): void {
    this.#stream.write(bytes)
    this.#noteBacklog()
  }

  /** `write` also asks for `drain` when all has gone to the system at once; then there is nothing to wait for. */
  #noteBacklog(): void {
    this.isBlocked = this.#stream.writableNeedDrain && this.#stream.writableLength > 0
  }
}
