import {
  FeatureCollection,
  type FeatureSource,
  type HttpContext,
  HttpContextFactory,
  type Logger,
  LoggerFactory,
  type RequestDelegate,
  type ServiceProvider,
} from '@windhover/core'
import { HttpContextStorage } from '../http-context-accessor/http-context-storage.ts'
import { HttpApplication } from '../server/server.ts'
import { diagnosticsCategory } from './host-log.ts'
import { RequestLog, requestScope } from './request-log.ts'

/** One request on its way through the host. */
export interface HostingContext {
  readonly httpContext: HttpContext
  /** When the request began, by `performance.now()`; undefined when requests are not logged. */
  readonly startTime: number | undefined
  /** What its log entries carry; undefined when nobody shows it. */
  readonly scope: object | undefined
}

/** What a server runs for each request: it makes the context, runs the pipeline, and logs both ends. (ASP.NET Core: HostingApplication) */
export class HostingApplication extends HttpApplication<HostingContext> {
  readonly #pipeline: RequestDelegate
  readonly #contextFactory: HttpContextFactory
  readonly #loggerFactory: LoggerFactory
  readonly #logger: Logger
  readonly #requestLog: RequestLog
  readonly #storage: HttpContextStorage | undefined

  constructor(pipeline: RequestDelegate, services: ServiceProvider) {
    super()
    this.#pipeline = pipeline
    this.#contextFactory = services.getRequiredService(HttpContextFactory)
    this.#loggerFactory = services.getRequiredService(LoggerFactory)
    this.#logger = this.#loggerFactory.createLogger(diagnosticsCategory)
    this.#requestLog = new RequestLog(this.#logger)
    this.#storage = services.getService(HttpContextStorage)
  }

  createContext(features: FeatureSource): HostingContext {
    const httpContext = this.#contextFactory.create(new FeatureCollection(features))
    const scope = this.#loggerFactory.includeScopes ? requestScope(httpContext) : undefined
    if (!this.#requestLog.isEnabled) return { httpContext, startTime: undefined, scope }
    this.#inScope(scope, () => this.#requestLog.starting(httpContext))
    return { httpContext, startTime: performance.now(), scope }
  }

  processRequestAsync({ httpContext, scope }: HostingContext): Promise<void> | void {
    if (scope === undefined && this.#storage === undefined) return this.#pipeline(httpContext)
    const run = (): Promise<void> | void => this.#inScope(scope, () => this.#pipeline(httpContext))
    return this.#storage === undefined ? run() : this.#storage.run(httpContext, run)
  }

  disposeContext({ httpContext, startTime, scope }: HostingContext, _error?: unknown): void {
    if (startTime !== undefined) this.#inScope(scope, () => this.#requestLog.finished(httpContext, performance.now() - startTime))
    this.#contextFactory.dispose(httpContext)
  }

  #inScope<T>(scope: object | undefined, callback: () => T): T {
    return scope === undefined ? callback() : this.#logger.runInScope(scope, callback)
  }
}
