import type { Duplex } from 'node:stream'
import { FeatureCollection, type LoggerFactory, ServerAddressesFeature } from '@windhover/core'
import { hostingErrors } from '../errors/hosting-errors.ts'
import { type HttpApplication, Server } from '../server/server.ts'
import { BindingAddress } from './binding-address.ts'
import { HttpEngine } from './http-engine.ts'
import { bindAsync, type Listener } from './listener.ts'
import type { ConnectionAddresses } from './node-connection.ts'
import { type NodeServerOptions, type ResolvedNodeServerOptions, resolveNodeServerOptions } from './node-server-options.ts'
import { ServerLog } from './server-log.ts'

const defaultAddress = 'http://localhost:5000'

/**
 * The server on `node:http`: HTTP/1.1 over TCP, socket files, and any other duplex stream. It answers and refuses as Kestrel does. It starts once.
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
      for (const address of this.#addressesToBind()) {
        const onMissing = (error: unknown): void => this.#log.loopbackMissing(address, error)
        this.#listeners.push(...(await bindAsync(BindingAddress.parse(address), socket => this.#engine.accept(socket), onMissing)))
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

  #addressesToBind(): readonly string[] {
    const { listen } = this.options
    const { addresses, preferHostingUrls } = this.#addresses
    if (listen === false) return []
    if (listen.length === 0) return addresses.length > 0 ? [...addresses] : [defaultAddress]
    if (addresses.length === 0) return listen
    if (preferHostingUrls) {
      this.#log.addressOverridden(listen, addresses.join(', '))
      return [...addresses]
    }
    this.#log.addressOverridden(addresses, listen.join(', '))
    return listen
  }

  /**
   * Takes a connection that did not come through a port, such as one end of `stream.duplexPair()`. The addresses are what the request's connection shows.
   * Raises an invalid-operation error unless the server runs.
   */
  connect(connection: Duplex, addresses: ConnectionAddresses = {}): void {
    if (!this.#engine.isRunning) throw hostingErrors.serverNotRunning()
    this.#engine.accept(connection, addresses)
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
