import type { Duplex } from 'node:stream'
import { setImmediate } from 'node:timers'
import { PreparedWebSocketMessage, type WebSocketSendData } from '@windhover/core'
import { webSocketsErrors } from '../errors/web-sockets-errors.ts'
import { WebSocketLimits } from '../options/web-socket-limits.ts'
import type { MessageCompressor } from '../protocol/deflate/message-compressor.ts'
import { compressedBit, finalBit, Opcode } from '../protocol/opcode.ts'
import { unwatch, watch } from './cancellation.ts'
import { countCompression, mayCompress, whenMayCompress } from './compression-turn.ts'
import { Deferred, markHandled, rejected } from './deferred.ts'
import { QueuedFrame, WrittenFrame } from './outgoing-frames.ts'
import { WriteBatch, type WriteBatchOwner } from './write-batch.ts'

const done: Promise<void> = Promise.resolve()
const noPayload = new Uint8Array(0)

/** What the sending half needs to know of the socket that it belongs to. */
export interface FrameSenderOwner extends WriteBatchOwner {
  /** The error for a frame that must not be sent any more when its turn comes. */
  sendRefusal(): Error | undefined
  /** The close frame is on its way. */
  closeWritten(): void
  /** An operation was cancelled whose bytes are on their way: the stream of frames is broken. */
  abort(): void
}

/**
 * The sending half of a socket: makes frames of messages and writes them in the order of the calls. Most of them are written in the call itself; they queue while the stream asks to wait,
 * and behind a message that is being compressed in the thread pool or waits until others have had their turn to compress.
 */
export class FrameSender {
  readonly #owner: FrameSenderOwner
  readonly #stream: Duplex
  readonly #batch: WriteBatch
  readonly #compressor: MessageCompressor | undefined
  /** A message was begun and not ended. */
  #inMessage = false
  /** `disableCompression` of the message that the application is sending in fragments. */
  #fragmentsUncompressed: boolean | undefined
  /** The frame whose payload the thread pool works on; its callback does not come any more once the socket is dead. */
  #deflating: QueuedFrame | undefined
  /** The first frame in the queue waits for a turn to be compressed. */
  #waitsForTurn = false
  #first: QueuedFrame | undefined
  #last: QueuedFrame | undefined
  /** What was written while the stream asked to wait: one promise for all. */
  #drain: Deferred<void> | undefined
  /** What was written from memory of the application, or with a signal. */
  #written: Set<Deferred<void>> | undefined
  /** The payload of the last ping that could not be answered yet; the answers before it are not owed any more (RFC 6455 section 5.5.3). */
  #owedPong: Uint8Array | undefined

  constructor(owner: FrameSenderOwner, stream: Duplex, compressor: MessageCompressor | undefined) {
    this.#owner = owner
    this.#stream = stream
    this.#batch = new WriteBatch(owner, stream)
    this.#compressor = compressor
  }

  /** True while something that was sent is not on its way yet, or the peer does not take it. */
  get isBusy(): boolean {
    return this.#first !== undefined || this.#deflating !== undefined || this.#batch.isBlocked
  }

  /** True while a promise of this half waits. */
  get isAwaited(): boolean {
    return this.#first !== undefined || this.#deflating !== undefined || this.#drain !== undefined || (this.#written?.size ?? 0) > 0
  }

  /**
   * Sends one frame. Throws an argument error when the fragments of a message differ in `disableCompression`.
   */
  send(
    isText: boolean,
    data: WebSocketSendData,
    endOfMessage: boolean,
    disableCompression: boolean,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    if (this.#fragmentsUncompressed !== undefined && this.#fragmentsUncompressed !== disableCompression)
      throw webSocketsErrors.compressionOfFragment()
    this.#fragmentsUncompressed = endOfMessage ? undefined : disableCompression
    const isCompressed = this.#compressor !== undefined && !disableCompression
    if (this.isBusy) return this.#enqueue(new QueuedFrame(false, isText, data, endOfMessage, isCompressed, signal))
    return isCompressed ? this.#writeCompressed(isText, data, endOfMessage, signal) : this.#write(isText, data, endOfMessage, signal)
  }

  /** Sends the close frame behind all that was sent before. */
  sendClose(payload: Buffer, signal: AbortSignal | undefined): Promise<void> {
    if (this.isBusy) return this.#enqueue(new QueuedFrame(true, false, payload, true, false, signal))
    this.#writeClose(payload)
    return done
  }

  /** Sends the close frame now and gives up what waits: the connection fails. */
  sendLastClose(payload: Buffer, error: Error): void {
    this.fail(error)
    this.#writeClose(payload)
  }

  ping(payload: Uint8Array): void {
    this.#batch.write(finalBit | Opcode.Ping, payload)
  }

  pong(payload: Uint8Array): void {
    if (this.#batch.isBlocked) this.#owedPong = payload
    else this.#batch.write(finalBit | Opcode.Pong, payload)
  }

  /** A pong that answers nothing. A peer that does not read has no use for it, and it must not take the place of an answer that is owed. */
  signOfLife(): void {
    if (!this.#batch.isBlocked) this.#batch.write(finalBit | Opcode.Pong, noPayload)
  }

  /** The stream takes more. */
  drained(): void {
    this.#batch.isBlocked = false
    this.#drain?.resolve()
    this.#drain = undefined
    const pong = this.#owedPong
    if (pong !== undefined) {
      this.#owedPong = undefined
      this.pong(pong)
    }
    this.#pump()
  }

  /** Ends our half of the connection behind all that was written. */
  end(): void {
    this.#owedPong = undefined
    this.#batch.flush()
    this.#stream.end()
  }

  /**
   * Settles everything that waits although it is going to be sent: the application is done. What still queues is copied, so that its memory is free.
   */
  detach(error: Error): void {
    this.#drain?.resolve()
    this.#drain = undefined
    for (const frame of this.#takeWritten()) frame.reject(error)
    for (let queued = this.#first; queued !== undefined; queued = queued.next) queued.detach(error)
  }

  #takeWritten(): Iterable<Deferred<void>> {
    const written = this.#written ?? []
    this.#written = undefined
    return written
  }

  /** Settles everything that waits, and sends nothing of it. */
  fail(error: Error): void {
    this.#owedPong = undefined
    const drain = this.#drain
    this.#drain = undefined
    drain?.reject(error)
    for (const frame of this.#takeWritten()) frame.reject(error)
    this.#deflating?.reject(error)
    this.#deflating = undefined
    let queued = this.#first
    this.#first = this.#last = undefined
    for (; queued !== undefined; queued = queued.next) {
      if (queued.signal !== undefined) unwatch(queued.signal, queued)
      queued.reject(error)
    }
  }

  #write(isText: boolean, data: WebSocketSendData, endOfMessage: boolean, signal: AbortSignal | undefined): Promise<void> {
    const first = this.#firstByte(isText, endOfMessage)
    const batch = this.#batch
    if (data instanceof Uint8Array) {
      if (!batch.copies(data.length)) return this.#writeUncopied(first, data, signal)
      batch.write(first, data)
    } else if (typeof data === 'string') batch.writeText(first, data)
    else if (first === data.frame[0]) batch.writeFrame(data.frame)
    else batch.write(first, data.payload)
    if (batch.isBlocked) return this.#whenDrained(signal)
    return batch.isTurnOver ? nextTurn(batch) : done
  }

  #writeCompressed(isText: boolean, data: WebSocketSendData, endOfMessage: boolean, signal: AbortSignal | undefined): Promise<void> {
    const plain = plainBytes(data)
    if (!isSmall(plain) || !mayCompress()) return this.#enqueue(new QueuedFrame(false, isText, plain, endOfMessage, true, signal))
    const compressor = this.#compressor!
    try {
      const bytes = countCompression(() => compressor.compress(plain, endOfMessage))
      return this.#writeCompressedBytes(isText, bytes, endOfMessage, signal)
    } catch (error) {
      return rejected(error)
    }
  }

  #writeCompressedBytes(isText: boolean, bytes: Uint8Array, endOfMessage: boolean, signal: AbortSignal | undefined): Promise<void> {
    const isFirst = !this.#inMessage
    const first = this.#firstByte(isText, endOfMessage)
    const batch = this.#batch
    batch.write(isFirst ? first | compressedBit : first, bytes)
    if (batch.isBlocked) return this.#whenDrained(signal)
    return batch.isTurnOver ? nextTurn(batch) : done
  }

  #firstByte(isText: boolean, endOfMessage: boolean): number {
    const opcode = this.#inMessage ? Opcode.Continuation : isText ? Opcode.Text : Opcode.Binary
    this.#inMessage = !endOfMessage
    return endOfMessage ? finalBit | opcode : opcode
  }

  #writeUncopied(first: number, data: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
    const frame = this.#track(signal)
    this.#batch.writeUncopied(first, data, error => {
      // Node also calls back without an error when the stream was destroyed under the write.
      if (error || this.#stream.destroyed) frame.reject(webSocketsErrors.closedPrematurely(error ?? undefined))
      else if (this.#batch.isTurnOver) frame.resolve(nextTurn(this.#batch))
      else frame.resolve()
    })
    return frame.promise
  }

  #whenDrained(signal: AbortSignal | undefined): Promise<void> {
    this.#drain ??= new Deferred()
    if (signal === undefined) return this.#drain.promise
    const frame = this.#track(signal)
    this.#drain.promise.then(frame.resolve, () => {})
    return frame.promise
  }

  /** A promise of its own for a frame on its way, settled when the socket dies. */
  #track(signal: AbortSignal | undefined): WrittenFrame {
    const frame = new WrittenFrame(this.#owner)
    this.#written ??= new Set()
    const written = this.#written
    written.add(frame)
    if (signal !== undefined) watch(signal, frame)
    const forget = (): void => {
      written.delete(frame)
      if (signal !== undefined) unwatch(signal, frame)
    }
    frame.promise.then(forget, forget)
    return frame
  }

  #writeClose(payload: Buffer): void {
    this.#batch.write(finalBit | Opcode.Close, payload)
    this.#owner.closeWritten()
  }

  #enqueue(frame: QueuedFrame): Promise<void> {
    if (this.#last === undefined) this.#first = frame
    else this.#last.next = frame
    this.#last = frame
    this.#pump()
    return frame.promise
  }

  #pump(): void {
    while (this.#first !== undefined && this.#deflating === undefined && !this.#batch.isBlocked && !this.#waitsForTurn) {
      const frame = this.#first
      if (frame.isCompressed && !mayCompress()) {
        this.#waitForTurn()
        return
      }
      this.#first = frame.next
      if (this.#first === undefined) this.#last = undefined
      if (frame.signal !== undefined) unwatch(frame.signal, frame)
      if (!frame.isCanceled) this.#writeQueued(frame)
    }
  }

  #waitForTurn(): void {
    this.#waitsForTurn = true
    whenMayCompress(() => {
      this.#waitsForTurn = false
      this.#pump()
    })
  }

  #writeQueued(frame: QueuedFrame): void {
    const { isText, data, endOfMessage, signal } = frame
    const refusal = this.#owner.sendRefusal()
    if (refusal !== undefined) {
      if (frame.isClose) frame.resolve()
      else frame.reject(refusal)
    } else if (frame.isClose) {
      this.#writeClose(data as Buffer)
      frame.resolve()
    } else if (!frame.isCompressed) settle(frame, this.#write(isText, data, endOfMessage, signal))
    else {
      const plain = plainBytes(data)
      if (isSmall(plain)) settle(frame, this.#writeCompressed(isText, plain, endOfMessage, signal))
      else this.#deflate(frame, plain)
    }
  }

  #deflate(frame: QueuedFrame, plain: Uint8Array): void {
    this.#deflating = frame
    this.#compressor!.compressInPool(plain, frame.endOfMessage, (error, bytes) => {
      if (this.#deflating !== frame) return
      this.#deflating = undefined
      const refusal = error ?? this.#owner.sendRefusal()
      if (refusal !== undefined) frame.reject(refusal)
      else settle(frame, this.#writeCompressedBytes(frame.isText, bytes, frame.endOfMessage, frame.signal))
      this.#pump()
    })
  }
}

function plainBytes(data: WebSocketSendData): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data)
  return data instanceof PreparedWebSocketMessage ? data.payload : data
}

/** Compressing it takes so little that the event loop can wait for it. */
function isSmall(plain: Uint8Array): boolean {
  return plain.length <= WebSocketLimits.compressedInTurn
}

/** Sends that complete at once run in microtasks, so without a break one loop that sends would hold the event loop. */
function nextTurn(batch: WriteBatch): Promise<void> {
  batch.isTurnOver = false
  return new Promise(resolve => setImmediate(resolve))
}

/** The queued promise follows that of the writing, and like it cannot end the process when nobody awaits it. */
function settle(frame: QueuedFrame, written: Promise<void>): void {
  if (written !== done) markHandled(frame.promise)
  frame.resolve(written)
}
