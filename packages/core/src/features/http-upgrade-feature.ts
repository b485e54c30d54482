import type { Duplex } from 'node:stream'
import { createFeatureKey, type FeatureKey } from './feature-collection.ts'

/** Turns a request into a two-way stream of bytes (RFC 9110 section 7.8). (ASP.NET Core: IHttpUpgradeFeature) */
export interface HttpUpgradeFeature {
  /**
   * True when `Connection` names `upgrade`, an `Upgrade` header is there, and the request has no body. What `Upgrade` names is not looked
   * at.
   */
  readonly isUpgradableRequest: boolean
  /**
   * Sends the 101 with the response headers set so far and hands over the connection. Bytes that came after the request's head are the
   * first ones read. The request owns the stream until its delegate has ended.
   *
   * The owner of the stream reads and writes it, and it alone sees `end`: the stream is half-open, so it answers the peer's end itself. It
   * calls `end()` for what ends well and `destroy()` for what does not: a stream that closes without `end()` was lost, and fires
   * `requestAborted`. An `error` listener of the server stays on the stream, so that a reset cannot end the process.
   *
   * Rejects with an invalid-operation error when the request is not upgradable, was upgraded before, or the response has started; with a
   * bad-request error of status 503 when the limit of upgraded connections is reached.
   */
  upgradeAsync(): Promise<Duplex>
}

export const HttpUpgradeFeature: FeatureKey<HttpUpgradeFeature> = createFeatureKey('HttpUpgradeFeature')

/** Accepts an extended CONNECT request of HTTP/2 (RFC 8441). (ASP.NET Core: IHttpExtendedConnectFeature) */
export interface HttpExtendedConnectFeature {
  readonly isExtendedConnect: boolean
  /** The value of `:protocol`, as sent; undefined when the request is no extended CONNECT. */
  readonly protocol: string | undefined
  /**
   * Answers 200 and hands over the stream of the request. Rejects with an invalid-operation error when the request is no extended CONNECT.
   */
  acceptAsync(): Promise<Duplex>
}

export const HttpExtendedConnectFeature: FeatureKey<HttpExtendedConnectFeature> = createFeatureKey('HttpExtendedConnectFeature')
