import { ServiceScopeFactory } from '../dependency-injection/service-scope.ts'
import type { FeatureCollection } from '../features/feature-collection.ts'
import { HttpContext } from './http-context.ts'

/** Makes the context of a request and closes it. Replace it to see both moments. (ASP.NET Core: IHttpContextFactory) */
export abstract class HttpContextFactory {
  abstract create(features: FeatureCollection): HttpContext
  abstract dispose(context: HttpContext): void
}

/** Gives each context the scopes of the application. */
export class DefaultHttpContextFactory extends HttpContextFactory {
  static readonly inject: readonly [typeof ServiceScopeFactory] = [ServiceScopeFactory]
  readonly #scopeFactory: ServiceScopeFactory

  constructor(scopeFactory: ServiceScopeFactory) {
    super()
    this.#scopeFactory = scopeFactory
  }

  create(features: FeatureCollection): HttpContext {
    return new HttpContext(features, this.#scopeFactory)
  }

  dispose(context: HttpContext): void {
    context.features.close()
  }
}
