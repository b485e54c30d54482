import { disposeScope } from '../dependency-injection/default-service-provider.ts'
import type { ServiceProvider } from '../dependency-injection/service-provider.ts'
import type { ServiceScopeFactory } from '../dependency-injection/service-scope.ts'
import { coreErrors } from '../errors/core-errors.ts'
import { defaultHttpFeatures } from '../features/default-http-features.ts'
import { EndpointFeature } from '../features/endpoint-feature.ts'
import { FeatureCollection } from '../features/feature-collection.ts'
import { HttpRequestIdentifierFeature } from '../features/http-request-identifier-feature.ts'
import { HttpRequestLifetimeFeature } from '../features/http-request-lifetime-feature.ts'
import { ServiceProvidersFeature } from '../features/service-providers-feature.ts'
import { WebSocketManager } from '../web-sockets/web-socket-manager.ts'
import { ClaimsPrincipal } from './claims-principal.ts'
import { ConnectionInfo } from './connection-info.ts'
import type { Endpoint } from './endpoint.ts'
import { HttpRequest } from './http-request.ts'
import { HttpResponse } from './http-response.ts'
import { type Session, SessionFeature } from './session.ts'

/** The services of a request; undefined where there are none, in a context that was made without a host. */
export let requestServicesOrUndefined: (context: HttpContext) => ServiceProvider | undefined

/**
 * For middleware classes, whose `next` is one for all requests: false when `component` has called it before for this request.
 */
export let takeNext: (context: HttpContext, component: object) => boolean

/** A component that is run again for the same request (an error page re-executes the pipeline) may call `next` again. */
export let restoreNext: (context: HttpContext, component: object) => void

/**
 * One request and its response, on their way through the pipeline. What costs something is made on first use.
 * Every member throws an object-disposed error once the request has ended. (ASP.NET Core: HttpContext)
 *
 * `new HttpContext()` makes one that has no server, for tests of a middleware.
 */
export class HttpContext {
  readonly features: FeatureCollection
  readonly #scopeFactory: ServiceScopeFactory | undefined
  #request: HttpRequest | undefined
  #response: HttpResponse | undefined
  #requestServices: ServiceProvider | undefined
  #items: Map<unknown, unknown> | undefined
  #user: ClaimsPrincipal | undefined
  #connection: ConnectionInfo | undefined
  #webSockets: WebSocketManager | undefined
  #traceIdentifier: string | undefined
  #nextCalls: Set<object> | undefined

  static {
    requestServicesOrUndefined = context => {
      const own = context.features.get(ServiceProvidersFeature)?.requestServices ?? context.#requestServices
      return own ?? (context.#scopeFactory === undefined ? undefined : context.#createScope(context.#scopeFactory))
    }
    takeNext = (context, component) => {
      context.#nextCalls ??= new Set()
      if (context.#nextCalls.has(component)) return false
      context.#nextCalls.add(component)
      return true
    }
    restoreNext = (context, component) => {
      context.#nextCalls?.delete(component)
    }
  }

  constructor(features: FeatureCollection = new FeatureCollection(defaultHttpFeatures()), serviceScopeFactory?: ServiceScopeFactory) {
    this.features = features
    this.#scopeFactory = serviceScopeFactory
  }

  get request(): HttpRequest {
    this.#request ??= new HttpRequest(this)
    return this.#request
  }

  get response(): HttpResponse {
    this.#response ??= new HttpResponse(this)
    return this.#response
  }

  /** Accepts WebSockets; needs `app.useWebSockets()` before the middleware that accepts. */
  get webSockets(): WebSocketManager {
    this.#webSockets ??= new WebSocketManager(this)
    return this.#webSockets
  }

  get connection(): ConnectionInfo {
    this.#connection ??= new ConnectionInfo(this.features)
    return this.#connection
  }

  /** Values that middleware share during one request. */
  get items(): Map<unknown, unknown> {
    this.#checkOpen()
    this.#items ??= new Map()
    return this.#items
  }

  /** An anonymous user unless a middleware sets another. */
  get user(): ClaimsPrincipal {
    this.#checkOpen()
    this.#user ??= new ClaimsPrincipal()
    return this.#user
  }

  set user(value: ClaimsPrincipal) {
    this.#checkOpen()
    this.#user = value
  }

  /**
   * The services of this request: a scope that is made on first use and disposed when the response has completed; for a WebSocket, when
   * its handler has ended. Raises an invalid-operation error in a context that has neither a host nor a services feature.
   */
  get requestServices(): ServiceProvider {
    const services = requestServicesOrUndefined(this)
    if (services === undefined) throw coreErrors.requestServicesMissing()
    return services
  }

  set requestServices(value: ServiceProvider) {
    this.features.set(ServiceProvidersFeature, { requestServices: value })
  }

  #createScope(factory: ServiceScopeFactory): ServiceProvider {
    const scope = factory.createScope()
    this.#requestServices = scope.serviceProvider
    this.response.onCompleted(() => disposeScope(scope))
    return scope.serviceProvider
  }

  /** Aborts when the peer has gone, or when `abort()` was called. */
  get requestAborted(): AbortSignal {
    return this.features.getRequired(HttpRequestLifetimeFeature).requestAborted
  }

  set requestAborted(value: AbortSignal) {
    this.features.getRequired(HttpRequestLifetimeFeature).requestAborted = value
  }

  /** Ends the connection without finishing the response. */
  abort(): void {
    this.features.getRequired(HttpRequestLifetimeFeature).abort()
  }

  /** A name for the request in logs, unique in this process. */
  get traceIdentifier(): string {
    const feature = this.features.get(HttpRequestIdentifierFeature)
    if (feature !== undefined) return feature.traceIdentifier
    this.#traceIdentifier ??= `request-${nextTraceNumber++}`
    return this.#traceIdentifier
  }

  set traceIdentifier(value: string) {
    const feature = this.features.get(HttpRequestIdentifierFeature)
    if (feature === undefined) this.#traceIdentifier = value
    else feature.traceIdentifier = value
  }

  /** Raises an invalid-operation error when no middleware provides sessions. */
  get session(): Session {
    const feature = this.features.get(SessionFeature)
    if (feature === undefined) throw coreErrors.sessionMissing()
    return feature.session
  }

  /** The endpoint that was chosen for this request; undefined when none was. (ASP.NET Core: GetEndpoint) */
  getEndpoint(): Endpoint | undefined {
    return this.features.get(EndpointFeature)?.endpoint
  }

  setEndpoint(endpoint: Endpoint | undefined): void {
    this.features.set(EndpointFeature, endpoint === undefined ? undefined : { endpoint })
  }

  #checkOpen(): void {
    if (this.features.isClosed) throw coreErrors.contextEnded()
  }
}

let nextTraceNumber = 1
