import { createFeatureKey, type FeatureKey } from './feature-collection.ts'

/** Ends a request early, and tells that it was ended. (ASP.NET Core: IHttpRequestLifetimeFeature) */
export interface HttpRequestLifetimeFeature {
  /** Aborts when the peer has gone or the request was aborted. Made on first use; may be replaced. */
  requestAborted: AbortSignal
  /** Ends the connection without finishing the response. */
  abort(): void
}

export const HttpRequestLifetimeFeature: FeatureKey<HttpRequestLifetimeFeature> = createFeatureKey('HttpRequestLifetimeFeature')
