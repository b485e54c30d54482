import { createFeatureKey, type FeatureKey } from './feature-collection.ts'

/** Where the server listens; before the start, where it shall. (ASP.NET Core: IServerAddressesFeature) */
export interface ServerAddressesFeature {
  readonly addresses: string[]
  /** True: the addresses of the host's configuration win over those of the server's own options. */
  preferHostingUrls: boolean
}

export const ServerAddressesFeature: FeatureKey<ServerAddressesFeature> = createFeatureKey('ServerAddressesFeature')
