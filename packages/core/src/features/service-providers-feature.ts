import type { ServiceProvider } from '../dependency-injection/service-provider.ts'
import { createFeatureKey, type FeatureKey } from './feature-collection.ts'

/** The services of the request, in place of the scope that the context would make. (ASP.NET Core: IServiceProvidersFeature) */
export interface ServiceProvidersFeature {
  requestServices: ServiceProvider
}

export const ServiceProvidersFeature: FeatureKey<ServiceProvidersFeature> = createFeatureKey('ServiceProvidersFeature')
