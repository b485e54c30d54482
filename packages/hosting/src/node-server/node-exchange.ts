import { setMaxListeners } from 'node:events'
import {
  BadHttpRequestException,
  type FeatureSource,
  HttpConnectionFeature,
  HttpMaxRequestBodySizeFeature,
  HttpRequestBodyDetectionFeature,
  HttpRequestFeature,
  HttpRequestIdentifierFeature,
  HttpRequestLifetimeFeature,
  HttpResponseBodyFeature,
  HttpResponseFeature,
  HttpUpgradeFeature,
  isLogged,
  markLogged,
} from '@windhover/core'
import { hostingErrors } from '../errors/hosting-errors.ts'
import type { HttpApplication } from '../server/server.ts'
import { isCancellation } from './cancellation.ts'
import type { ExchangeConnection } from './exchange-connection.ts'
import type { HttpEngine } from './http-engine.ts'
import type { BodyReader, IncomingRequest } from './incoming-request.ts'
import { NodeConnectionFeature } from './node-connection-feature.ts'
import { NodeRequest } from './node-request.ts'
import { NodeResponse } from './node-response.ts'
import { NodeUpgrade, notUpgradable } from './node-upgrade.ts'
import type { RequestHead } from './request-head.ts'
import type { ResponseWriter } from './response-writer.ts'
import type { Takeover } from './takeover.ts'

/**
 * One request and its response on their way through the application: the object that answers for the server's features, and the life cycle of Kestrel's
 * `HttpProtocol`: run the application, finish the response, run `onCompleted`, dispose the context, drop the rest of the body.
 */
export class NodeExchange implements HttpRequestLifetimeFeature, HttpRequestIdentifierFeature, BodyReader {
  readonly engine: HttpEngine
  readonly connection: ExchangeConnection
  readonly request: NodeRequest
  readonly response: NodeResponse
  readonly upgrade: Takeover | undefined
  #message: IncomingRequest | undefined
  #connectionFeature: HttpConnectionFeature | undefined
  #controller: AbortController | undefined
  #requestAborted: AbortSignal | undefined
  #traceIdentifier: string | undefined
  readonly #requestNumber: number
  /** What runs this exchange, once it has made its context. */
  #application: HttpApplication<unknown> | undefined
  #context: unknown
  #isAborted = false
  #failure: { readonly error: unknown } | undefined

  /** Without a `reply` the writer of the answer comes from `upgrade`. */
  constructor(
    engine: HttpEngine,
    connection: ExchangeConnection,
    message: IncomingRequest,
    head: RequestHead,
    reply: ResponseWriter | undefined,
    upgrade?: Takeover,
  ) {
    this.engine = engine
    this.connection = connection
    this.#message = message
    this.#requestNumber = connection.nextRequestNumber()
    this.request = new NodeRequest(message, head, connection.scheme, engine.options.limits.maxRequestBodySize)
    this.response = new NodeResponse(this, reply)
    this.upgrade = upgrade
    upgrade?.begin(this)
    message.reader = this
  }

  get isAborted(): boolean {
    return this.#isAborted
  }

  get isHttp10(): boolean {
    return this.#message?.httpVersionMinor === 0
  }

  /** What the request ends with when nothing else goes wrong; the first error counts. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure
  }

  get requestAborted(): AbortSignal {
    this.#requestAborted ??= this.#createSignal()
    return this.#requestAborted
  }

  set requestAborted(value: AbortSignal) {
    this.#requestAborted = value
  }

  #createSignal(): AbortSignal {
    this.#controller = new AbortController()
    setMaxListeners(0, this.#controller.signal)
    if (this.#isAborted) this.#controller.abort(hostingErrors.requestAborted())
    return this.#controller.signal
  }

  get traceIdentifier(): string {
    this.#traceIdentifier ??= `${this.connection.id}:${this.#requestNumber.toString(16).padStart(8, '0')}`
    return this.#traceIdentifier
  }

  set traceIdentifier(value: string) {
    this.#traceIdentifier = value
  }

  get #expectsContinue(): boolean {
    return !this.isHttp10 && this.#message!.headers.expect?.toLowerCase() === '100-continue'
  }

  get connectionFeature(): HttpConnectionFeature {
    this.#connectionFeature ??= new NodeConnectionFeature(this.connection)
    return this.#connectionFeature
  }

  get maxRequestBodySize(): number | null {
    return this.request.maxRequestBodySize
  }

  abort(): void {
    this.#abort()
    this.connection.abort()
  }

  /** The peer has gone. A response that is complete, and an upgraded stream that its owner has ended, are no loss to anyone. */
  connectionClosed(): void {
    if (this.upgrade?.isUpgraded ? this.connection.isEndedHere : this.response.isComplete) return
    this.#abort()
  }

  /** The peer of an upgraded stream has ended its half. What it has sent can still be read, and it may still read what its owner writes. */
  peerEnded(): void {
    if (!this.connection.socket.writableEnded) this.#abort()
  }

  #abort(): void {
    if (this.#isAborted) return
    this.#isAborted = true
    this.response.abort()
    this.#controller?.abort(hostingErrors.requestAborted())
  }

  onBodyReading(): void {
    if (this.#expectsContinue) this.response.sendContinueWhenAwaited(this.#message!)
    this.engine.dataRates.watchRequest(this.#message!)
  }

  onBodyTooLarge(): void {
    this.response.closesConnection = true
  }

  onDrainLimit(): void {
    // A body that came with its head is over the limit before the answer that says so is written.
    if (this.response.isComplete) this.connection.endSoon(true)
    else this.response.closesConnection = true
  }

  /** Runs the application. Callbacks instead of a suspended function, because for a WebSocket they wait as long as it lives. */
  run(application: HttpApplication<unknown>): void {
    this.engine.connections.exchangeBegins()
    let running: Promise<void> | void
    try {
      this.#context = application.createContext(this as object as FeatureSource)
      this.#application = application
      running = application.processRequestAsync(this.#context)
    } catch (error) {
      this.#finishFailed(error)
      return
    }
    if (running === undefined) this.#finish()
    else
      Promise.resolve(running).then(
        () => this.#finish(),
        error => this.#finishFailed(error),
      )
  }

  #finishFailed(error: unknown): void {
    this.fail(error)
    this.#finish()
  }

  /** The delegate has ended. */
  #finish(): void {
    const finishing = this.response.finish()
    if (finishing === undefined) this.#end()
    else finishing.then(() => this.#end())
  }

  /** An error that nobody caught: it decides the answer, and is logged once. */
  fail(error: unknown): void {
    if ((this.#isAborted || this.connection.socket.destroyed) && isCancellation(error)) {
      this.engine.log.requestAborted(this, error)
      return
    }
    this.#failure ??= { error }
    this.logError(error)
  }

  /** Not even an answer that tells of the error can be sent: the connection ends without one. */
  failUnanswered(error: unknown): void {
    this.fail(error)
    this.abort()
  }

  /** What the client did wrong is no Error of the application. */
  logError(error: unknown): void {
    if (isLogged(error)) return
    if (error instanceof BadHttpRequestException) this.engine.log.badRequest(this, error)
    else this.engine.log.applicationError(this, error)
    markLogged(error)
  }

  /** The body has ended in the middle, or is not framed as HTTP demands. */
  bodyFailed(error: BadHttpRequestException): void {
    this.connection.closesWhenFinished = true
    this.#message?.destroy(error)
  }

  get isBodyComplete(): boolean {
    return this.#message?.complete ?? true
  }

  #end(): void {
    try {
      this.#application?.disposeContext(this.#context, this.#failure?.error)
    } catch (error) {
      this.fail(error)
      this.connection.abort()
    }
    const message = this.#message
    if (message?.isBodyRead) this.engine.dataRates.forgetRequest(message)
    if (message !== undefined && !message.complete) this.connection.drainBody(message)
    this.upgrade?.end()
    this.connection.end()
    this.engine.connections.exchangeEnded()
  }

  /** Lets go of Node's objects, so that an upgraded connection costs little more than its socket. */
  release(): void {
    this.#message = undefined
    this.request.release()
  }
}

// Getters of the prototype, so that a request pays for no feature that nobody asks for.
Object.defineProperties(NodeExchange.prototype, {
  [HttpRequestFeature]: {
    get(this: NodeExchange): HttpRequestFeature {
      return this.request
    },
  },
  [HttpRequestBodyDetectionFeature]: {
    get(this: NodeExchange): HttpRequestBodyDetectionFeature {
      return this.request
    },
  },
  [HttpMaxRequestBodySizeFeature]: {
    get(this: NodeExchange): HttpMaxRequestBodySizeFeature {
      return this.request
    },
  },
  [HttpResponseFeature]: {
    get(this: NodeExchange): HttpResponseFeature {
      return this.response
    },
  },
  [HttpResponseBodyFeature]: {
    get(this: NodeExchange): HttpResponseBodyFeature {
      return this.response
    },
  },
  [HttpRequestLifetimeFeature]: {
    get(this: NodeExchange): HttpRequestLifetimeFeature {
      return this
    },
  },
  [HttpRequestIdentifierFeature]: {
    get(this: NodeExchange): HttpRequestIdentifierFeature {
      return this
    },
  },
  [HttpConnectionFeature]: {
    get(this: NodeExchange): HttpConnectionFeature {
      return this.connectionFeature
    },
  },
  [HttpUpgradeFeature]: {
    get(this: NodeExchange): HttpUpgradeFeature {
      return this.upgrade instanceof NodeUpgrade ? this.upgrade : notUpgradable
    },
  },
})
