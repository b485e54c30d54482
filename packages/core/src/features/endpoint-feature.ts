import type { Endpoint } from '../http/endpoint.ts'
import { createFeatureKey, type FeatureKey } from './feature-collection.ts'

/** The endpoint that was chosen for the request. (ASP.NET Core: IEndpointFeature) */
export interface EndpointFeature {
  endpoint: Endpoint | undefined
}

export const EndpointFeature: FeatureKey<EndpointFeature> = createFeatureKey('EndpointFeature')
