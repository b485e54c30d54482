import type { Writable } from 'node:stream'
import { coreErrors } from '../errors/core-errors.ts'
import { HttpResponseBodyFeature, HttpResponseFeature, type ResponseCallback } from '../features/http-response-feature.ts'
import type { HeaderDictionary } from './header-dictionary.ts'
import type { HttpContext } from './http-context.ts'
import { ResponseCookies } from './response-cookies.ts'
import { sendWebResponseAsync } from './web-response.ts'

/** How `redirect` answers. */
export interface RedirectOptions {
  /** 301 or 308 in place of 302 or 307. Default false. */
  permanent?: boolean
  /** 307 or 308, with which the client repeats method and body. Default false. */
  preserveMethod?: boolean
}

/** What goes back to the client. The first write starts it: status and headers are final then. (ASP.NET Core: HttpResponse) */
export class HttpResponse {
  readonly httpContext: HttpContext
  #currentFeature: HttpResponseFeature | undefined
  #currentBody: HttpResponseBodyFeature | undefined
  #revision = -1
  #cookies: ResponseCookies | undefined

  constructor(httpContext: HttpContext) {
    this.httpContext = httpContext
  }

  get #feature(): HttpResponseFeature {
    if (this.httpContext.features.revision !== this.#revision) this.#lookUp()
    return this.#currentFeature as HttpResponseFeature
  }

  get #body(): HttpResponseBodyFeature {
    if (this.httpContext.features.revision !== this.#revision) this.#lookUp()
    return this.#currentBody as HttpResponseBodyFeature
  }

  /** Nearly every member needs one of these features, so they are looked up only when the features have changed. */
  #lookUp(): void {
    const { features } = this.httpContext
    this.#currentFeature = features.getRequired(HttpResponseFeature)
    this.#currentBody = features.getRequired(HttpResponseBodyFeature)
    this.#revision = features.revision
  }

  /** Default 200. Raises an invalid-operation error once the response has started. */
  get statusCode(): number {
    return this.#feature.statusCode
  }

  set statusCode(value: number) {
    this.#feature.statusCode = value
  }

  get headers(): HeaderDictionary {
    return this.#feature.headers
  }

  /** True once status and headers are final: after the first write, `startAsync` or an accepted WebSocket. */
  get hasStarted(): boolean {
    return this.#feature.hasStarted
  }

  get contentType(): string | undefined {
    return this.headers.contentType
  }

  /** An empty text or undefined removes the header. */
  set contentType(value: string | undefined) {
    this.headers.contentType = value === '' ? undefined : value
  }

  /** In bytes. Writing more raises an invalid-operation error; ending with less ends the connection. */
  get contentLength(): number | undefined {
    return this.headers.contentLength
  }

  set contentLength(value: number | undefined) {
    this.headers.contentLength = value
  }

  get cookies(): ResponseCookies {
    this.#cookies ??= new ResponseCookies(this.headers)
    return this.#cookies
  }

  /** The body as a stream of Node, for `pipeline(source, response.body)`. */
  get body(): Writable {
    return this.#body.stream
  }

  /**
   * Writes text (as UTF-8) or bytes. The first call starts the response; a promise that stays pending tells that the client does not read.
   * Raises an argument error for anything else.
   */
  writeAsync(data: string | Uint8Array): Promise<void> {
    if (typeof data !== 'string' && !(data instanceof Uint8Array)) throw coreErrors.writtenData(data)
    return this.#body.writeAsync(data)
  }

  /**
   * Writes a value as JSON; Content-Type is `application/json; charset=utf-8` unless `contentType` says otherwise. (ASP.NET Core:
   * WriteAsJsonAsync)
   */
  writeAsJsonAsync(value: unknown, contentType = 'application/json; charset=utf-8'): Promise<void> {
    const json = JSON.stringify(value) ?? 'null'
    this.contentType = contentType
    return this.writeAsync(json)
  }

  /**
   * Answers with a `Location` and an empty body, with status 302 unless `options` say otherwise. The location is not escaped: an illegal
   * character raises an invalid-operation error.
   */
  redirect(location: string, options: RedirectOptions | boolean = false): void {
    if (typeof location !== 'string') throw coreErrors.argumentNull('location', 'response.redirect()')
    const { permanent = false, preserveMethod = false } = typeof options === 'boolean' ? { permanent: options } : options
    this.headers.location = location
    if (preserveMethod) this.statusCode = permanent ? 308 : 307
    else this.statusCode = permanent ? 301 : 302
  }

  /** Sends `count` bytes of a file from `offset` (default: all of it). Content-Length is not set by it. (ASP.NET Core: SendFileAsync) */
  sendFileAsync(path: string, offset?: number, count?: number, signal?: AbortSignal): Promise<void> {
    return this.#body.sendFileAsync(path, offset, count, signal)
  }

  /** Answers with a `Response` of the web's API: its status, headers and body. */
  sendWebResponseAsync(response: Response): Promise<void> {
    return sendWebResponseAsync(this, response)
  }

  /** Runs the `onStarting` callbacks and makes status and headers final. Does nothing when started. */
  startAsync(): Promise<void> {
    return this.#body.startAsync()
  }

  /** Sends what was written so far, the head included: a server-sent event leaves at once. */
  flushAsync(): Promise<void> {
    return this.#body.flushAsync()
  }

  /** Ends the response; later writes raise an invalid-operation error. */
  completeAsync(): Promise<void> {
    return this.#body.completeAsync()
  }

  /** Runs just before the head goes out, last registered first. Raises an invalid-operation error once the response has started. */
  onStarting(callback: ResponseCallback): void {
    if (callback === undefined || callback === null) throw coreErrors.argumentNull('callback', 'onStarting')
    this.#feature.onStarting(callback)
  }

  /** Runs when the response has ended, also after a failure or an abort, last registered first. */
  onCompleted(callback: ResponseCallback): void {
    if (callback === undefined || callback === null) throw coreErrors.argumentNull('callback', 'onCompleted')
    this.#feature.onCompleted(callback)
  }

  /** Disposes the object when the response has ended; asynchronous disposal is preferred. */
  registerForDispose(disposable: Disposable | AsyncDisposable): void {
    this.onCompleted(() => (Symbol.asyncDispose in disposable ? disposable[Symbol.asyncDispose]() : disposable[Symbol.dispose]()))
  }

  /** Status 200, no headers, no reason phrase. Raises an invalid-operation error once the response has started. */
  clear(): void {
    if (this.hasStarted) throw coreErrors.responseStarted('clear()')
    this.headers.clear()
    this.#feature.reasonPhrase = undefined
    this.statusCode = 200
  }
}
