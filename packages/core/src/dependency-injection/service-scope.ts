import type { ServiceProvider } from './service-provider.ts'

/**
 * A scope and the services that live as long as it does. Disposing it disposes what it made, in reverse order of creation; it is
 * harmless to dispose it twice. (.NET: IServiceScope)
 */
export interface ServiceScope extends Disposable, AsyncDisposable {
  readonly serviceProvider: ServiceProvider
}

/** A scope for `await using`: it can only be disposed asynchronously. (.NET: AsyncServiceScope) */
export interface AsyncServiceScope extends AsyncDisposable {
  readonly serviceProvider: ServiceProvider
}

/** Makes scopes; a scope made from a scope is not nested in it. Resolvable from every provider. (.NET: IServiceScopeFactory) */
export abstract class ServiceScopeFactory {
  /** Throws an object-disposed error after the root provider has been disposed. */
  abstract createScope(): ServiceScope
}
