import { type FeatureSource, HttpConnectionFeature, HttpRequestFeature } from '@windhover/core'
import type { MemorySocket } from '../connections/memory-socket.ts'
import { Exchange } from './exchange.ts'

/** The exchanges of a server. A request of the application is told by the client's address and port, which no two open connections share. */
export class Exchanges implements Iterable<Exchange> {
  readonly #connections = new Map<string, MemorySocket>()
  readonly #expected = new Map<MemorySocket, Exchange>()
  readonly #all = new Set<Exchange>()

  /** Takes the client's end of a new connection in. */
  addConnection(client: MemorySocket): void {
    const key = keyOf(client.localAddress, client.localPort)
    this.#connections.set(key, client)
    client.once('close', () => {
      if (this.#connections.get(key) === client) this.#connections.delete(key)
    })
  }

  hasConnection(address: string, port: number): boolean {
    return this.#connections.has(keyOf(address, port))
  }

  /** Opens an exchange: the next request on its connection is its own. */
  open(name: string, client: MemorySocket): Exchange {
    const exchange = new Exchange(name, client)
    this.#expected.set(client, exchange)
    this.#add(exchange)
    return exchange
  }

  /** The exchange of a request that has reached the application. One that a test has written by hand gets its own here. */
  of(features: FeatureSource): Exchange | undefined {
    const { remoteIpAddress, remotePort } = features[HttpConnectionFeature] as HttpConnectionFeature
    const client = this.#connections.get(keyOf(remoteIpAddress, remotePort))
    if (client === undefined) return undefined
    return this.#expected.get(client) ?? this.#openUnexpected(features, client)
  }

  *[Symbol.iterator](): Iterator<Exchange> {
    yield* this.#all
  }

  #openUnexpected(features: FeatureSource, client: MemorySocket): Exchange {
    const { method, rawTarget } = features[HttpRequestFeature] as HttpRequestFeature
    const exchange = new Exchange(`${method} ${rawTarget}`, client)
    // Its answer is on the wire, where the test reads it.
    exchange.observe()
    this.#add(exchange)
    return exchange
  }

  #add(exchange: Exchange): void {
    this.#all.add(exchange)
    const forget = () => {
      this.#expected.delete(exchange.connection)
      if (!exchange.hasUnobservedFailure) this.#all.delete(exchange)
    }
    exchange.outcome.then(forget, forget)
  }
}

function keyOf(address: string | undefined, port: number | undefined): string {
  return `${address} ${port}`
}
