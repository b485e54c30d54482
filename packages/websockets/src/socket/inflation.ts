import { WebSocketLimits } from '../options/web-socket-limits.ts'
import type { MessageExpander } from '../protocol/deflate/message-expander.ts'
import type { FrameReader } from '../protocol/frame-reader.ts'
import { Opcode } from '../protocol/opcode.ts'
import type { Violation } from '../protocol/violation.ts'

const nothing = Buffer.alloc(0)
/** A small message lies here while it is expanded, with room for what the expander puts behind it; nothing stays. */
const scratch = Buffer.allocUnsafeSlow(WebSocketLimits.compressedInTurn + 16)

/** A compressed frame on its way from the read-ahead through zlib to the application. */
export class Inflation {
  /** What was expanded last; the application has taken it up to `at`. */
  output: Buffer = nothing
  at = 0
  /** zlib is at work in the thread pool. */
  isRunning = false
  readonly #reader: FrameReader
  readonly #expander: MessageExpander
  readonly #expanded: (inflation: Inflation) => void
  /** The frame is a message by itself. */
  readonly #isMessage: boolean
  /** The message is expanded at once when all of it has arrived. */
  readonly #isSmall: boolean
  /** zlib got the payload of the frame in several parts. */
  #isPart = false
  /** zlib has the whole payload of the frame. */
  #isFed = false
  #violation: Violation | undefined

  /** For the frame in which `reader` is. `expanded` is called when something comes out of the thread pool. */
  constructor(reader: FrameReader, expander: MessageExpander, expanded: (inflation: Inflation) => void) {
    this.#reader = reader
    this.#expander = expander
    this.#expanded = expanded
    this.#isMessage = reader.final && reader.opcode !== Opcode.Continuation
    this.#isSmall = this.#isMessage && reader.remaining <= WebSocketLimits.compressedInTurn
  }

  /** The application has taken all that the frame expands to. */
  get hasEnded(): boolean {
    return this.#isFed && !this.isRunning && this.at === this.output.length
  }

  /** True when the output is a message by itself. */
  get isWholeMessage(): boolean {
    return this.#isMessage && this.#isFed && !this.#isPart && this.at === 0
  }

  /** True when there is output to take or the frame has ended; else more is on its way, from zlib or from the peer. Throws a `Violation`. */
  advance(): boolean {
    const reader = this.#reader
    if (this.#violation !== undefined) throw this.#violation
    if (this.at < this.output.length || this.hasEnded) return true
    if (this.isRunning) return false
    if (this.#isSmall) return this.#expandAtOnce()
    if (reader.remaining > 0 && reader.unread === 0) return false
    this.#isPart ||= reader.unread < reader.remaining
    this.#expandInPool(reader.takeArrived())
    return false
  }

  /** A message that gets large goes on in the thread pool. */
  #expandAtOnce(): boolean {
    const reader = this.#reader
    if (reader.unread < reader.remaining) return false
    const length = reader.take(scratch, 0, reader.remaining)
    const plain = this.#expander.expand(scratch, length)
    if (plain === undefined) {
      this.#expandInPool(Buffer.from(scratch.subarray(0, length)))
      return false
    }
    this.#isFed = true
    this.output = plain
    return true
  }

  #expandInPool(bytes: Buffer): void {
    this.#isFed = !this.#reader.inFrame
    this.isRunning = true
    this.#expander.expandInPool(bytes, this.#isFed && this.#reader.final, (violation, output) => {
      this.isRunning = false
      this.#violation = violation
      if (violation === undefined) {
        this.output = output
        this.at = 0
      }
      this.#expanded(this)
    })
  }
}
