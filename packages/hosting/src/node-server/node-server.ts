import type { Duplex } from 'node:stream'
import { FeatureCollection, type LoggerFactory, ServerAddressesFeature } from '@windhover/core'
import { loadDevelopmentCertificate } from '../dev-certs/development-certificate.ts'
import { hostingErrors } from '../errors/hosting-errors.ts'
import { type HttpApplication, Server } from '../server/server.ts'
import { BindingAddress } from './binding-address.ts'
import { HttpEngine } from './http-engine.ts'
import { HttpProtocol, HttpProtocols } from './http-protocols.ts'
import type { ListenOptions } from './listen-options.ts'
import { type AcceptConnection, bindAsync, type Listener } from './listener.ts'
import type { ConnectionAddresses } from './node-connection.ts'
import { type NodeServerOptions, type ResolvedNodeServerOptions, resolveNodeServerOptions } from './node-server-options.ts'
import { ServerLog } from './server-log.ts'
import type { HttpsOptions } from './tls/https-options.ts'
import { hasCertificate } from './tls/secure-contexts.ts'
import { TlsEndpoint } from './tls/tls-endpoint.ts'

const defaultAddress = 'http://localhost:5000'

/**
 * The server on `node:http` and `node:http2`: HTTP/1.1 and HTTP/2, with and without TLS, over TCP, socket files, and any other duplex stream. It answers and refuses as Kestrel does. It starts once.
 * (ASP.NET Core: KestrelServer)
 */
export class NodeServer extends Server {
  readonly features: FeatureCollection = new FeatureCollection()
  /** As the server uses them, defaults included; frozen. */
  readonly options: ResolvedNodeServerOptions
  readonly #log: ServerLog
  readonly #engine: HttpEngine
  readonly #addresses: ServerAddressesFeature = { addresses: [], preferHostingUrls: false }
  #listeners: Listener[] = []
  #isStarted = false
  #stopping: Promise<void> | undefined

  /** Raises an argument-out-of-range error for a limit that is none. Without a logger factory nothing is logged. */
  constructor(options?: NodeServerOptions, loggerFactory?: LoggerFactory) {
    super()
    this.options = resolveNodeServerOptions(options)
    this.#log = new ServerLog(loggerFactory)
    this.#engine = new HttpEngine(this.options, this.#log)
    this.features.set(ServerAddressesFeature, this.#addresses)
  }

  /**
   * Listens on every address; afterwards `ServerAddressesFeature` has those that were really bound. When one fails, none stays bound.
   * Raises an invalid-operation error for a second start, an I/O error when an address is in use, a cancellation when the signal has fired.
   */
  async startAsync<TContext>(application: HttpApplication<TContext>, signal?: AbortSignal): Promise<void> {
    if (this.#isStarted) throw hostingErrors.serverStarted()
    if (signal?.aborted) throw hostingErrors.startCanceled(signal.reason)
    this.#isStarted = true
    this.#engine.start(application as HttpApplication<unknown>)
    try {
      for (const endpoint of this.#endpointsToBind()) {
        const onMissing = (error: unknown): void => this.#log.loopbackMissing(endpoint.url, error)
        const address = BindingAddress.parse(endpoint.url)
        this.#listeners.push(...(await bindAsync(address, this.#acceptFor(address, endpoint), onMissing)))
        if (signal?.aborted) throw hostingErrors.startCanceled(signal.reason)
      }
    } catch (error) {
      await this[Symbol.asyncDispose]()
      throw error
    }
    if (this.options.listen === false) return
    const bound = new Set(this.#listeners.map(listener => listener.url))
    this.#addresses.addresses.splice(0, Number.POSITIVE_INFINITY, ...bound)
  }

  #endpointsToBind(): readonly ListenOptions[] {
    const { listen } = this.options
    const { addresses, preferHostingUrls } = this.#addresses
    if (listen === false) return []
    const endpoints = addresses.map(url => ({ url }))
    if (listen.length === 0) return endpoints.length > 0 ? endpoints : [{ url: defaultAddress }]
    if (endpoints.length === 0) return listen
    const own = listen.map(({ url }) => url)
    if (preferHostingUrls) {
      this.#log.addressOverridden(own, addresses.join(', '))
      return endpoints
    }
    this.#log.addressOverridden(addresses, own.join(', '))
    return listen
  }

  /** What becomes of the connections of an endpoint. */
  #acceptFor(address: BindingAddress, { protocols = this.options.protocols, https }: ListenOptions): AcceptConnection {
    if (address.scheme.toLowerCase() === 'https') {
      const endpoint = new TlsEndpoint(this.#engine, this.#httpsFor(address, https), protocols)
      return socket => endpoint.accept(socket)
    }
    const protocol = protocols === HttpProtocols.Http2 ? HttpProtocol.Http2 : HttpProtocol.Http11
    return socket => this.#engine.accept(socket, undefined, protocol)
  }

  #httpsFor(address: BindingAddress, own: HttpsOptions | undefined): HttpsOptions {
    const options = { ...this.options.https, ...own }
    if (hasCertificate(options) || options.serverCertificateSelector !== undefined) return options
    const certificate = this.options.useDevelopmentCertificate ? loadDevelopmentCertificate() : undefined
    if (certificate === undefined) throw hostingErrors.httpsNotConfigured(address.toString())
    return { ...options, ...certificate }
  }

  /**
   * Takes a connection that did not come through a port, such as one end of `stream.duplexPair()`. The addresses are what the request's connection shows; `protocol` is what the peer
   * speaks.
   * Raises an invalid-operation error unless the server runs.
   */
  connect(connection: Duplex, addresses: ConnectionAddresses = {}, protocol: HttpProtocol = HttpProtocol.Http11): void {
    if (!this.#engine.isRunning) throw hostingErrors.serverNotRunning()
    this.#engine.accept(connection, addresses, protocol)
  }

  /** Connections without a request under way, a browser's spare ones among them, end at once. A later call joins the first; its signal counts as well. */
  async stopAsync(signal?: AbortSignal): Promise<void> {
    for (const listener of this.#listeners) listener.close()
    this.#listeners = []
    if (this.#stopping !== undefined) this.#engine.hurry(signal)
    this.#stopping ??= this.#engine.stopAsync(signal)
    await this.#stopping
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopAsync(AbortSignal.abort())
  }
}
