import { WebSocketLimits } from '../options/web-socket-limits.ts'
import { FrameHeader, longestHeader, maskedBit, parseFrameHeader } from './frame-header.ts'
import { rotateKey, unmask } from './masking.ts'
import { finalBit, Opcode } from './opcode.ts'
import { protocolViolation } from './violation.ts'

const finalText = finalBit | Opcode.Text
const finalBinary = finalBit | Opcode.Binary
const nothing: Buffer = Buffer.alloc(0)
/** Headers that lie in more than one chunk are put together here; it is read at once. */
const joined = Buffer.alloc(longestHeader)
const scanned = new FrameHeader()

/**
 * The bytes that have arrived and were not taken, and the frame in which the next one lies. Frames are read from the chunks in place; only a header that lies in two chunks, and chunks
 * that are small and unread, are copied.
 */
export class FrameReader {
  /** How many bytes have arrived and were not taken. */
  unread = 0
  /** The type of the current message, kept until the next one begins. */
  isText = false
  isCompressed = false
  /** True from a frame's header to the last byte of its payload. */
  inFrame = false
  /** Whether a scan has shown this control frame already. */
  wasAnswered = false
  /** How much of the frame's payload was not taken. */
  remaining = 0
  /** Whether the bytes that `take` has copied last were all ASCII. */
  tookAscii = true

  readonly #header: FrameHeader = new FrameHeader()
  readonly #allowsCompression: boolean
  #inMessage = false
  #chunk: Buffer = nothing
  #at = 0
  #more: Buffer[] | undefined
  /** Small chunks, behind all others. */
  #gathered: Buffer | undefined
  #gatheredLength = 0
  /** From the first unread byte to the first header that `scan` has not seen. */
  #ahead = 0

  constructor(allowsCompression = false) {
    this.#allowsCompression = allowsCompression
  }

  get opcode(): number {
    return this.#header.opcode
  }

  /** Whether the current frame ends its message. */
  get isFinal(): boolean {
    return this.#header.final
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return
    this.unread += chunk.length
    if (this.#chunk.length === 0) this.#chunk = chunk
    else if (chunk.length < WebSocketLimits.gatheredChunk) this.#gather(chunk)
    else {
      this.#flushGathered()
      this.#more ??= []
      this.#more.push(chunk)
    }
  }

  /**
   * Moves to the next frame and tells whether its header was there; a control frame counts only when it has arrived as a whole. Throws a `Violation` when the peer
   * broke the protocol.
   */
  nextFrame(): boolean {
    const header = this.#header
    const inPlace = this.#chunk.length - this.#at
    const size =
      inPlace >= longestHeader || inPlace === this.unread
        ? parseFrameHeader(this.#chunk, this.#at, inPlace, header)
        : parseFrameHeader(joined, 0, this.#peek(0), header)
    if (size === 0) return false
    if (header.opcode < Opcode.Close) this.#beginData(header)
    else if (this.unread < size + header.length) return false
    this.wasAnswered = this.#ahead > 0
    this.#advance(size)
    this.inFrame = true
    this.remaining = header.length
    return true
  }

  #beginData({ opcode, final, compressed }: FrameHeader): void {
    if (opcode === Opcode.Continuation) {
      if (!this.#inMessage) throw protocolViolation('The peer sent a continuation frame, but no message was begun.')
      if (compressed) throw protocolViolation('The peer sent a continuation frame with RSV1 set.')
    } else {
      if (this.#inMessage) throw protocolViolation('The peer began a message before the last one had ended.')
      if (compressed && !this.#allowsCompression)
        throw protocolViolation('The peer sent a frame with RSV1 set, but no extension was agreed on.')
      this.isText = opcode === Opcode.Text
      this.isCompressed = compressed
    }
    this.#inMessage = !final
  }

  /**
   * The shortest way for the most frequent frame: a whole message of less than 64 KiB in the current chunk that fits into `target`. Returns its length, or -1 for every other frame, which then
   * goes the long way.
   */
  takeMessage(target: Uint8Array): number {
    const chunk = this.#chunk
    const at = this.#at
    const available = chunk.length - at
    if (available < 8 || this.inFrame || this.#inMessage) return -1
    const first = chunk[at]!
    if (first !== finalText && first !== finalBinary) return -1
    const form = chunk[at + 1]! - maskedBit
    const isShort = form < 126
    const length = isShort ? form : (chunk[at + 2]! << 8) | chunk[at + 3]!
    const size = isShort ? 6 : 8
    if (form < 0 || form === 127 || length > target.length || size + length > available) return -1
    const mask = at + size - 4
    const key = chunk[mask]! | (chunk[mask + 1]! << 8) | (chunk[mask + 2]! << 16) | (chunk[mask + 3]! << 24)
    this.isText = first === finalText
    this.isCompressed = false
    this.tookAscii = unmask(chunk, at + size, target, 0, length, key) === 0
    this.#advance(size + length)
    return length
  }

  /** Copies what has arrived of the frame's payload into `target`, unmasked, and returns how many bytes that were. Ends the frame with its last byte. */
  take(target: Uint8Array, from: number, to: number): number {
    const wanted = Math.min(to - from, this.remaining)
    let copied = 0
    let seen = 0
    while (copied < wanted && this.unread > 0) {
      const count = Math.min(wanted - copied, this.#chunk.length - this.#at)
      seen |= unmask(this.#chunk, this.#at, target, from + copied, count, this.#header.key)
      this.#header.key = rotateKey(this.#header.key, count)
      copied += count
      this.#advance(count)
    }
    this.tookAscii = seen === 0
    this.remaining -= copied
    if (this.remaining === 0) this.inFrame = false
    return copied
  }

  /** The rest of the frame, as far as it has arrived, in memory of its own. */
  takeArrived(): Buffer {
    const bytes = Buffer.allocUnsafe(Math.min(this.remaining, this.unread))
    this.take(bytes, 0, bytes.length)
    return bytes
  }

  /** Drops what has arrived of the frame's payload. */
  skip(): void {
    while (this.remaining > 0 && this.unread > 0) {
      const count = Math.min(this.remaining, this.#chunk.length - this.#at)
      this.remaining -= count
      this.#advance(count)
    }
    if (this.remaining === 0) this.inFrame = false
  }

  /** Drops everything. */
  clear(): void {
    this.unread = 0
    this.inFrame = false
    this.#chunk = nothing
    this.#at = 0
    this.#more = undefined
    this.#gathered = undefined
    this.#gatheredLength = 0
  }

  /**
   * Looks at the frames behind the cursor that no scan has seen, so that control frames are answered while nobody receives. Each is shown once; `nextFrame` then says `wasAnswered`.
   * Stops at a close frame, which it shows but leaves, and at what is not complete or not valid: the receive that gets there tells.
   */
  scan(show: (opcode: number, payload: Buffer) => void): void {
    if (this.#ahead === 0 && this.inFrame) this.#ahead = this.remaining
    while (this.#ahead < this.unread) {
      const size = this.#scanHeader()
      const { opcode, length, key } = scanned
      if (size === 0) return
      if (opcode >= Opcode.Close) {
        if (this.unread < this.#ahead + size + length) return
        const payload = Buffer.allocUnsafe(length)
        this.#copy(this.#ahead + size, payload)
        unmask(payload, 0, payload, 0, length, key)
        if (opcode === Opcode.Close) this.#ahead = Infinity
        else this.#ahead += size + length
        show(opcode, payload)
      } else this.#ahead += size + length
    }
  }

  #scanHeader(): number {
    try {
      return parseFrameHeader(joined, 0, this.#peek(this.#ahead), scanned)
    } catch {
      // The receive that gets there throws it again.
      this.#ahead = Infinity
      return 0
    }
  }

  #advance(count: number): void {
    this.unread -= count
    if (this.#ahead > 0) this.#ahead = Math.max(0, this.#ahead - count)
    let at = this.#at + count
    // A header may reach over several chunks.
    while (at >= this.#chunk.length && this.#chunk.length > 0) {
      at -= this.#chunk.length
      this.#nextChunk()
    }
    this.#at = at
  }

  #nextChunk(): void {
    const next = this.#more?.shift()
    if (next !== undefined) this.#chunk = next
    else if (this.#gatheredLength > 0) {
      this.#chunk = this.#gathered!.subarray(0, this.#gatheredLength)
      this.#gathered = undefined
      this.#gatheredLength = 0
    } else this.#chunk = nothing
  }

  #gather(chunk: Buffer): void {
    const length = this.#gatheredLength + chunk.length
    if (this.#gathered === undefined || this.#gathered.length < length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(1024, 2 * length))
      this.#gathered?.copy(larger, 0, 0, this.#gatheredLength)
      this.#gathered = larger
    }
    chunk.copy(this.#gathered, this.#gatheredLength)
    this.#gatheredLength = length
  }

  #flushGathered(): void {
    if (this.#gatheredLength === 0) return
    this.#more ??= []
    this.#more.push(this.#gathered!.subarray(0, this.#gatheredLength))
    this.#gathered = undefined
    this.#gatheredLength = 0
  }

  /** Copies up to a header's worth of unread bytes, from `offset` on, to `joined`. */
  #peek(offset: number): number {
    return this.#copy(offset, joined)
  }

  #copy(offset: number, target: Buffer): number {
    let copied = 0
    let skipped = offset
    const copyFrom = (chunk: Buffer, from: number, to: number): void => {
      const start = Math.min(to, from + skipped)
      skipped -= start - from
      copied += chunk.copy(target, copied, start, to)
    }
    copyFrom(this.#chunk, this.#at, this.#chunk.length)
    for (const chunk of this.#more ?? []) copyFrom(chunk, 0, chunk.length)
    if (this.#gathered !== undefined) copyFrom(this.#gathered, 0, this.#gatheredLength)
    return copied
  }
}
