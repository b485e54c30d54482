import type { FeatureCollection } from '../features/feature-collection.ts'
import { HttpConnectionFeature } from '../features/http-connection-feature.ts'

/** The connection that the request came on. (ASP.NET Core: ConnectionInfo) */
export class ConnectionInfo {
  readonly #features: FeatureCollection

  constructor(features: FeatureCollection) {
    this.#features = features
  }

  get #feature(): HttpConnectionFeature {
    return this.#features.getRequired(HttpConnectionFeature)
  }

  /** A name for the connection in logs, unique in this process. */
  get id(): string {
    return this.#feature.connectionId
  }

  /** Undefined when the transport has no addresses. */
  get remoteIpAddress(): string | undefined {
    return this.#feature.remoteIpAddress
  }

  set remoteIpAddress(value: string | undefined) {
    this.#feature.remoteIpAddress = value
  }

  get remotePort(): number | undefined {
    return this.#feature.remotePort
  }

  set remotePort(value: number | undefined) {
    this.#feature.remotePort = value
  }

  get localIpAddress(): string | undefined {
    return this.#feature.localIpAddress
  }

  set localIpAddress(value: string | undefined) {
    this.#feature.localIpAddress = value
  }

  get localPort(): number | undefined {
    return this.#feature.localPort
  }

  set localPort(value: number | undefined) {
    this.#feature.localPort = value
  }
}
