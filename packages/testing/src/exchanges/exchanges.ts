import { type FeatureSource, HttpConnectionFeature, HttpRequestFeature } from '@windhover/core'
import type { MemorySocket } from '../connections/memory-socket.ts'
import { testingErrors } from '../errors/testing-errors.ts'
import { Exchange, type ExchangeSettings } from './exchange.ts'

/** The exchanges of a server. A request of the application is told by the client's address and port, which no two open connections share. */
export class Exchanges implements Iterable<Exchange> {
  readonly #settings: ExchangeSettings
  readonly #connections = new Map<string, MemorySocket>()
  readonly #expected = new Map<string, Exchange>()
  readonly #all = new Set<Exchange>()

  constructor(settings: ExchangeSettings) {
    this.#settings = settings
  }

  /** The clients' ends of the connections that the server has open. */
  get connections(): Iterable<MemorySocket> {
    return this.#connections.values()
  }

  addConnection({ client, server }: { client: MemorySocket; server: MemorySocket }): void {
    const key = keyOf(client.localAddress, client.localPort)
    if (this.#connections.has(key)) throw testingErrors.addressInUse(key)
    this.#connections.set(key, client)
    server.once('close', () => this.#connections.delete(key))
  }

  /** Opens an exchange: the next request on its connection is its own. */
  open(name: string, client: MemorySocket): Exchange {
    const exchange = new Exchange(name, client, this.#settings)
    this.#expected.set(keyOf(client.localAddress, client.localPort), exchange)
    this.#add(exchange)
    return exchange
  }

  /** The exchange that was opened for a request with this connection. */
  expectedFrom({ remoteIpAddress, remotePort }: Pick<HttpConnectionFeature, 'remoteIpAddress' | 'remotePort'>): Exchange | undefined {
    return this.#expected.get(keyOf(remoteIpAddress, remotePort))
  }

  /** The exchange of a request that has reached the application. One that a test has written by hand gets its own here. */
  of(features: FeatureSource): Exchange | undefined {
    const connection = features[HttpConnectionFeature] as HttpConnectionFeature
    const expected = this.expectedFrom(connection)
    if (expected !== undefined) return expected
    const client = this.#connections.get(keyOf(connection.remoteIpAddress, connection.remotePort))
    return client === undefined ? undefined : this.#openUnexpected(features, client)
  }

  *[Symbol.iterator](): Iterator<Exchange> {
    yield* this.#all
  }

  #openUnexpected(features: FeatureSource, client: MemorySocket): Exchange {
    const { method, rawTarget } = features[HttpRequestFeature] as HttpRequestFeature
    const exchange = new Exchange(`${method} ${rawTarget}`, client, this.#settings)
    // Its answer is on the wire, where the test reads it.
    exchange.observe()
    this.#add(exchange)
    return exchange
  }

  #add(exchange: Exchange): void {
    this.#all.add(exchange)
    const { localAddress, localPort } = exchange.connection
    const key = keyOf(localAddress, localPort)
    const forget = () => {
      if (this.#expected.get(key) === exchange) this.#expected.delete(key)
      if (!exchange.hasUnobservedFailure) this.#all.delete(exchange)
    }
    exchange.outcome.then(forget, forget)
  }
}

function keyOf(address: string | undefined, port: number | undefined): string {
  return `${address} port ${port}`
}
