import type { FeatureCollection } from '@windhover/core'
import { type HttpApplication, type NodeServer, Server } from '@windhover/hosting'
import type { MemorySocket } from '../connections/memory-socket.ts'
import type { Exchanges } from '../exchanges/exchanges.ts'
import { ObservedApplication } from './observed-application.ts'

/** The real server of an application, whose connections come from memory. */
export class InMemoryServer extends Server {
  readonly #server: NodeServer
  readonly #exchanges: Exchanges

  /** `server` must have been told not to listen. */
  constructor(server: NodeServer, exchanges: Exchanges) {
    super()
    this.#server = server
    this.#exchanges = exchanges
  }

  get features(): FeatureCollection {
    return this.#server.features
  }

  startAsync<TContext>(application: HttpApplication<TContext>, signal?: AbortSignal): Promise<void> {
    return this.#server.startAsync(new ObservedApplication(application, this.#exchanges), signal)
  }

  stopAsync(signal?: AbortSignal): Promise<void> {
    return this.#server.stopAsync(signal)
  }

  connect(connection: MemorySocket): void {
    this.#server.connect(connection, connection)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#server[Symbol.asyncDispose]()
  }
}
