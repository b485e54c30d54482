import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { setImmediate } from 'node:timers'
import {
  PreparedWebSocketMessage,
  WebSocket,
  WebSocketCloseStatus,
  type WebSocketException,
  type WebSocketMessage,
  WebSocketMessageType,
  type WebSocketOperationOptions,
  type WebSocketReceiveResult,
  type WebSocketSendData,
  type WebSocketSendOptions,
  WebSocketState,
} from '@windhover/core'
import { webSocketsErrors } from '../errors/web-sockets-errors.ts'
import { WebSocketLimits } from '../options/web-socket-limits.ts'
import { type CloseInfo, closePayload } from '../protocol/close-frame.ts'
import type { MessageDeflate } from '../protocol/deflate/message-deflate.ts'
import { Violation } from '../protocol/violation.ts'
import { signalOf, unwatch, watch } from './cancellation.ts'
import { CloseLimit } from './close-limit.ts'
import { CloseOperation } from './close-operation.ts'
import { markHandled, rejected } from './deferred.ts'
import { FairTurn } from './fair-turn.ts'
import { FrameReceiver, type FrameReceiverOwner } from './frame-receiver.ts'
import { FrameSender, type FrameSenderOwner } from './frame-sender.ts'
import { type KeepAlive, processTime, type Swept } from './keep-alive.ts'
import { Liveness } from './liveness.ts'
import { LoopEnded } from './loop-ended.ts'
import { MessageIterator, type MessageSource } from './message-iterator.ts'
import {
  endOfIteration,
  FrameReceive,
  IterationReceive,
  iterationOf,
  MessageReceive,
  type PendingReceive,
  type ReceiveOperation,
  type ReceiveOwner,
} from './receive-operation.ts'
import { type Scanned, scanLater } from './scan-later.ts'
import { listen, type StreamListener } from './stream-events.ts'
import { beginTick } from './tick.ts'

const { Open, CloseSent, CloseReceived, Closed, Aborted } = WebSocketState
const { Text, Binary } = WebSocketMessageType
const sendStates: readonly WebSocketState[] = [Open, CloseReceived]
const receiveStates: readonly WebSocketState[] = [Open, CloseSent]
const closeStates: readonly WebSocketState[] = [Open, CloseReceived, CloseSent]
const done: Promise<void> = Promise.resolve()
/** The peer has vanished, but nobody is told by an error: the iterator just ends. Making one takes a tenth of the life of a short socket. */
const unseen = webSocketsErrors.closedPrematurely()

/** What the sockets of one middleware with the same keep-alive times share. */
export interface SocketSettings {
  readonly keepAlive: KeepAlive<ServerWebSocket>
  readonly closeTimeout: number
  readonly maxMessageSize: number
  /** The peer gave no sign of life, or the application did not receive: a socket is aborted. */
  readonly timedOut?: (error: WebSocketException) => void
}

/** What is a socket's own. */
export interface SocketInit {
  readonly subProtocol?: string | undefined
  readonly deflate?: MessageDeflate | undefined
  /** Ends the request that the socket belongs to: its `requestAborted` fires. */
  readonly lifetime?: { abort(): void } | undefined
}

/**
 * The server's end of a WebSocket connection: the state machine of RFC 6455 section 7 with the operations of System.Net.WebSockets. `FrameReceiver` makes results of what has arrived, `FrameSender`
 * frames of what is sent; here is decided what is allowed, and what it means for the connection.
 *
 * The state is what the application sees. Beside it stands the connection: `#closeSent` and the receiver's `close` are the two halves of the close handshake, `#transport` tells how far its TCP is. A
 * disposed socket is `Closed` although its connection may still have to be closed: `finishAsync` does that when the handler has ended.
 */
export class ServerWebSocket
  extends WebSocket
  implements FrameReceiverOwner, FrameSenderOwner, MessageSource, ReceiveOwner, Scanned, StreamListener, Swept
{
  readonly #stream: Duplex
  readonly #settings: SocketSettings
  readonly #lifetime: { abort(): void } | undefined
  readonly #deflate: MessageDeflate | undefined
  readonly #subProtocol: string | undefined
  readonly #receiver: FrameReceiver
  readonly #sender: FrameSender
  readonly #turn: FairTurn
  #state: WebSocketState = Open
  #closeSent = false
  #transport: 'open' | 'ending' | 'gone' = 'open'
  /** The peer ended the connection or it broke; `#lost` is the error, if there was one. */
  #peerLeft = false
  #lost: unknown
  /** Why the socket was closed or aborted by neither side: the cause of the errors that follow. */
  #fault: Error | undefined
  /** The peer broke the protocol. */
  #hasFailed = false
  #receive: PendingReceive | undefined
  #closing: Set<CloseOperation> | undefined
  /** From when on the connection must end within `closeTimeout`. */
  #closeLimit: CloseLimit | undefined
  #isDisposed = false
  /** An operation was pending when the application disposed the socket or its handler ended. */
  #hadPending = false
  #isPaused = false
  #willScan = false
  readonly #liveness: Liveness

  /** Takes the stream over: it must be paused, without listeners of others for its data. */
  constructor(stream: Duplex, settings: SocketSettings, { subProtocol, deflate, lifetime }: SocketInit = {}) {
    super()
    this.#stream = stream
    this.#settings = settings
    this.#lifetime = lifetime
    this.#deflate = deflate
    this.#subProtocol = subProtocol
    this.#receiver = new FrameReceiver(this, settings.maxMessageSize, deflate?.expander, stream instanceof Socket)
    this.#sender = new FrameSender(this, stream, deflate?.compressor)
    this.#turn = new FairTurn()
    this.#liveness = new Liveness(processTime())
    listen(stream, this)
    settings.keepAlive.add(this)
    if (stream.destroyed) this.closed()
    else stream.resume()
  }

  get state(): WebSocketState {
    return this.#state
  }

  get closeStatus(): WebSocketCloseStatus | undefined {
    return this.#receiver.close?.status
  }

  get closeStatusDescription(): string | undefined {
    return this.#receiver.close?.description
  }

  get subProtocol(): string | undefined {
    return this.#subProtocol
  }

  // --- receiving

  receiveAsync(buffer: Uint8Array, options?: AbortSignal | WebSocketOperationOptions): Promise<WebSocketReceiveResult> {
    if (!(buffer instanceof Uint8Array)) throw webSocketsErrors.buffer(buffer)
    const signal = options === undefined ? undefined : signalOf(options)
    if (this.#refusesReceive(signal)) return rejected(this.#receiveRefusal(signal))
    try {
      const result = this.#mayReceive() ? this.#receiver.receive(buffer) : undefined
      if (this.#isPaused) this.#resume()
      return result === undefined ? this.#wait(new FrameReceive(this, signal, buffer)) : Promise.resolve(result)
    } catch (error) {
      return rejected(this.#fail(error))
    }
  }

  receiveMessageAsync(options?: AbortSignal | WebSocketOperationOptions): Promise<WebSocketMessage | undefined> {
    const signal = options === undefined ? undefined : signalOf(options)
    if (this.#hasClosed) return Promise.resolve(undefined)
    if (this.#refusesReceive(signal)) return rejected(this.#receiveRefusal(signal))
    try {
      const message = this.#receiveMessage()
      return message === undefined ? this.#wait(new MessageReceive(this, signal)) : Promise.resolve(message ?? undefined)
    } catch (error) {
      return rejected(this.#fail(error))
    }
  }

  /** The same for the iterator, for which a peer that has vanished is the end as well. */
  nextMessageAsync(signal: AbortSignal | undefined): Promise<IteratorResult<WebSocketMessage>> {
    if (this.#hasClosed || (this.#state === Aborted && this.#peerLeft)) return Promise.resolve(endOfIteration)
    if (this.#refusesReceive(signal)) return rejected(this.#receiveRefusal(signal))
    try {
      const message = this.#receiveMessage()
      if (message === undefined) return this.#wait(new IterationReceive(this, signal))
      return Promise.resolve(message === null ? endOfIteration : iterationOf(message))
    } catch (error) {
      return rejected(this.#fail(error))
    }
  }

  /** True when the peer's close frame was received: there are no more messages, which is no error. */
  get #hasClosed(): boolean {
    return this.#receiver.close !== undefined && !this.#isDisposed && this.#state !== Aborted
  }

  /** `null` when the peer closed, undefined when the message has not arrived or others have their turn. */
  #receiveMessage(): WebSocketMessage | null | undefined {
    if (!this.#mayReceive()) return undefined
    const message = this.#receiver.receiveMessage()
    if (this.#isPaused) this.#resume()
    return message
  }

  messages(options: AbortSignal | WebSocketOperationOptions = {}): AsyncIterableIterator<WebSocketMessage> {
    return new MessageIterator(this, signalOf(options))
  }

  #refusesReceive(signal: AbortSignal | undefined): boolean {
    return (this.#state !== Open && this.#state !== CloseSent) || this.#receive !== undefined || signal?.aborted === true
  }

  /** The order of the checks is that of .NET: state, then signal. */
  #receiveRefusal(signal: AbortSignal | undefined): Error {
    if (!receiveStates.includes(this.#state)) return webSocketsErrors.invalidState(this.#state, receiveStates, this.#fault)
    if (this.#receive !== undefined) return webSocketsErrors.secondReceive()
    this.abort()
    return webSocketsErrors.canceled('Receiving', signal?.reason)
  }

  /** False when nothing is there, and when this socket has had its turn and others wait for theirs. */
  #mayReceive(): boolean {
    if (this.#receiver.isDry) return false
    if (this.#turn.mayGoOn()) return true
    setImmediate(ServerWebSocket.#nextTurn, this)
    return false
  }

  #wait<T>(operation: ReceiveOperation<T>): Promise<T> {
    this.#receive = operation
    if (operation.signal !== undefined) watch(operation.signal, operation)
    if (this.#peerLeft && !this.#turn.hasEnded) this.#vanish()
    return operation.promise
  }

  static #nextTurn(socket: ServerWebSocket): void {
    beginTick()
    socket.#turn.begin()
    socket.#continueReceive()
  }

  /** Something has arrived for the receive that waits. */
  #continueReceive(): void {
    const operation = this.#receive
    if (operation === undefined) return
    try {
      if (operation.attempt(this.#receiver)) this.#endReceive(operation)
      else if (this.#peerLeft) this.#vanish()
      if (this.#isPaused) this.#resume()
    } catch (error) {
      this.#endReceive(operation)
      operation.reject(this.#fail(error))
    }
  }

  #endReceive(operation: PendingReceive): void {
    this.#receive = undefined
    if (operation.signal !== undefined) unwatch(operation.signal, operation)
  }

  #rejectReceive(error: Error): void {
    const operation = this.#receive
    if (operation === undefined) return
    this.#endReceive(operation)
    operation.reject(error)
  }

  cancelReceive(reason: unknown): void {
    this.#rejectReceive(webSocketsErrors.canceled('Receiving', reason))
    if (reason instanceof LoopEnded) this.#receiver.forgetReceive()
    else this.abort()
  }

  // --- sending

  sendAsync(
    data: WebSocketSendData,
    type?: WebSocketMessageType,
    endOfMessage = true,
    options?: AbortSignal | WebSocketSendOptions,
  ): Promise<void> {
    const isText = type === Text || (type !== Binary && isTextByDefault(data, type))
    if (!(data instanceof Uint8Array) && typeof data !== 'string' && !(data instanceof PreparedWebSocketMessage))
      throw webSocketsErrors.data(data)
    let signal: AbortSignal | undefined
    let disableCompression = false
    if (options !== undefined) {
      signal = signalOf(options)
      disableCompression = !(options instanceof AbortSignal) && options.disableCompression === true
    }
    if (this.#state !== Open && this.#state !== CloseReceived)
      return rejected(webSocketsErrors.invalidState(this.#state, sendStates, this.#fault))
    if (this.#peerLeft) return rejected(webSocketsErrors.closedPrematurely(this.#lost))
    if (signal?.aborted) return rejected(webSocketsErrors.canceled('Sending', signal.reason))
    return this.#sender.send(isText, data, endOfMessage, disableCompression, signal)
  }

  get hasUnread(): boolean {
    return this.#receiver.unread > 0
  }

  /** A frame that has waited for its turn may come too late. */
  sendRefusal(): Error | undefined {
    return this.#closeSent ? webSocketsErrors.invalidState(this.#state, sendStates, this.#fault) : undefined
  }

  // --- closing

  closeAsync(
    closeStatus: WebSocketCloseStatus = WebSocketCloseStatus.NormalClosure,
    statusDescription?: string | null,
    options?: AbortSignal | WebSocketOperationOptions,
  ): Promise<void> {
    const payload = closePayload(closeStatus, statusDescription)
    const signal = options === undefined ? undefined : signalOf(options)
    if (this.#state === Closed) return done
    const refusal = this.#refuseClose(closeStates, signal)
    return refusal === undefined ? quiet(this.#closeAsync(payload, signal)) : rejected(refusal)
  }

  closeOutputAsync(
    closeStatus: WebSocketCloseStatus = WebSocketCloseStatus.NormalClosure,
    statusDescription?: string | null,
    options?: AbortSignal | WebSocketOperationOptions,
  ): Promise<void> {
    const payload = closePayload(closeStatus, statusDescription)
    const signal = options === undefined ? undefined : signalOf(options)
    const refusal = this.#refuseClose(sendStates, signal)
    return refusal === undefined ? this.#sender.sendClose(payload, signal) : rejected(refusal)
  }

  #refuseClose(allowed: readonly WebSocketState[], signal: AbortSignal | undefined): Error | undefined {
    if (!allowed.includes(this.#state)) return webSocketsErrors.invalidState(this.#state, allowed, this.#fault)
    if (this.#peerLeft && !this.#closeSent) {
      this.#state = Aborted
      return webSocketsErrors.closedPrematurely(this.#lost)
    }
    if (!signal?.aborted) return undefined
    // Nothing is left to send: what is cancelled is the wait for the peer.
    if (this.#closeSent) this.abort()
    return webSocketsErrors.canceled('Closing', signal.reason)
  }

  async #closeAsync(payload: Buffer, signal: AbortSignal | undefined): Promise<void> {
    this.#limitClose()
    if (!this.#closeSent) {
      try {
        await this.#sender.sendClose(payload, signal)
      } finally {
        if (!this.#closeSent) this.#closeLimit?.takeBack()
      }
    }
    if (this.#receiver.close === undefined) await this.#peerCloseAsync(signal)
  }

  /** Waits for the peer's close frame. What comes before it is dropped, unless a receive takes it. */
  #peerCloseAsync(signal: AbortSignal | undefined): Promise<void> {
    const operation = new CloseOperation(() => this.abort(), signal)
    this.#closing ??= new Set()
    this.#closing.add(operation)
    if (signal !== undefined) watch(signal, operation)
    this.#discard()
    if (this.#closing !== undefined && this.#transport !== 'open') this.#vanish()
    return operation.promise
  }

  #settleClosing(error?: Error): void {
    const closing = this.#closing
    this.#closing = undefined
    for (const operation of closing ?? []) {
      if (operation.signal !== undefined) unwatch(operation.signal, operation)
      if (error === undefined) operation.resolve()
      else operation.reject(error)
    }
  }

  #discard(): void {
    if (this.#closing === undefined || this.#receive !== undefined) return
    try {
      this.#receiver.discard()
    } catch (error) {
      this.#fail(error)
    }
    if (this.#isPaused) this.#resume()
  }

  closeWritten(): void {
    this.#closeSent = true
    this.#closeLimit?.refresh()
    if (this.#state === Open) this.#state = CloseSent
    else if (this.#state === CloseReceived) this.#state = Closed
    if (this.#receiver.close !== undefined || this.#receiver.closeIsAhead) this.#endTransport()
  }

  closeReceived(_close: CloseInfo): void {
    if (this.#state === Open) this.#state = CloseReceived
    else if (this.#state === CloseSent) this.#state = Closed
    if (this.#closeSent) this.#endTransport()
    this.#settleClosing()
  }

  #limitClose(): void {
    if (this.#transport === 'gone') return
    this.#closeLimit ??= new CloseLimit(this.#settings.closeTimeout, () => this.#closeTimedOut())
    this.#closeLimit.begin()
  }

  #closeTimedOut(): void {
    if (this.#transport === 'open') this.#kill(webSocketsErrors.closeTimeout(this.#settings.closeTimeout))
    else this.#stream.destroy()
  }

  /** The host stops. Later operations name that as their cause. */
  closeForStopping(): void {
    if (this.#closeSent || this.#transport !== 'open') return
    this.#fault ??= webSocketsErrors.hostStopping()
    this.#limitClose()
    void this.#sender.sendClose(closePayload(WebSocketCloseStatus.EndpointUnavailable, null), undefined)
  }

  // --- ending

  abort(): void {
    if (this.#state === Closed || this.#state === Aborted) return
    this.#kill(webSocketsErrors.aborted(this.#fault))
  }

  /** Ends the connection at once; what is pending gets `error`. */
  #kill(error: Error): void {
    if (this.#state !== Closed) this.#state = Aborted
    this.#settleAll(error)
    this.#destroyTransport()
  }

  /** Aborts the request, and with it the connection. */
  #destroyTransport(): void {
    this.#lifetime?.abort()
    this.#stream.destroy()
  }

  #settleAll(error: Error): void {
    this.#rejectReceive(error)
    this.#sender.fail(error)
    this.#settleClosing(error)
  }

  [Symbol.dispose](): void {
    if (this.#isDisposed) return
    this.#isDisposed = true
    this.#hadPending = this.#receive !== undefined || this.#sender.isBusy
    if (this.#state !== Aborted) this.#state = Closed
    if (this.#receive === undefined && this.#closing === undefined && !this.#sender.isAwaited) return
    const error = webSocketsErrors.disposed()
    this.#rejectReceive(error)
    this.#sender.detach(error)
    this.#settleClosing(error)
  }

  /** True when the close handshake is complete, or the connection has ended otherwise. */
  get isFinished(): boolean {
    return this.#transport !== 'open'
  }

  /** True when the socket ended neither by the application nor by a close frame: its peer vanished or broke the protocol, a time ran out, or the host stops. */
  get wasCutOff(): boolean {
    return this.#peerLeft || this.#hasFailed || this.#fault !== undefined
  }

  /** True when an operation was pending when the application was done with the socket. */
  get hadPendingOperation(): boolean {
    return this.#hadPending
  }

  /**
   * Finishes what the handler has left open: closes with 1000, with 1011 when it threw, or with the status of the peer, waits for the peer's close frame and ends the connection. Never rejects.
   */
  finishAsync(threw: boolean): Promise<void> {
    this[Symbol.dispose]()
    if (this.#transport === 'open')
      return this.#finishAsync(threw ? WebSocketCloseStatus.InternalServerError : WebSocketCloseStatus.NormalClosure)
    this.#deflate?.close()
    return done
  }

  async #finishAsync(status: WebSocketCloseStatus): Promise<void> {
    try {
      await this.#closeAsync(closePayload(this.#receiver.close?.status ?? status, null), undefined)
    } catch {
      // The peer has gone or did not answer, and the connection has ended: nothing is left to finish.
    }
    this.#deflate?.close()
  }

  /**
   * Fails the connection (RFC 6455 section 7.1.7): a close frame, then the end of TCP. Returns the error for the receive that has found the violation.
   */
  #fail(error: unknown): Error {
    if (!(error instanceof Violation)) {
      this.#kill(webSocketsErrors.aborted(error))
      return error as Error
    }
    const faulted = webSocketsErrors.faulted(error)
    this.#hasFailed = true
    const sendsClose = !this.#closeSent && this.#transport === 'open'
    // A close frame that is not valid is one all the same: both sides have closed.
    const last = this.#receiver.sawClose ? Closed : Aborted
    if (sendsClose) this.#sender.sendLastClose(closePayload(error.closeStatus, null), faulted)
    // A socket that was disposed or aborted stays what it is.
    if (this.#state !== Closed && this.#state !== Aborted) this.#state = last
    this.#settleAll(faulted)
    this.#receiver.clear()
    this.#endTransport()
    return faulted
  }

  /** Ends our half of TCP behind what was written. What still comes is dropped; the peer has `closeTimeout` to end its half. */
  #endTransport(): void {
    if (this.#transport !== 'open') return
    this.#transport = 'ending'
    this.#settings.keepAlive.delete(this)
    this.#sender.end()
    this.#limitClose()
    if (this.#isPaused) this.#resume()
  }

  // --- the connection

  failed(error: Error): void {
    this.#lost ??= error
  }

  drained(): void {
    // A peer that takes what was sent before is on its way to the close frame.
    this.#closeLimit?.refresh()
    this.#sender.drained()
  }

  arrived(chunk: Buffer): void {
    if (this.#transport !== 'open' || this.#receiver.sawClose) return
    this.#liveness.heard = true
    beginTick()
    // Whoever listens beside us may keep what we write to and free.
    this.#receiver.push(this.#stream.listenerCount('data') > 1 ? Buffer.from(chunk) : chunk)
    // Node reads many chunks of one socket in a row: all of them together are one turn.
    const waitsForTurn = this.#turn.hasEnded
    if (!waitsForTurn) this.#turn.begin()
    if (this.#receive !== undefined) {
      if (!waitsForTurn) this.#continueReceive()
    } else if (this.#closing !== undefined) this.#discard()
    if (this.#receiver.unread > 0) this.#keepUnread()
    if (this.#receiver.takeFrameCount() > WebSocketLimits.messagesPerTurn) this.#rest()
  }

  /** A chunk of the smallest frames takes its time, and Node reads many chunks in one turn of the event loop: the next one waits for the next turn. */
  #rest(): void {
    this.#stream.pause()
    setImmediate(ServerWebSocket.#goOn, this)
  }

  static #goOn(socket: ServerWebSocket): void {
    if (!socket.#isPaused) socket.#stream.resume()
  }

  #keepUnread(): void {
    if (this.#receiver.unread > WebSocketLimits.readAhead && !this.#isPaused) {
      this.#isPaused = true
      this.#stream.pause()
    }
    this.#scanLater()
  }

  #scanLater(): void {
    if (this.#willScan) return
    this.#willScan = true
    scanLater(this)
  }

  #resume(): void {
    if (this.#receiver.unread >= WebSocketLimits.readAheadResume && this.#transport === 'open') return
    this.#isPaused = false
    this.#liveness.resumed()
    this.#stream.resume()
  }

  /** Answers the pings that lie behind what the application has received. */
  scan(): void {
    this.#willScan = false
    if (this.#receive !== undefined || this.#receiver.unread === 0 || this.#transport !== 'open') return
    if (this.#receiver.scan(WebSocketLimits.messagesPerTurn)) this.#scanLater()
    if (this.#receiver.closeIsAhead && this.#closeSent) this.#endTransport()
  }

  pingReceived(payload: Buffer): void {
    if (this.#transport === 'open') this.#sender.pong(payload)
  }

  inflated(): void {
    if (this.#receive !== undefined) this.#continueReceive()
    else if (this.#closing !== undefined) this.#discard()
    if (this.#closing !== undefined && this.#peerLeft) this.#vanish()
  }

  /** The peer has sent its FIN. A close frame before it makes that an orderly end; without one the peer has vanished. */
  peerEnded(): void {
    if (this.#transport !== 'open') return
    this.#receiver.scan()
    if (this.#receiver.sawClose || this.#receiver.closeIsAhead) return
    this.#peerLeft = true
    this.#continueReceive()
    this.#vanish()
    const takesNothing = this.#sender.isBusy
    this.#endTransport()
    // Who does not read what was sent, and has left, will not read it while we wait: the request is over at once.
    if (takesNothing) this.#destroyTransport()
  }

  /**
   * Tells everyone who waits that the peer has vanished; a receive, when nothing more can come for it. The state stays what it is until a receive or a close finds out, as in .NET.
   */
  #vanish(): void {
    const receive = this.#receive
    const isSeen =
      this.#closing !== undefined || this.#sender.isAwaited || (receive !== undefined && !(receive instanceof IterationReceive))
    const error = isSeen ? webSocketsErrors.closedPrematurely(this.#lost) : unseen
    this.#sender.fail(error)
    if (this.#receiver.isExpanding) return
    const isReceiving = this.#receive !== undefined
    if (this.#state !== Closed && (isReceiving || this.#closing !== undefined)) this.#state = Aborted
    this.#rejectReceive(error)
    // The receive has found out; a close beside it is told what became of the socket, as in .NET.
    if (this.#closing !== undefined) this.#settleClosing(isReceiving ? webSocketsErrors.aborted(error) : error)
  }

  closed(): void {
    if (this.#transport === 'gone') return
    const wasOpen = this.#transport === 'open'
    this.#transport = 'gone'
    this.#closeLimit?.end()
    this.#settings.keepAlive.delete(this)
    const isOrderly = this.#closeSent && (this.#receiver.close !== undefined || this.#receiver.closeIsAhead)
    if (!isOrderly) this.#lifetime?.abort()
    // Neither an error nor the end of the peer: the request was aborted on this side.
    if (wasOpen && this.#lost === undefined && !this.#receiver.sawClose) this.#kill(webSocketsErrors.aborted(this.#fault))
    this.#peerLeft = true
    this.#continueReceive()
    // Nobody has received up to the close frame: whoever waits for it need not miss it.
    if (this.#receiver.closeIsAhead) this.#discard()
    // Nothing can be received any more, so nobody has to wait for what zlib is at.
    if (this.#state === Closed || this.#state === Aborted) this.#receiver.clear()
    this.#vanish()
    if (this.#state === Closed || this.#state === Aborted) this.#deflate?.close()
  }

  // --- keep-alive

  sweep(now: number): void {
    if (this.#isDisposed) return
    const { keepAlive } = this.#settings
    const due = this.#isPaused ? this.#liveness.sweepUnread(now, keepAlive, this.#receiver.unread) : this.#liveness.sweep(now, keepAlive)
    if (due === 'no answer') setImmediate(ServerWebSocket.#lookAgain, this)
    else if (due === 'unread') this.#timeOut(webSocketsErrors.unreadTimeout(keepAlive.unreadTimeout))
    // After our close frame nothing may be sent, but the peer owes a sign of life all the same.
    else if (this.#closeSent) return
    else if (due === 'ping') this.#sender.ping(this.#liveness.nextPing())
    else if (due === 'pong') this.#sender.signOfLife()
  }

  /** In a process that was busy the answer may have come in time and wait to be read, which it is by now. */
  static #lookAgain(socket: ServerWebSocket): void {
    if (socket.#liveness.heard || socket.#isDisposed || socket.#stream.destroyed) return
    socket.#timeOut(webSocketsErrors.keepAliveTimeout(socket.#settings.keepAlive.timeout))
  }

  #timeOut(error: WebSocketException): void {
    this.#fault ??= error
    this.#settings.timedOut?.(error)
    this.#kill(webSocketsErrors.aborted(error))
  }
}

/** What is sent when no type is given. */
function isTextByDefault(data: WebSocketSendData, type: WebSocketMessageType | undefined): boolean {
  if (type !== undefined) throw webSocketsErrors.messageType(type)
  return typeof data === 'string' || (data instanceof PreparedWebSocketMessage && data.type === Text)
}

/** The promise of an async function, which cannot end the process when nobody awaits it. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  markHandled(promise)
  return promise
}
