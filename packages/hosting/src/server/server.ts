import type { FeatureCollection, FeatureSource } from '@windhover/core'

/** What a server calls for each request. `TContext` is the application's own. (ASP.NET Core: IHttpApplication) */
export abstract class HttpApplication<TContext> {
  abstract createContext(features: FeatureSource): TContext
  abstract processRequestAsync(context: TContext): Promise<void> | void
  /** `error` is what the request ended with, undefined when it went well. */
  abstract disposeContext(context: TContext, error?: unknown): void
}

/** Listens, and feeds requests to the application. (ASP.NET Core: IServer) */
export abstract class Server implements AsyncDisposable {
  /** The server's own features, `ServerAddressesFeature` among them. */
  abstract readonly features: FeatureCollection
  /** Starts to listen. Rejects when an address is wrong or in use. */
  abstract startAsync<TContext>(application: HttpApplication<TContext>, signal?: AbortSignal): Promise<void>
  /** Stops to listen and waits for the requests under way; when the signal fires, it ends them. A second call waits for the first. */
  abstract stopAsync(signal?: AbortSignal): Promise<void>
  /** Stops at once. */
  abstract [Symbol.asyncDispose](): Promise<void>
}
