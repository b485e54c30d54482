import type { ServiceProvider } from '../dependency-injection/service-provider.ts'
import { coreErrors } from '../errors/core-errors.ts'
import { FeatureCollection } from '../features/feature-collection.ts'
import type { HttpContext } from '../http/http-context.ts'
import { PathString } from '../http/path-string.ts'
import { type MapOptions, mapComponent, readMapPath } from './map.ts'
import { mapWhenComponent } from './map-when.ts'
import type { Middleware, MiddlewareComponent, RequestDelegate } from './request-delegate.ts'
import { terminalDelegate } from './terminal-delegate.ts'
import { guardedComponent } from './use.ts'
import { type MiddlewareClass, type MiddlewareInjectCheck, middlewareClassComponent } from './use-middleware.ts'
import { pathBaseComponent } from './use-path-base.ts'
import { useWhenComponent } from './use-when.ts'

/** Answers whether a branch is taken; evaluated once for each request. */
export type Predicate = (context: HttpContext) => boolean

/** Adds the middleware of a branch. */
export type BranchConfiguration = (branch: ApplicationBuilder) => void

/**
 * Collects the components of the pipeline in order; `build` folds them into one delegate. (ASP.NET Core: IApplicationBuilder)
 */
export class ApplicationBuilder {
  readonly applicationServices: ServiceProvider
  readonly serverFeatures: FeatureCollection
  /** Shared by what configures one pipeline; a branch starts with a copy. */
  readonly properties: Map<string, unknown>
  readonly #components: MiddlewareComponent[] = []

  constructor(
    applicationServices: ServiceProvider,
    serverFeatures: FeatureCollection = new FeatureCollection(),
    properties?: Map<string, unknown>,
  ) {
    this.applicationServices = applicationServices
    this.serverFeatures = serverFeatures
    this.properties = new Map(properties)
  }

  /** Adds a middleware. A second call of its `next` for one request throws an invalid-operation error. */
  use(middleware: Middleware): this {
    if (typeof middleware !== 'function') throw coreErrors.argumentNull('middleware', 'app.use()')
    return this.useComponent(guardedComponent(middleware))
  }

  /** Adds a component as ASP.NET Core knows it: it is called once, at build, with the rest of the pipeline, last registered first. */
  useComponent(component: MiddlewareComponent): this {
    if (typeof component !== 'function') throw coreErrors.argumentNull('component', 'app.useComponent()')
    this.#components.push(component)
    return this
  }

  /**
   * Adds a middleware class. Convention: constructed once at build, `next` first, then `args`, the rest from the services;
   * `invokeAsync(context)` (or `invoke`) may take further parameters, which the request's services provide: those marked with
   * `@fromServices()` or listed in `static inject = { invokeAsync: [...] }`. A class that extends `FactoryMiddleware` is made for each
   * request from its services. Raises an invalid-operation error at build when the class does not fit, and a not-supported error here for
   * arguments of a factory class.
   */
  useMiddleware<C extends MiddlewareClass, Args extends readonly unknown[]>(
    middleware: C & MiddlewareInjectCheck<C, Args>,
    ...args: Args
  ): this {
    return this.useComponent(middlewareClassComponent(middleware, args, this.applicationServices))
  }

  /** Ends the pipeline: what is added behind it is never reached. */
  run(handler: RequestDelegate): void {
    if (typeof handler !== 'function') throw coreErrors.argumentNull('handler', 'app.run()')
    this.useComponent(() => handler)
  }

  /**
   * Branches by the beginning of the path: whole segments, ignoring case; escapes such as `%20` are decoded. In the branch the matched text has
   * moved from `path` to `pathBase`, unless `preserveMatchedPathSegment` is set. The branch does not come back. Raises an argument error
   * for a path that ends in `/` or lacks its leading one.
   */
  map(pathMatch: string, configuration: BranchConfiguration, options?: MapOptions): this {
    const path = readMapPath(pathMatch)
    return this.useComponent(mapComponent(path, this.#branch(configuration, 'app.map()').build(), options))
  }

  /** Branches by a predicate. The branch does not come back. */
  mapWhen(predicate: Predicate, configuration: BranchConfiguration): this {
    if (typeof predicate !== 'function') throw coreErrors.argumentNull('predicate', 'app.mapWhen()')
    return this.useComponent(mapWhenComponent(predicate, this.#branch(configuration, 'app.mapWhen()').build()))
  }

  /** Branches by a predicate; what falls off the branch goes on in this pipeline. */
  useWhen(predicate: Predicate, configuration: BranchConfiguration): this {
    if (typeof predicate !== 'function') throw coreErrors.argumentNull('predicate', 'app.useWhen()')
    return this.useComponent(useWhenComponent(predicate, this.#branch(configuration, 'app.useWhen()')))
  }

  /**
   * Moves a leading `pathBase` from `path` to `pathBase`, for an application that is mounted below a path. Other requests pass unchanged.
   * Escapes such as `%20` are decoded.
   */
  usePathBase(pathBase: string): this {
    const trimmed = pathBase.replace(/\/+$/, '')
    if (trimmed === '') return this
    return this.useComponent(pathBaseComponent(PathString.fromUriComponent(trimmed)))
  }

  /** A builder for a branch: the same services, a copy of the properties, no components. */
  new(): ApplicationBuilder {
    return new ApplicationBuilder(this.applicationServices, this.serverFeatures, this.properties)
  }

  /** Folds the components, last first, around the terminal answer: 404 unless the response has started. May be called again. */
  build(last: RequestDelegate = terminalDelegate): RequestDelegate {
    let app = last
    for (let i = this.#components.length - 1; i >= 0; i--) app = this.#components[i]!(app)
    return app
  }

  #branch(configuration: BranchConfiguration, member: string): ApplicationBuilder {
    if (typeof configuration !== 'function') throw coreErrors.argumentNull('configuration', member)
    const branch = this.new()
    configuration(branch)
    return branch
  }
}
