import { markAsUntransferable } from 'node:worker_threads'
import { type FrameHeader, longestHeader, maskedBit, parseFrameHeader } from './frame-header.ts'
import { rotateKey, unmask, unmaskBytes, unmaskInPlace } from './masking.ts'
import { finalBit, Opcode } from './opcode.ts'
import { ReadAhead } from './read-ahead.ts'
import { releaseMemory } from './release-memory.ts'
import { protocolViolation } from './violation.ts'

const finalText = finalBit | Opcode.Text
const finalBinary = finalBit | Opcode.Binary
/** A message that is kept may keep so many times its length alive, with what came beside it in one chunk. */
const mostHeld = 16
/** Up to this length V8 has the bytes of an array on its own heap, as long as nobody asks for their `ArrayBuffer`; that costs less than a view. */
const heapLength = 64
/** The last chunk that messages share. */
let lastShared: Buffer | undefined
/** Headers that lie in more than one chunk are put together here, and read at once. */
const joined: Buffer = Buffer.alloc(longestHeader)
const scanned: FrameHeader = { opcode: 0, final: false, compressed: false, remaining: 0, key: 0 }

/** The frames in the read-ahead: the one in which the first unread byte lies, whose header it has as its own, and for `scan` those behind it. */
export class FrameReader extends ReadAhead implements FrameHeader {
  opcode = 0
  final = false
  compressed = false
  /** How much of the frame's payload was not taken. */
  remaining = 0
  key = 0
  /** True from a frame's header to the last byte of its payload. */
  inFrame = false
  /** The type of the current message, kept until the next one begins. */
  isText = false
  isCompressed = false
  /** Whether a scan has shown this control frame already. */
  wasAnswered = false
  /** Whether the bytes that were taken last were all ASCII. */
  tookAscii = true
  /** How many frames were taken the long way since this was set to 0. */
  frames = 0
  /** Where the payload begins that `findWhole` has found. */
  wholeAt = 0
  readonly #allowsCompression: boolean
  readonly #ownsChunks: boolean
  #inMessage = false
  /** The last chunk of which messages were handed out where they lay. */
  #shared: Buffer | undefined
  /** From the first unread byte to the first header that no scan has seen. */
  #ahead = 0

  /** `ownsChunks`: nobody else has the memory that is pushed, so that it may be written to, and freed. */
  constructor(allowsCompression = false, ownsChunks = false) {
    super()
    this.#ownsChunks = ownsChunks
    this.#allowsCompression = allowsCompression
  }

  /**
   * Moves to the next frame and tells whether its header was there; a control frame counts only when it has arrived as a whole. Throws a `Violation` when the peer
   * broke the protocol.
   */
  nextFrame(): boolean {
    const inPlace = this.chunk.length - this.at
    const size =
      inPlace >= longestHeader || inPlace === this.unread
        ? parseFrameHeader(this.chunk, this.at, inPlace, this)
        : parseFrameHeader(joined, 0, this.peek(0, joined), this)
    if (size === 0) return false
    if (this.opcode < Opcode.Close) this.#beginData()
    else if (this.unread < size + this.remaining) return false
    this.wasAnswered = this.#ahead > 0
    this.#take(size)
    this.inFrame = true
    this.frames++
    return true
  }

  #beginData(): void {
    if (this.opcode === Opcode.Continuation) {
      if (!this.#inMessage) throw protocolViolation('The peer sent a continuation frame, but no message was begun.')
      if (this.compressed) throw protocolViolation('The peer sent a continuation frame with RSV1 set.')
    } else {
      if (this.#inMessage) throw protocolViolation('The peer began a message before the last one had ended.')
      if (this.compressed && !this.#allowsCompression)
        throw protocolViolation('The peer sent a frame with RSV1 set, but no extension was agreed on.')
      this.isText = this.opcode === Opcode.Text
      this.isCompressed = this.compressed
    }
    this.#inMessage = !this.final
  }

  /**
   * The shortest way for the most frequent frame: a whole message of less than 64 KiB in the present chunk, of at most `most` bytes. Returns its length, after which it must be taken with `takeWhole` or
   * `takeWholeBytes`; or -1 for every other frame, which then goes the long way.
   */
  findWhole(most: number): number {
    const { chunk, at } = this
    const available = chunk.length - at
    if (available < 8 || this.inFrame || this.#inMessage) return -1
    const first = chunk[at]!
    if (first !== finalText && first !== finalBinary) return -1
    const form = chunk[at + 1]! - maskedBit
    const isShort = form < 126
    const length = isShort ? form : (chunk[at + 2]! << 8) | chunk[at + 3]!
    const size = isShort ? 6 : 8
    if (form < 0 || form === 127 || length > most || size + length > available) return -1
    const mask = at + size - 4
    this.key = chunk[mask]! | (chunk[mask + 1]! << 8) | (chunk[mask + 2]! << 16) | (chunk[mask + 3]! << 24)
    this.wholeAt = at + size
    this.isText = first === finalText
    this.isCompressed = false
    return length
  }

  /** Copies the message of this length that `findWhole` has found, unmasked. */
  takeWhole(target: Uint8Array, length: number): void {
    const from = this.wholeAt
    this.tookAscii = unmask(this.chunk, from, target, 0, length, this.key) === 0
    this.#take(from - this.at + length)
  }

  /**
   * Unmasks the message of this length that `findWhole` has found, where it lies if nobody else has that memory, and in `scratch` otherwise. Returns the memory in which it lies from `wholeAt` on,
   * until more is read.
   */
  unmaskWhole(scratch: Buffer, length: number): Buffer {
    const { chunk } = this
    if (!this.#ownsChunks) {
      this.takeWhole(scratch, length)
      this.wholeAt = 0
      return scratch
    }
    this.tookAscii = unmaskInPlace(chunk, this.wholeAt, length, this.key) === 0
    this.#take(this.wholeAt - this.at + length)
    return chunk
  }

  /** The message of this length that `findWhole` has found, in memory that stays: where it lies, if nobody else has that and most of it is the message's own. */
  takeWholeBytes(length: number): Buffer {
    const { chunk } = this
    const from = this.wholeAt
    let bytes: Buffer
    if (length <= heapLength) {
      bytes = Buffer.alloc(length)
      unmaskBytes(chunk, from, bytes, 0, length, this.key)
    } else if (this.#ownsChunks && chunk.length <= mostHeld * length) {
      if (chunk !== lastShared) share(chunk)
      this.#shared = chunk
      unmaskInPlace(chunk, from, length, this.key)
      bytes = chunk.subarray(from, from + length)
    } else {
      bytes = Buffer.allocUnsafe(length)
      unmask(chunk, from, bytes, 0, length, this.key)
    }
    this.#take(from - this.at + length)
    if (chunk !== this.chunk) this.#shared = undefined
    return bytes
  }

  /** Copies what has arrived of the frame's payload into `target`, unmasked, and returns how many bytes that were. Ends the frame with its last byte. */
  take(target: Uint8Array, from: number, to: number): number {
    const wanted = Math.min(to - from, this.remaining)
    let copied = 0
    let seen = 0
    while (copied < wanted && this.unread > 0) {
      const { chunk } = this
      const count = Math.min(wanted - copied, chunk.length - this.at)
      seen |= unmask(chunk, this.at, target, from + copied, count, this.key)
      this.key = rotateKey(this.key, count)
      copied += count
      this.#take(count)
      if (chunk !== this.chunk) this.#left(chunk)
    }
    this.tookAscii = seen === 0
    this.#consume(copied)
    return copied
  }

  /** Nobody reads the chunk any more, unless messages lie in it. */
  #left(chunk: Buffer): void {
    if (this.#ownsChunks && chunk !== this.#shared) releaseMemory(chunk)
    this.#shared = undefined
  }

  /** The rest of the frame, as far as it has arrived, in memory of its own. */
  takeArrived(): Buffer {
    const bytes = Buffer.allocUnsafe(Math.min(this.remaining, this.unread))
    this.take(bytes, 0, bytes.length)
    return bytes
  }

  /** Drops what has arrived of the frame's payload. */
  skip(): void {
    let dropped = 0
    while (dropped < this.remaining && this.unread > 0) {
      const count = Math.min(this.remaining - dropped, this.chunk.length - this.at)
      dropped += count
      this.#take(count)
    }
    this.#consume(dropped)
  }

  #consume(count: number): void {
    this.remaining -= count
    if (this.remaining === 0) this.inFrame = false
  }

  #take(count: number): void {
    if (this.#ahead > 0) this.#ahead = Math.max(0, this.#ahead - count)
    this.advance(count)
  }

  override clear(): void {
    super.clear()
    this.inFrame = false
  }

  /**
   * Looks at the frames behind the cursor that no scan has seen, so that control frames are answered while nobody receives. Each is shown once; `nextFrame` then says `wasAnswered`.
   * Stops at a close frame, which it shows but leaves, and at what is not complete or not valid: the receive that gets there tells. True when it stopped because it has looked at `most` frames.
   */
  scan(show: (opcode: number, payload: Buffer) => void, most: number): boolean {
    if (this.#ahead === 0 && this.inFrame) this.#ahead = this.remaining
    for (let count = 0; this.#ahead < this.unread; count++) {
      if (count === most) return true
      const size = this.#scanHeader()
      if (size === 0) return false
      const { opcode, remaining, key } = scanned
      const end = this.#ahead + size + remaining
      if (opcode >= Opcode.Close) {
        if (this.unread < end) return false
        const payload = Buffer.allocUnsafe(remaining)
        this.peek(this.#ahead + size, payload)
        unmask(payload, 0, payload, 0, remaining, key)
        show(opcode, payload)
      }
      this.#ahead = opcode === Opcode.Close ? Number.POSITIVE_INFINITY : end
    }
    return false
  }

  #scanHeader(): number {
    try {
      return parseFrameHeader(joined, 0, this.peek(this.#ahead, joined), scanned)
    } catch {
      // The receive that gets there throws it again.
      this.#ahead = Number.POSITIVE_INFINITY
      return 0
    }
  }
}

/** What is unread in memory that was transferred to another thread would be gone. */
function share(chunk: Buffer): void {
  lastShared = chunk
  markAsUntransferable(chunk.buffer)
}
