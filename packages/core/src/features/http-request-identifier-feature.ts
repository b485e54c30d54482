import { createFeatureKey, type FeatureKey } from './feature-collection.ts'

/** The name of a request in logs. (ASP.NET Core: IHttpRequestIdentifierFeature) */
export interface HttpRequestIdentifierFeature {
  traceIdentifier: string
}

export const HttpRequestIdentifierFeature: FeatureKey<HttpRequestIdentifierFeature> = createFeatureKey('HttpRequestIdentifierFeature')
