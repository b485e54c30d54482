import { createFeatureKey, type FeatureKey } from './feature-collection.ts'

/** The connection that a request came on. Ports are undefined where the transport has none. (ASP.NET Core: IHttpConnectionFeature) */
export interface HttpConnectionFeature {
  connectionId: string
  remoteIpAddress: string | undefined
  remotePort: number | undefined
  localIpAddress: string | undefined
  localPort: number | undefined
}

export const HttpConnectionFeature: FeatureKey<HttpConnectionFeature> = createFeatureKey('HttpConnectionFeature')
