import type { Readable } from 'node:stream'
import { coreErrors } from '../errors/core-errors.ts'
import { FormFeature } from '../features/form-feature.ts'
import { HttpRequestBodyDetectionFeature, HttpRequestFeature } from '../features/http-request-feature.ts'
import { readText, readUnlessAborted } from './body-text.ts'
import { BufferedBody, type BufferingOptions } from './buffered-body.ts'
import { DefaultFormFeature } from './default-form-feature.ts'
import { displayUrl, encodedPathAndQuery, encodedUrl } from './encoded-url.ts'
import type { FormCollection } from './form-collection.ts'
import type { FormOptions } from './form-options.ts'
import type { HeaderDictionary } from './header-dictionary.ts'
import { charsetOf, mediaType } from './header-value.ts'
import { HostString } from './host-string.ts'
import type { HttpContext } from './http-context.ts'
import { QueryCollection } from './query-collection.ts'
import { QueryString } from './query-string.ts'
import { RequestCookies } from './request-cookies.ts'
import { toWebRequest } from './web-request.ts'

/** What the client asked for. Middleware may change method, scheme, host, path and query. (ASP.NET Core: HttpRequest) */
export class HttpRequest {
  readonly httpContext: HttpContext
  #current: HttpRequestFeature | undefined
  #revision = -1
  #query: QueryCollection | undefined
  #queryOf: string | undefined
  #cookies: RequestCookies | undefined
  #cookiesOf: string | null | undefined
  #bufferedBody: BufferedBody | undefined

  constructor(httpContext: HttpContext) {
    this.httpContext = httpContext
  }

  /** Nearly every member passes here, so the feature is looked up only when the features have changed. */
  get #feature(): HttpRequestFeature {
    const { features } = this.httpContext
    if (features.revision !== this.#revision) {
      this.#current = features.getRequired(HttpRequestFeature)
      this.#revision = features.revision
    }
    return this.#current as HttpRequestFeature
  }

  /** As sent: methods are case-sensitive (RFC 9110 section 9.1). */
  get method(): string {
    return this.#feature.method
  }

  set method(value: string) {
    this.#feature.method = value
  }

  /** `http` or `https`. */
  get scheme(): string {
    return this.#feature.scheme
  }

  set scheme(value: string) {
    this.#feature.scheme = value
  }

  get isHttps(): boolean {
    return this.scheme.toLowerCase() === 'https'
  }

  set isHttps(value: boolean) {
    this.scheme = value ? 'https' : 'http'
  }

  /** `HTTP/1.0`, `HTTP/1.1` or `HTTP/2`. */
  get protocol(): string {
    return this.#feature.protocol
  }

  set protocol(value: string) {
    this.#feature.protocol = value
  }

  /** The `Host` header, punycode in letters; empty when the request has none. Never taken from the request target. */
  get host(): HostString {
    return HostString.fromUriComponent(this.headers.get('Host') ?? '')
  }

  set host(value: HostString | string) {
    this.headers.set('Host', value.toString())
  }

  /** The path that is left to match: decoded once, without dot segments, starting with `/` or empty. */
  get path(): string {
    return this.#feature.path
  }

  set path(value: string) {
    this.#feature.path = checkedPath(value)
  }

  /** The part of the path that `map` or `usePathBase` has consumed. */
  get pathBase(): string {
    return this.#feature.pathBase
  }

  set pathBase(value: string) {
    this.#feature.pathBase = checkedPath(value)
  }

  /** With its leading `?`, not decoded; empty when there is none. */
  get queryString(): string {
    return this.#feature.queryString
  }

  set queryString(value: string) {
    if (value !== '' && value[0] !== '?') throw coreErrors.queryStringWithoutMark(value)
    this.#feature.queryString = value
  }

  /** The decoded values of the query string. */
  get query(): QueryCollection {
    const queryString = this.queryString
    if (this.#query === undefined || this.#queryOf !== queryString) {
      this.#query = QueryCollection.parse(queryString)
      this.#queryOf = queryString
    }
    return this.#query
  }

  /** Changes `queryString` as well. */
  set query(value: QueryCollection) {
    this.queryString = QueryString.create(value)
    this.#query = value
    this.#queryOf = this.queryString
  }

  get headers(): HeaderDictionary {
    return this.#feature.headers
  }

  get cookies(): RequestCookies {
    const { headers } = this
    const header = headers.get('Cookie')
    if (this.#cookies === undefined || this.#cookiesOf !== header) {
      this.#cookies = RequestCookies.parse(headers.getAll('Cookie'))
      this.#cookiesOf = header
    }
    return this.#cookies
  }

  get contentType(): string | undefined {
    return this.headers.contentType
  }

  set contentType(value: string | undefined) {
    this.headers.contentType = value
  }

  /** In bytes; undefined when the request does not say. */
  get contentLength(): number | undefined {
    return this.headers.contentLength
  }

  set contentLength(value: number | undefined) {
    this.headers.contentLength = value
  }

  /** The body as a stream of bytes. Reading past the size limit fails with a bad-request error of status 413. */
  get body(): Readable {
    return this.#feature.body
  }

  set body(value: Readable) {
    this.#feature.body = value
  }

  /** Whether a body can follow the head of this request. A server that does not tell is taken to send one. */
  get canHaveBody(): boolean {
    return this.httpContext.features.get(HttpRequestBodyDetectionFeature)?.canHaveBody ?? true
  }

  /**
   * Lets the body be read several times: `rewindBody()` starts it again. Bytes are kept as they are read, in memory and, beyond a
   * threshold, in a temporary file, until the response has ended. Does nothing when it was called before. (ASP.NET Core: EnableBuffering)
   */
  enableBuffering(options?: BufferingOptions): void {
    if (this.#bufferedBody !== undefined) return
    const buffered = new BufferedBody(this.body, options)
    this.#bufferedBody = buffered
    this.httpContext.response.registerForDispose(buffered)
    this.body = buffered.open()
  }

  /** Sets `body` to its beginning. Raises an invalid-operation error without `enableBuffering()`. (ASP.NET Core: Body.Position = 0) */
  rewindBody(): void {
    if (this.#bufferedBody === undefined) throw coreErrors.bufferingNotEnabled()
    this.body = this.#bufferedBody.open()
  }

  /**
   * The whole body as text, in the charset that Content-Type names, else UTF-8; a byte order mark is dropped. Raises a bad-request error
   * of status 415 for a charset that the platform does not know, and an operation-canceled error when the signal fires.
   */
  readAsTextAsync(signal?: AbortSignal): Promise<string> {
    const { body } = this
    return readUnlessAborted(body, signal, () => readText(body, charsetOf(this.contentType)))
  }

  /** The whole body as JSON. Raises a bad-request error: 415 for another Content-Type, 400 for text that is not JSON. */
  async readFromJsonAsync<T = unknown>(signal?: AbortSignal): Promise<T> {
    const type = mediaType(this.contentType)
    if (type !== 'application/json' && !type.endsWith('+json')) throw coreErrors.notJson(this.contentType)
    const body = await this.readAsTextAsync(signal)
    try {
      return JSON.parse(body) as T
    } catch (error) {
      throw coreErrors.malformedJson(withoutBody(error as SyntaxError))
    }
  }

  get #form(): FormFeature {
    const { features } = this.httpContext
    const feature = features.get(FormFeature)
    if (feature !== undefined) return feature
    const made = new DefaultFormFeature(this)
    features.set(FormFeature, made)
    return made
  }

  /** True for `application/x-www-form-urlencoded` and `multipart/form-data`. */
  get hasFormContentType(): boolean {
    return this.#form.hasFormContentType
  }

  /**
   * Reads the body as a form; a second call gives the same one. What `options` does not say comes from `services.configure(FormOptions,
   * ...)`, else from the defaults of `FormOptions`. Rejects with an invalid-operation error for another Content-Type, with an invalid-data
   * error for a form that is malformed or exceeds a limit, with an io error for one that ends too early, with an operation-canceled error
   * when the signal fires.
   */
  readFormAsync(options?: Partial<FormOptions>, signal?: AbortSignal): Promise<FormCollection> {
    return this.#form.readFormAsync(options, signal)
  }

  /** The request as fetch's `Request`, for code written against the web's API. Its body is this body: read one of them. */
  toWebRequest(): Request {
    return toWebRequest(this)
  }

  /** Scheme, host, path and query, decoded, for people to read. (ASP.NET Core: GetDisplayUrl) */
  getDisplayUrl(): string {
    return displayUrl(this)
  }

  /** The same, encoded for a header or a link. (ASP.NET Core: GetEncodedUrl) */
  getEncodedUrl(): string {
    return encodedUrl(this)
  }

  getEncodedPathAndQuery(): string {
    return encodedPathAndQuery(this)
  }
}

function checkedPath(value: string): string {
  if (value !== '' && value[0] !== '/') throw coreErrors.pathWithoutSlash(value)
  return value
}

/** The engine quotes the text in its message, and the cause of an error is logged: a body may hold a password. */
function withoutBody({ message }: SyntaxError): SyntaxError {
  return new SyntaxError(message.split(/,? ?(?:\.\.\.)?"/, 1)[0] || 'Unexpected token')
}
