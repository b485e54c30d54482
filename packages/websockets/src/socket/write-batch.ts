import { Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { nextTick } from 'node:process'
import type { Duplex } from 'node:stream'
import { WebSocketLimits } from '../options/web-socket-limits.ts'
import { frameHeaderSize, writeFrameHeader } from '../protocol/frame-header.ts'
import { releaseMemory } from '../protocol/release-memory.ts'
import { giveSlab, takeSlab } from './slab-pool.ts'
import { beginTick, tick } from './tick.ts'

/** A character of a string takes as many bytes of UTF-8 at most. */
const bytesPerCharacter = 3
/** For longer texts room for the most that they may take would be a waste. */
const longestGuess = 1536

/** True when the size of a frame's header follows from the number of characters: they need not be counted as bytes before. */
function hasSureHeader(characters: number): boolean {
  return characters <= longestGuess && frameHeaderSize(characters) === frameHeaderSize(bytesPerCharacter * characters)
}

const aloneSize = 20 * 1024
/** Frames that leave alone are made here, if the system takes them at once: when `write` returns the memory is free again. */
let alone: Buffer | undefined

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
  /** The stream does not write at once what it gets, or hands it on: each frame needs memory of its own. */
  #keepsFrames: boolean
  #slab: Buffer | undefined
  /** How much of the slab is used; 0 without one. */
  #used = 0
  #frames = 0
  #lastTick = 0

  constructor(owner: WriteBatchOwner, stream: Duplex) {
    this.#owner = owner
    this.#stream = stream
    this.#gathers = stream instanceof Socket
    this.#keepsFrames = !this.#gathers
  }

  /** True when what is written is copied, so that the caller may go on using its memory. */
  copies(length: number): boolean {
    return length <= WebSocketLimits.copiedPayload || !this.#gathers
  }

  /** Writes a frame with a copy of its payload. */
  write(first: number, payload: Uint8Array): void {
    const { length } = payload
    const size = frameHeaderSize(length) + length
    const target = this.#roomFor(size)
    target.set(payload, writeFrameHeader(target, this.#used, first, length))
    this.#placed(target, size)
  }

  /** Writes a frame of text. */
  writeText(first: number, text: string): void {
    const characters = text.length
    const isCounted = !hasSureHeader(characters)
    const most = isCounted ? Buffer.byteLength(text) : bytesPerCharacter * characters
    const headerSize = frameHeaderSize(most)
    const target = this.#roomFor(headerSize + most)
    const length = target.write(text, this.#used + headerSize)
    writeFrameHeader(target, this.#used, first, length)
    this.#placed(target, headerSize + length)
  }

  /** Writes a whole frame, header included, from memory that nobody changes any more. */
  writeFrame(frame: Uint8Array): void {
    const size = frame.length
    if (!this.#gathers) this.#send(Buffer.from(frame))
    else if (size > WebSocketLimits.copiedPayload) {
      this.flush()
      this.#send(frame)
    } else {
      const slab = this.#place(size)
      if (slab === undefined) {
        this.#send(frame)
        return
      }
      slab.set(frame, this.#used)
      this.#placed(slab, size)
    }
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

  /** Memory with room for a frame from `#used` on, which `#placed` is told of: the slab, or some for this frame alone. */
  #roomFor(size: number): Buffer {
    const slab = this.#place(size)
    if (slab !== undefined) return slab
    if (this.#keepsFrames || size > aloneSize) return Buffer.allocUnsafe(size)
    alone ??= Buffer.allocUnsafeSlow(aloneSize)
    return alone
  }

  /**
   * A frame of this size was written behind `#used`. One that is alone leaves. A handler that computes between its sends must not hold the others back: now and then a look at the clock ends the
   * gathering.
   */
  #placed(target: Buffer, size: number): void {
    if (target !== this.#slab) {
      this.#sendAlone(target, size)
      return
    }
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

  #sendAlone(target: Buffer, size: number): void {
    this.#send(size === target.length ? target : target.subarray(0, size))
    if (this.#stream.writableLength === 0) {
      if (target !== alone && this.#gathers) releaseMemory(target)
    } else if (target === alone) {
      alone = undefined
      this.#keepsFrames = true
    }
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
