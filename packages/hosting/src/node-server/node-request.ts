import { Readable } from 'node:stream'
import {
  HeaderDictionary,
  type HttpMaxRequestBodySizeFeature,
  type HttpRequestBodyDetectionFeature,
  type HttpRequestFeature,
} from '@windhover/core'
import { hostingErrors } from '../errors/hosting-errors.ts'
import type { IncomingRequest } from './incoming-request.ts'
import type { RequestHead } from './request-head.ts'

const none: readonly string[] = []

/** The request as it came, and what middleware have made of it. */
export class NodeRequest implements HttpRequestFeature, HttpRequestBodyDetectionFeature, HttpMaxRequestBodySizeFeature {
  method: string
  scheme: string
  path: string
  pathBase = ''
  queryString: string
  readonly rawTarget: string
  #rawHeaders: readonly string[]
  #message: IncomingRequest | undefined
  #headers: HeaderDictionary | undefined
  #body: Readable | undefined
  #protocol: string | undefined
  #maxRequestBodySize: number | null

  constructor(message: IncomingRequest, head: RequestHead, scheme: string, maxRequestBodySize: number | null) {
    this.#message = message
    this.#rawHeaders = head.rawHeaders
    this.method = message.method!
    this.rawTarget = message.url!
    this.path = head.target.path
    this.queryString = head.target.queryString
    this.scheme = scheme
    this.#maxRequestBodySize = maxRequestBodySize
  }

  get protocol(): string {
    this.#protocol ??= `HTTP/${this.#message!.httpVersion}`
    return this.#protocol
  }

  set protocol(value: string) {
    this.#protocol = value
  }

  get headers(): HeaderDictionary {
    this.#headers ??= new HeaderDictionary(this.#rawHeaders)
    return this.#headers
  }

  get body(): Readable {
    this.#body ??= this.#message ?? Readable.from([])
    return this.#body
  }

  set body(value: Readable) {
    this.#body = value
  }

  get canHaveBody(): boolean {
    if (this.#message === undefined) return false
    const { headers } = this.#message
    return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
  }

  get isReadOnly(): boolean {
    return this.#message === undefined || this.#message.isBodyRead
  }

  get maxRequestBodySize(): number | null {
    return this.#maxRequestBodySize
  }

  set maxRequestBodySize(value: number | null) {
    if (this.isReadOnly) throw hostingErrors.maxRequestBodySizeReadOnly()
    if (value !== null && !(value >= 0)) throw hostingErrors.limitOutOfRange('maxRequestBodySize', value, 0)
    this.#maxRequestBodySize = value
  }

  /** Lets go of Node's request: from now on the body is empty. */
  release(): void {
    void this.protocol
    this.headers.compact()
    this.#rawHeaders = none
    if (this.#body === this.#message) this.#body = undefined
    this.#message = undefined
  }
}
