import { createFeatureKey, type FeatureKey } from './feature-collection.ts'

/** The time limit of a request; accepting a WebSocket switches it off. (ASP.NET Core: IHttpRequestTimeoutFeature) */
export interface HttpRequestTimeoutFeature {
  readonly requestTimeoutToken: AbortSignal
  disableTimeout(): void
}

export const HttpRequestTimeoutFeature: FeatureKey<HttpRequestTimeoutFeature> = createFeatureKey('HttpRequestTimeoutFeature')
