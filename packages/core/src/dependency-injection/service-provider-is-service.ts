import type { ServiceIdentifier } from './service-token.ts'

/** Tells whether a service could be asked for, without making it. Resolvable from every provider. (.NET: IServiceProviderIsService) */
export abstract class ServiceProviderIsService {
  /** True for what is registered without a key, for `allOf(...)` of anything, and for tokens that resolve without a registration. */
  abstract isService(identifier: ServiceIdentifier): boolean
}

/** The same for services with a key. (.NET: IServiceProviderIsKeyedService) */
export abstract class ServiceProviderIsKeyedService extends ServiceProviderIsService {
  /** True for a registration with exactly this key or for any key. */
  abstract isKeyedService(identifier: ServiceIdentifier, key: unknown): boolean
}
