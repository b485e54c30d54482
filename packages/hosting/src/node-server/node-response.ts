import { nextTick } from 'node:process'
import type { Writable } from 'node:stream'
import {
  BadHttpRequestException,
  HeaderDictionary,
  type HttpResponseBodyFeature,
  type HttpResponseFeature,
  markLogged,
  type ResponseCallback,
} from '@windhover/core'
import { hostingErrors } from '../errors/hosting-errors.ts'
import { reasonPhraseOf } from '../server/reason-phrase.ts'
import type { IncomingRequest } from './incoming-request.ts'
import type { NodeExchange } from './node-exchange.ts'
import { ResponseOutput } from './response-output.ts'
import { ResponseStream } from './response-stream.ts'
import type { ResponseWriter } from './response-writer.ts'
import { sendFileAsync } from './send-file.ts'

/** Nothing is final. */
const open = 0
/** Status and headers are final; what was written waits for the end of the tick. */
const started = 1
/** The head is on its way. */
const sent = 2
/** Nothing more will be sent. */
const over = 3

/** What may wait for the head, in bytes. */
const maxPending = 16 * 1024

const completed: Promise<void> = Promise.resolve()
/** What could end the status line. */
const illegalPhrase = /[^\t\x20-\x7e]/

/**
 * The response as a state machine: open, started, sent, over. The first write starts it and waits for the end of the tick: a delegate that has completed by then
 * gets its Content-Length, and head and body leave in one piece; else the body is chunked. The rules of what may be sent with which status are those of Kestrel.
 */
export class NodeResponse implements HttpResponseFeature, HttpResponseBodyFeature {
  /** Tells the client that no further request is taken on this connection. */
  closesConnection = false
  readonly #exchange: NodeExchange
  /** Undefined until somebody writes, where the application may take the connection over, and then once it has done so. */
  #message: ResponseWriter | undefined
  readonly #isHead: boolean
  #phase = open
  #statusCode = 200
  #reasonPhrase: string | undefined
  #headers: HeaderDictionary | undefined
  #starting: ResponseCallback[] | undefined
  #completing: ResponseCallback[] | undefined
  #pending: string | Buffer[] | undefined
  #pendingSize = 0
  #declaredLength: number | undefined
  #written = 0
  #isLengthExceeded = false
  #hasBody = true
  #isStartedByApplication = false
  #isClosed = false
  #stream: Writable | undefined
  #output: ResponseOutput | undefined

  constructor(exchange: NodeExchange, message: ResponseWriter | undefined) {
    this.#exchange = exchange
    this.#message = message
    this.#isHead = exchange.request.method === 'HEAD'
  }

  get #writer(): ResponseWriter {
    this.#message ??= this.#exchange.upgrade!.openReply()
    return this.#message
  }

  get statusCode(): number {
    return this.#statusCode
  }

  set statusCode(value: number) {
    if (this.#phase !== open) throw hostingErrors.responseStarted('statusCode')
    if (!Number.isInteger(value) || value < 100 || value > 999) throw hostingErrors.statusCodeOutOfRange(value)
    this.#statusCode = value
  }

  get reasonPhrase(): string | undefined {
    return this.#reasonPhrase
  }

  set reasonPhrase(value: string | undefined) {
    if (this.#phase !== open) throw hostingErrors.responseStarted('reasonPhrase')
    if (value !== undefined && illegalPhrase.test(value)) throw hostingErrors.reasonPhraseIllegal()
    this.#reasonPhrase = value
  }

  get headers(): HeaderDictionary {
    if (this.#headers === undefined) {
      this.#headers = new HeaderDictionary()
      if (this.#phase !== open) this.#headers.makeReadOnly()
    }
    return this.#headers
  }

  get hasStarted(): boolean {
    return this.#phase !== open
  }

  get isAborted(): boolean {
    return this.#exchange.isAborted
  }

  /** Nothing more will be sent. */
  get isComplete(): boolean {
    return this.#phase === over
  }

  get stream(): Writable {
    this.#stream ??= new ResponseStream(this)
    return this.#stream
  }

  onStarting(callback: ResponseCallback): void {
    if (this.#phase !== open) throw hostingErrors.responseStarted('onStarting()')
    this.#starting ??= []
    this.#starting.push(callback)
  }

  onCompleted(callback: ResponseCallback): void {
    this.#completing ??= []
    this.#completing.push(callback)
  }

  writeAsync(data: string | Uint8Array): Promise<void> {
    if (this.#phase === open && this.#mustWaitToStart) return this.#startAndWriteAsync(data)
    try {
      if (this.#phase === open) this.#start()
      return this.#write(data, false)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /** Like `writeAsync` for bytes that nobody changes afterwards: they are not copied. */
  writeOwnedAsync(data: Uint8Array): Promise<void> {
    return this.#write(data, true)
  }

  /** An aborted response starts as well: callbacks run and `hasStarted` is true, only that nothing is sent. */
  async startAsync(): Promise<void> {
    if (this.#phase !== open) return
    await this.#runStartingAsync()
    if (this.#phase === open) this.#start()
  }

  async flushAsync(): Promise<void> {
    await this.startAsync()
    if (this.#phase === started) this.sendPending()
    // Node holds the pieces of a body together up to the end of the tick: who computes after an awaited flush must not hold them back.
    if (this.#phase === sent) await new Promise<void>(resolve => nextTick(resolve))
    await this.#output?.drain
  }

  async completeAsync(): Promise<void> {
    if (this.#phase === over) return
    await this.#runStartingAsync()
    // A callback may have completed it.
    if (this.isComplete) return
    const missed = this.#missedLength()
    if (missed !== undefined) throw missed
    this.#showEmptiness()
    this.#end()
  }

  sendFileAsync(path: string, offset?: number, count?: number, signal?: AbortSignal): Promise<void> {
    return sendFileAsync(this, { path, offset, count, signal, isHead: this.#isHead })
  }

  /** True when callbacks have to run first, or when one has failed. */
  get #mustWaitToStart(): boolean {
    return this.#starting !== undefined || this.#exchange.failure !== undefined
  }

  async #startAndWriteAsync(data: string | Uint8Array): Promise<void> {
    await this.startAsync()
    return this.#write(data, false)
  }

  /** Last registered first; one may register more, and write. An error ends the request: status 500, and no write succeeds any more. */
  async #runStartingAsync(): Promise<void> {
    if (this.#phase !== open) return
    try {
      for (let callback = this.#starting?.pop(); callback !== undefined; callback = this.#starting?.pop()) await callback()
    } catch (error) {
      this.#exchange.fail(error)
    }
    const { failure } = this.#exchange
    if (failure === undefined) return
    const notStarted = hostingErrors.responseNotStarted(failure.error)
    markLogged(notStarted)
    throw notStarted
  }

  /** Makes status and headers final. */
  #start(): void {
    const status = this.#statusCode
    this.#hasBody = !this.#isHead && status >= 200 && status !== 204 && status !== 205 && status !== 304
    // The client of a 205 has to be told that nothing comes (RFC 9110 section 15.3.6).
    if (status === 205 && !this.#isHead && !this.headers.has('content-length')) this.headers.contentLength = 0
    if (this.#headers !== undefined) {
      this.#checkFraming(this.#headers, status)
      this.#headers.makeReadOnly()
    }
    this.#phase = started
    this.#isStartedByApplication = true
  }

  #checkFraming(headers: HeaderDictionary, status: number): void {
    if (!this.#hasBody && !this.#isHead && headers.has('transfer-encoding'))
      throw hostingErrors.headerNotAllowed('Transfer-Encoding', status)
    const length = headers.get('content-length')
    if (length === null) return
    const declared = Number(length)
    if (declared !== 0 && (status < 200 || status === 204 || status === 205)) throw hostingErrors.headerNotAllowed('Content-Length', status)
    if (status < 200 || status === 204) headers.delete('content-length')
    else this.#declaredLength = declared
  }

  #write(data: string | Uint8Array, isOwned: boolean): Promise<void> {
    if (this.#isClosed) return Promise.reject(hostingErrors.responseClosed())
    if (this.#phase === over) return Promise.reject(this.#completedError())
    if (!this.#hasBody && !this.#isHead) return Promise.reject(hostingErrors.bodyNotAllowed(this.#statusCode))
    if (this.#declaredLength !== undefined) {
      const written = this.#written + Buffer.byteLength(data)
      if (written > this.#declaredLength) {
        this.#isLengthExceeded = true
        return Promise.reject(hostingErrors.contentLengthExceeded(this.#declaredLength, written))
      }
      this.#written = written
    }
    if (data.length === 0) return this.#writeNothing()
    if (!this.#hasBody) return completed
    if (this.#exchange.isAborted) return completed
    if (this.#phase === started && this.#keepForHead(data)) return completed
    if (this.#phase === started) this.sendPending()
    return this.#send(data, isOwned)
  }

  #completedError(): Error {
    return this.#exchange.upgrade?.isUpgraded ? hostingErrors.upgradedBody() : hostingErrors.responseCompleted()
  }

  #writeNothing(): Promise<void> {
    if (this.#phase === started) this.#exchange.engine.sendSoon(this)
    return completed
  }

  /** Keeps a write until the end of the tick, when it is small or when text can be kept without a copy. */
  #keepForHead(data: string | Uint8Array): boolean {
    const isText = typeof data === 'string'
    if (this.#pending === undefined) {
      if (!isText && data.length > maxPending) return false
      this.#pending = isText ? data : [Buffer.from(data)]
      this.#exchange.engine.sendSoon(this)
    } else {
      if (this.#pendingSize + data.length > maxPending) return false
      if (isText && typeof this.#pending === 'string') this.#pending += data
      else {
        if (typeof this.#pending === 'string') this.#pending = [Buffer.from(this.#pending)]
        this.#pending.push(isText ? Buffer.from(data) : Buffer.from(data))
      }
    }
    this.#pendingSize += data.length
    return true
  }

  /** The peer has taken what was written: whoever waits may write on. */
  drained(): void {
    this.#output?.drained()
  }

  /** The request is aborted: bytes are dropped from now on, and nobody waits for them. */
  abort(): void {
    this.#output?.abort()
  }

  #send(data: string | Uint8Array, isOwned: boolean): Promise<void> {
    this.#output ??= new ResponseOutput(this.#exchange, this.#writer)
    return this.#output.send(data, isOwned)
  }

  /** The tick in which the response was started is over. A head that Node refuses must end neither the process nor the responses beside this one. */
  endTick(): void {
    try {
      this.sendPending()
    } catch (error) {
      this.#exchange.failUnanswered(error)
    }
  }

  /** Sends the head with what was written up to now; the length of the body stays open. */
  sendPending(): void {
    if (this.#phase !== started || this.#exchange.isAborted) return
    const message = this.#writer
    this.#sendHead(message, undefined)
    const body = this.#takePending()
    if (body === undefined) message.flushHeaders()
    else void this.#send(body, true)
  }

  #takePending(): string | Buffer | undefined {
    const pending = this.#pending
    this.#pending = undefined
    return Array.isArray(pending) ? (pending.length === 1 ? pending[0] : Buffer.concat(pending)) : pending
  }

  /** Answers in full: what is pending is all that there is. */
  #end(): void {
    if (this.#phase === open) {
      this.#start()
      this.#isStartedByApplication = false
    }
    if (this.#exchange.isAborted) {
      this.#phase = over
      return
    }
    const message = this.#writer
    if (this.#phase === sent) {
      message.end()
    } else {
      const mustChunk = this.#isStartedByApplication && this.#exchange.engine.options.alwaysChunk
      const body = this.#takePending()
      const size = body === undefined ? 0 : Buffer.byteLength(body)
      this.#sendHead(message, mustChunk ? undefined : size)
      if (body === undefined) message.end()
      else if (typeof body === 'string') message.endWith(body, size === body.length ? 'latin1' : 'utf8')
      else message.end(body)
    }
    this.#phase = over
    if (message.writableLength > 0) this.#exchange.engine.dataRates.watchResponse(this.#exchange.connection)
  }

  /** Whoever looks at the headers of an empty response afterwards finds the length that goes out with it. */
  #showEmptiness(): void {
    const mayHaveBody = !this.#isHead && this.#statusCode >= 200 && this.#statusCode !== 204 && this.#statusCode !== 304
    if (this.#phase !== open || !mayHaveBody || this.#exchange.isAborted) return
    if (!this.headers.has('content-length') && !this.headers.has('transfer-encoding')) this.headers.contentLength = 0
  }

  /** `size` is the length of the whole body where it is known. */
  #sendHead(message: ResponseWriter, size: number | undefined): void {
    const headers = this.#headers
    const lines = headers === undefined ? [] : [...headers.rawHeaders]
    const encoding = headers?.get('transfer-encoding') ?? null
    const isFramed = this.#addFraming(lines, encoding, size)
    this.#addConnection(message, lines, isFramed)
    // Node throws at a Trailer header where nothing is chunked, and behind such a body no trailer can follow (RFC 9110 section 6.5.1).
    if (headers?.has('trailer') && !(encoding === null ? this.#isChunked(size) : /\bchunked\b/i.test(encoding)))
      removeHeader(lines, 'trailer')
    message.writeHead(this.#statusCode, this.#reasonPhrase ?? reasonPhraseOf(this.#statusCode), lines)
    // An application that sets Transfer-Encoding frames the body itself, as with Kestrel.
    if (encoding !== null) message.chunkedEncoding = false
    this.#phase = sent
  }

  #isChunked(size: number | undefined): boolean {
    return this.#declaredLength === undefined && size === undefined && this.#hasBody && !this.#exchange.isHttp10
  }

  /** True when the client can tell where the body ends; else the end of the connection tells it (RFC 9112 section 6.3). */
  #addFraming(lines: string[], encoding: string | null, size: number | undefined): boolean {
    if (encoding !== null) return /(^|,)\s*chunked\s*$/i.test(encoding)
    if (this.#declaredLength !== undefined) return true
    if (!this.#hasBody) return true
    // Without a size Node chunks, which HTTP/1.0 does not know.
    if (size === undefined) return !this.#exchange.isHttp10
    lines.push('Content-Length', String(size))
    return true
  }

  /** Node's own keep-alive headers are left out: HTTP/1.1 needs none. */
  #addConnection(message: ResponseWriter, lines: string[], isFramed: boolean): void {
    const isOld = this.#exchange.isHttp10
    const own = this.#headers?.get('connection') ?? null
    const keepsAlive =
      message.shouldKeepAlive &&
      this.#exchange.engine.isRunning &&
      this.#statusCode >= 200 &&
      isFramed &&
      (own === null || /(^|,)\s*keep-alive\s*(,|$)/i.test(own)) &&
      !this.closesConnection
    message.removeHeader('connection')
    message.shouldKeepAlive = keepsAlive
    if (!keepsAlive) this.#exchange.connection.closesWhenFinished = true
    if (own !== null) return
    if (!keepsAlive) lines.push('Connection', 'close')
    else if (isOld) lines.push('Connection', 'keep-alive')
  }

  /** Called once, when the delegate has ended. Never rejects. */
  finish(): Promise<void> | undefined {
    if (this.#mustWaitToStart) return this.#finishAsync()
    if (this.#completing !== undefined) this.#showEmptiness()
    this.#finishResponse()
    this.#isClosed = true
    return this.#runCompleted()
  }

  async #finishAsync(): Promise<void> {
    try {
      if (this.#exchange.failure === undefined) await this.#runStartingAsync()
    } catch {
      // The callback's own error is the request's failure now, which is answered and was logged.
    }
    if (this.#exchange.failure === undefined) this.#showEmptiness()
    this.#finishResponse()
    this.#isClosed = true
    await this.#runCompleted()
  }

  #finishResponse(): void {
    const exchange = this.#exchange
    if (exchange.isAborted) {
      if (this.#phase === open) this.#statusCode = 499
      return
    }
    if (this.#phase === over) return
    if (exchange.failure === undefined) {
      const missed = this.#missedLength()
      if (missed !== undefined) exchange.fail(missed)
    }
    if (exchange.failure === undefined) {
      try {
        this.#end()
        if (this.#isLengthExceeded) exchange.connection.closesWhenFinished = true
        return
      } catch (error) {
        exchange.fail(error)
      }
    }
    try {
      this.#endFailed(exchange.failure!.error)
    } catch (error) {
      exchange.failUnanswered(error)
    }
  }

  #missedLength(): Error | undefined {
    const length = this.#phase === open ? (this.#headers?.get('content-length') ?? null) : (this.#declaredLength ?? null)
    if (length === null || this.#isHead || this.#statusCode === 304) return undefined
    const declared = Number(length)
    // Before the start an illegal length of a status without body is the start's own error.
    if (this.#phase === open && (this.#statusCode < 200 || this.#statusCode === 204 || this.#statusCode === 205)) return undefined
    return this.#written < declared ? hostingErrors.contentLengthMissed(declared, this.#written) : undefined
  }

  /** Before the start the error gets an answer of its own; afterwards the response ends in the middle, which the client can tell. */
  #endFailed(error: unknown): void {
    if (this.#phase !== open) {
      this.sendPending()
      this.#phase = over
      this.#exchange.connection.closesWhenFinished = true
      // Newer Node holds what was written in this tick in the response itself, where the end of the socket would leave it.
      nextTick(() => this.#exchange.connection.endSoon())
      return
    }
    const isBadRequest = error instanceof BadHttpRequestException
    this.#headers?.clear()
    this.#reasonPhrase = undefined
    this.#statusCode = isBadRequest ? error.statusCode : 500
    this.closesConnection = isBadRequest
    this.headers.set('Content-Length', '0')
    this.#end()
  }

  /** Last registered first; one may register more. A promise only when one of them takes time. */
  #runCompleted(): Promise<void> | undefined {
    for (let callback = this.#completing?.pop(); callback !== undefined; callback = this.#completing?.pop()) {
      try {
        const running = callback()
        if (running !== undefined) return this.#awaitCompletedAsync(running)
      } catch (error) {
        this.#exchange.logError(error)
      }
    }
    return undefined
  }

  async #awaitCompletedAsync(running: PromiseLike<void>): Promise<void> {
    try {
      await running
    } catch (error) {
      this.#exchange.logError(error)
    }
    await this.#runCompleted()
  }

  /** Sends the interim answer that an `Expect: 100-continue` waits for, unless the body is here already. */
  sendContinueWhenAwaited(message: IncomingRequest): void {
    nextTick(() => {
      if (message.bodyBytesReceived === 0 && !message.complete && this.#phase === open) this.#writer.writeContinue()
    })
  }

  /** The application asks for the connection, or the stream: the callbacks of `onStarting` run. Undefined when there are none. */
  prepareTakeover(statusCode: 101 | 200): Promise<void> | undefined {
    this.statusCode = statusCode
    if (statusCode === 101) this.headers.set('Connection', 'Upgrade')
    return this.#mustWaitToStart ? this.#runStartingAsync() : undefined
  }

  /** Status and headers are final, and nothing comes behind them: what follows belongs to the application. */
  completeTakeover(): void {
    this.headers.delete('Content-Length')
    if (this.#statusCode === 101) this.headers.delete('Transfer-Encoding')
    this.headers.makeReadOnly()
    this.#phase = over
    this.#message = undefined
  }
}

function removeHeader(lines: string[], name: string): void {
  for (let index = lines.length - 2; index >= 0; index -= 2) {
    if (lines[index]!.toLowerCase() === name) lines.splice(index, 2)
  }
}
