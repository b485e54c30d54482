import { isAscii, isUtf8 } from 'node:buffer'
import { setImmediate } from 'node:timers'
import { type WebSocketMessage, WebSocketMessageType } from '@windhover/core'
import { type CloseInfo, parseClosePayload } from '../protocol/close-frame.ts'
import type { MessageExpander } from '../protocol/deflate/message-expander.ts'
import { FrameReader } from '../protocol/frame-reader.ts'
import { Opcode } from '../protocol/opcode.ts'
import { Utf8Validator } from '../protocol/utf8-validator.ts'
import { invalidText, tooBig } from '../protocol/violation.ts'
import { Inflation } from './inflation.ts'
import { MessageBuilder } from './message-builder.ts'
import { ReceiveResult } from './receive-result.ts'

/** Text that lies in the read-ahead as a whole is unmasked here and decoded at once; nothing stays. */
const scratch = Buffer.allocUnsafeSlow(64 * 1024)

/** So many compressed frames are expanded for nothing in one turn of the event loop. */
const droppedInTurn = 32

/** What the receiving half tells the socket that it belongs to. */
export interface FrameReceiverOwner {
  pingReceived(payload: Buffer): void
  closeReceived(close: CloseInfo): void
  /** What was expanded is there: a receive that waits can go on. */
  inflated(): void
}

/**
 * The receiving half of a socket: makes results and messages of the frames that have arrived. Its methods return undefined when more bytes are needed, and throw a `Violation` when the
 * peer broke the protocol.
 */
export class FrameReceiver {
  /** The peer's close frame; nothing that comes after it is looked at. */
  close: CloseInfo | undefined
  /** A close frame has come, though perhaps not a valid one. */
  sawClose = false
  /** A scan has found the peer's close frame behind what was received. */
  closeIsAhead = false
  readonly #owner: FrameReceiverOwner
  readonly #reader: FrameReader
  readonly #maxMessageSize: number
  readonly #expander: MessageExpander | undefined
  /** How much of the caller's buffer a receive that waits has filled. */
  #filled = 0
  /** Made for the first text that is not ASCII. */
  #utf8: Utf8Validator | undefined
  #builder: MessageBuilder | undefined
  /** The compressed frame that is being received. */
  #inflation: Inflation | undefined
  /** The beginning of the present message was dropped, so that nobody gets the rest of it. */
  #dropsMessage = false
  /** What comes is dropped, and this turn of the event loop has had its share. */
  #dropsLater = false

  constructor(owner: FrameReceiverOwner, maxMessageSize: number, expander: MessageExpander | undefined, ownsChunks: boolean) {
    this.#owner = owner
    this.#maxMessageSize = maxMessageSize
    this.#expander = expander
    this.#reader = new FrameReader(expander !== undefined, ownsChunks)
  }

  /** How many fragments and control frames were taken since the last call. */
  takeFrameCount(): number {
    const { frames } = this.#reader
    this.#reader.frames = 0
    return frames
  }

  /** How many bytes have arrived and were not looked at. */
  get unread(): number {
    return this.#reader.unread
  }

  /** Nothing is there that a receive could look at. */
  get isDry(): boolean {
    return this.#reader.unread === 0 && this.#inflation === undefined
  }

  /** Something that has arrived is on its way through zlib, or will be in the next turn of the event loop. */
  get isExpanding(): boolean {
    return this.#dropsLater || this.#inflation?.isRunning === true
  }

  push(chunk: Buffer): void {
    this.#reader.push(chunk)
  }

  /** Fills `buffer` from one frame, as `receiveAsync` does. A call that has returned undefined is repeated with the same buffer. */
  receive(buffer: Uint8Array): ReceiveResult | undefined {
    if (this.#dropsMessage && !this.#dropMessage()) return this.#closeResult()
    const reader = this.#reader
    if (this.#inflation !== undefined && this.#builder === undefined) return this.#receiveInflated(buffer)
    const size = reader.findWhole(buffer.length)
    if (size >= 0) {
      reader.takeWhole(buffer, size)
      if (!reader.isText) return new ReceiveResult(size, WebSocketMessageType.Binary, true, undefined, undefined)
      if (!reader.tookAscii) this.#checkWholeText(buffer, 0, size)
      return new ReceiveResult(size, WebSocketMessageType.Text, true, undefined, undefined)
    }
    if (this.#builder !== undefined) return this.#receiveCollected(this.#builder, buffer)
    if (!reader.inFrame && !this.#nextDataFrame()) return this.#closeResult()
    if (reader.isCompressed) return this.#receiveInflated(buffer)
    const from = this.#filled
    const to = from + reader.take(buffer, from, buffer.length)
    if (reader.isText) this.#checkText(buffer, from, to, reader.tookAscii)
    if (reader.inFrame && to < buffer.length) {
      this.#filled = to
      return undefined
    }
    this.#filled = 0
    const endOfMessage = !reader.inFrame && reader.final
    if (endOfMessage && reader.isText) this.#checkTextEnd()
    return new ReceiveResult(to, this.#messageType, endOfMessage, undefined, undefined)
  }

  /** A receive of the whole message was cancelled: what it had collected comes first, and more follows. */
  #receiveCollected(builder: MessageBuilder, buffer: Uint8Array): ReceiveResult | undefined {
    const isEmpty = builder.length === 0
    const count = builder.takeBytes(buffer)
    if (builder.length === 0) this.#builder = undefined
    return isEmpty ? this.receive(buffer) : new ReceiveResult(count, this.#messageType, false, undefined, undefined)
  }

  /** The next whole message; `null` when the peer closed. */
  receiveMessage(): WebSocketMessage | null | undefined {
    if (this.#dropsMessage && !this.#dropMessage()) return this.close === undefined ? undefined : null
    const reader = this.#reader
    if (this.#inflation === undefined) {
      const size = reader.findWhole(scratch.length)
      if (size >= 0) return this.#wholeMessage(size)
    }
    for (;;) {
      if (this.#inflation === undefined && !reader.inFrame && !this.#nextDataFrame()) return this.close === undefined ? undefined : null
      const message = reader.isCompressed ? this.#collectInflated() : this.#collect()
      if (message !== undefined || reader.inFrame || this.#inflation !== undefined) return message
    }
  }

  /** A message that lies in the present chunk as a whole. */
  #wholeMessage(size: number): WebSocketMessage {
    if (size > this.#maxMessageSize) throw tooBig(this.#maxMessageSize)
    const reader = this.#reader
    if (reader.isText) {
      const bytes = reader.unmaskWhole(scratch, size)
      const from = reader.wholeAt
      if (reader.tookAscii) return { type: 'text', data: bytes.toString('latin1', from, from + size) }
      this.#checkWholeText(bytes, from, from + size)
      return { type: 'text', data: bytes.toString('utf8', from, from + size) }
    }
    return { type: 'binary', data: reader.takeWholeBytes(size) }
  }

  /** Takes what has arrived of the frame; the message when it is complete. */
  #collect(): WebSocketMessage | undefined {
    const reader = this.#reader
    this.#builder ??= new MessageBuilder()
    const builder = this.#builder
    if (builder.length + reader.remaining > this.#maxMessageSize) throw tooBig(this.#maxMessageSize)
    builder.reserve(Math.min(reader.remaining, reader.unread), reader.remaining, reader.final)
    const from = builder.length
    builder.length += reader.take(builder.bytes, from, builder.bytes.length)
    builder.isAscii &&= reader.tookAscii
    if (reader.isText) this.#checkText(builder.bytes, from, builder.length, reader.tookAscii)
    if (reader.inFrame || !reader.final) return undefined
    this.#builder = undefined
    return this.#messageOf(builder)
  }

  #messageOf(builder: MessageBuilder): WebSocketMessage {
    if (!this.#reader.isText) return { type: 'binary', data: builder.bytes.subarray(0, builder.length) }
    this.#checkTextEnd()
    return { type: 'text', data: builder.takeText() }
  }

  #receiveInflated(buffer: Uint8Array): ReceiveResult | undefined {
    const inflation = this.#beginInflation()
    while (inflation.advance()) {
      const from = this.#filled
      const to = from + inflation.output.copy(buffer, from, inflation.at)
      inflation.at += to - from
      if (this.#reader.isText) this.#checkText(buffer, from, to, false)
      if (!inflation.hasEnded && to < buffer.length) {
        this.#filled = to
        continue
      }
      this.#filled = 0
      const endOfMessage = inflation.hasEnded && this.#reader.final
      if (inflation.hasEnded) this.#inflation = undefined
      if (endOfMessage && this.#reader.isText) this.#checkTextEnd()
      return new ReceiveResult(to, this.#messageType, endOfMessage, undefined, undefined)
    }
    return undefined
  }

  #collectInflated(): WebSocketMessage | undefined {
    const inflation = this.#beginInflation()
    while (inflation.advance()) {
      if (this.#builder === undefined && inflation.isWholeMessage) {
        this.#inflation = undefined
        return this.#expandedMessage(inflation.output)
      }
      this.#builder ??= new MessageBuilder()
      const builder = this.#builder
      const rest = inflation.output.length - inflation.at
      if (builder.length + rest > this.#maxMessageSize) throw tooBig(this.#maxMessageSize)
      builder.reserve(rest, rest, false)
      const from = builder.length
      builder.length += inflation.output.copy(builder.bytes, from, inflation.at)
      inflation.at += rest
      builder.isAscii = false
      if (this.#reader.isText) this.#checkText(builder.bytes, from, builder.length, false)
      if (!inflation.hasEnded) continue
      this.#inflation = undefined
      if (!this.#reader.final) return undefined
      this.#builder = undefined
      return this.#messageOf(builder)
    }
    return undefined
  }

  #expandedMessage(bytes: Buffer): WebSocketMessage {
    if (!this.#reader.isText) return { type: 'binary', data: bytes }
    if (isAscii(bytes)) return { type: 'text', data: bytes.toString('latin1') }
    this.#checkWholeText(bytes, 0, bytes.length)
    return { type: 'text', data: bytes.toString() }
  }

  #beginInflation(): Inflation {
    this.#inflation ??= new Inflation(this.#reader, this.#expander!, inflation => {
      if (this.#inflation === inflation) this.#owner.inflated()
    })
    return this.#inflation
  }

  /** Drops what comes, up to the peer's close frame; true when that has come. What is dropped must be valid all the same. */
  discard(): boolean {
    this.#builder = undefined
    if (this.#dropsLater) return false
    for (let inflated = 0; ; ) {
      if (!this.#dropMessage()) return this.close !== undefined
      if (this.#reader.isCompressed && ++inflated === droppedInTurn) return this.#dropLater()
    }
  }

  /** Drops the present message, or the next one; false when its end has not arrived or the peer closed. */
  #dropMessage(): boolean {
    const reader = this.#reader
    do {
      if (this.#inflation === undefined && !reader.inFrame && !this.#nextDataFrame()) return false
      this.#dropsMessage = true
      if (!(reader.isCompressed ? this.#dropInflated() : this.#drop())) return false
    } while (!reader.final)
    this.#dropsMessage = false
    if (reader.isText) this.#checkTextEnd()
    return true
  }

  #dropLater(): boolean {
    this.#dropsLater = true
    setImmediate(() => {
      if (!this.#dropsLater) return
      this.#dropsLater = false
      this.#owner.inflated()
    })
    return false
  }

  /** True at the end of the frame. */
  #drop(): boolean {
    const reader = this.#reader
    do {
      const count = reader.take(scratch, 0, scratch.length)
      if (reader.isText) this.#checkText(scratch, 0, count, reader.tookAscii)
    } while (reader.inFrame && reader.unread > 0)
    return !reader.inFrame
  }

  #dropInflated(): boolean {
    const inflation = this.#beginInflation()
    while (inflation.advance()) {
      const { output, at } = inflation
      if (this.#reader.isText) this.#checkText(output, at, output.length, false)
      inflation.at = output.length
      if (!inflation.hasEnded) continue
      this.#inflation = undefined
      return true
    }
    return false
  }

  /** A receive was cancelled: what it has taken of its frame is lost. */
  forgetReceive(): void {
    this.#filled = 0
  }

  /** Drops everything, for a connection whose end is certain. */
  clear(): void {
    this.#reader.clear()
    this.#builder = undefined
    this.#inflation = undefined
    this.#dropsMessage = false
    this.#dropsLater = false
  }

  /** Answers the pings that lie behind what was received, each of them once. True when it has looked at `most` frames and there are more. */
  scan(most: number = Number.POSITIVE_INFINITY): boolean {
    if (this.sawClose) return false
    return this.#reader.scan((opcode, payload) => {
      if (opcode === Opcode.Ping) this.#owner.pingReceived(payload)
      else if (opcode === Opcode.Close) this.closeIsAhead = true
    }, most)
  }

  /** Moves to the next data frame, past control frames; false when it has not arrived or the peer closed. */
  #nextDataFrame(): boolean {
    const reader = this.#reader
    if (this.sawClose) return false
    while (reader.nextFrame()) {
      const opcode = reader.opcode
      if (opcode < Opcode.Close) return true
      const payload = reader.takeArrived()
      if (opcode === Opcode.Ping) {
        if (!reader.wasAnswered) this.#owner.pingReceived(payload)
      } else if (opcode === Opcode.Close) {
        this.sawClose = true
        this.close = parseClosePayload(payload)
        this.#owner.closeReceived(this.close)
        return false
      }
    }
    return false
  }

  #closeResult(): ReceiveResult | undefined {
    if (this.close === undefined) return undefined
    return new ReceiveResult(0, WebSocketMessageType.Close, true, this.close.status, this.close.description)
  }

  get #messageType(): WebSocketMessageType {
    return this.#reader.isText ? WebSocketMessageType.Text : WebSocketMessageType.Binary
  }

  #checkWholeText(bytes: Uint8Array, from: number, to: number): void {
    if (!isUtf8(bytes.subarray(from, to))) throw invalidText()
  }

  #checkText(bytes: Uint8Array, from: number, to: number, isAscii: boolean): void {
    if (isAscii && (this.#utf8 === undefined || this.#utf8.isComplete)) return
    this.#utf8 ??= new Utf8Validator()
    if (!this.#utf8.accept(bytes, from, to)) throw invalidText()
  }

  #checkTextEnd(): void {
    if (this.#utf8 !== undefined && !this.#utf8.isComplete) throw invalidText()
  }
}
