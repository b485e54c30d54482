import {
  ApplicationBuilder,
  DefaultMiddlewareFactory,
  FeatureCollection,
  type FeatureSource,
  HttpContext,
  type LogEntry,
  Logger,
  LoggerFactory,
  LoggerProvider,
  LogLevel,
  MiddlewareFactory,
  type RequestDelegate,
  ServerAddressesFeature,
  ServiceCollection,
  type ServiceProvider,
  ServiceScopeFactory,
  WebHostEnvironment,
} from '@windhover/core'
import { HostFilteringOptions, HttpApplication, NodeServer } from '@windhover/hosting'
import { errorKind } from './error-kind.ts'
import { CreatedPerRequest, ScopedThing } from './middleware-classes.ts'
import { PipelineInterpreter, type Step } from './pipeline-interpreter.ts'
import { Trace } from './trace.ts'

/** A server of a case: its pipeline, and what is not the default. */
export interface PipelineSpec {
  readonly pipeline: readonly Step[]
  readonly environment?: string
  readonly webRoot?: string
  readonly logs?: boolean
  readonly problemDetails?: boolean
  readonly limits?: {
    readonly maxRequestBodySize?: number
    readonly maxRequestLineSize?: number
    readonly maxRequestHeaderCount?: number
    readonly maxRequestHeadersTotalSize?: number
  }
  readonly hostFiltering?: { readonly allowedHosts: string[]; readonly refuseEmptyHosts?: boolean; readonly noFailureMessage?: boolean }
}

/** A `NodeServer` on a free port whose pipeline is described by data. */
export class PipelineServer {
  readonly #spec: PipelineSpec
  readonly #trace = new Trace()
  readonly #requests = new RequestsUnderWay()
  #services: (ServiceProvider & AsyncDisposable) | undefined
  #server: NodeServer | undefined

  constructor(spec: PipelineSpec) {
    this.#spec = spec
  }

  async openAsync(): Promise<string> {
    const services = this.#createServices()
    this.#services = services
    const server = new NodeServer(
      { listen: 'http://127.0.0.1:0', limits: this.#spec.limits ?? {}, alwaysChunk: true },
      services.getRequiredService(LoggerFactory),
    )
    this.#server = server
    const app = new ApplicationBuilder(services, server.features)
    new PipelineInterpreter(this.#trace).apply(app, this.#spec.pipeline)
    await server.startAsync(new PipelineApplication(app.build(), services, this.#requests))
    return server.features.getRequired(ServerAddressesFeature).addresses[0]!
  }

  #createServices(): ServiceProvider & AsyncDisposable {
    const { environment = 'Production', webRoot, logs = false, problemDetails = false, hostFiltering } = this.#spec
    const services = new ServiceCollection()
    services.addLogging(logging => {
      logging.setMinimumLevel(logs ? LogLevel.Debug : LogLevel.None)
      logging.addProvider(new TraceLoggerProvider(this.#trace))
    })
    services.addSingleton(WebHostEnvironment, { useValue: new ScriptedEnvironment(environment, webRoot) })
    services.addScoped(MiddlewareFactory, { useClass: DefaultMiddlewareFactory })
    services.addScoped(ScopedThing, { useFactory: () => new ScopedThing(this.#trace) })
    services.addTransient(CreatedPerRequest, { useFactory: () => new CreatedPerRequest(this.#trace) })
    if (problemDetails) services.addProblemDetails()
    if (hostFiltering !== undefined) {
      services.configure(HostFilteringOptions, options => {
        options.allowedHosts = hostFiltering.allowedHosts
        options.allowEmptyHosts = hostFiltering.refuseEmptyHosts !== true
        options.includeFailureMessage = hostFiltering.noFailureMessage !== true
      })
    }
    return services.buildServiceProvider()
  }

  /** The events since the last call, once every request that has begun has also ended. */
  async drainAsync(): Promise<string[]> {
    await this.#requests.noneAsync()
    return this.#trace.drain()
  }

  async closeAsync(): Promise<string[]> {
    await this.#server?.stopAsync()
    await this.#services?.[Symbol.asyncDispose]()
    return this.#trace.drain()
  }
}

class ScriptedEnvironment extends WebHostEnvironment {
  readonly environmentName: string
  readonly applicationName: string = 'parity'
  readonly contentRootPath: string = process.cwd()
  readonly webRootPath: string | undefined

  constructor(environmentName: string, webRootPath: string | undefined) {
    super()
    this.environmentName = environmentName
    this.webRootPath = webRootPath
  }
}

/** Counts the requests between the server's "create context" and "dispose context", the outermost points that there are. */
class RequestsUnderWay {
  #count = 0
  #wake: (() => void)[] = []

  begin(): void {
    this.#count++
  }

  end(): void {
    this.#count--
    if (this.#count === 0) for (const wake of this.#wake.splice(0)) wake()
  }

  async noneAsync(): Promise<void> {
    if (this.#count > 0) await new Promise<void>(resolve => this.#wake.push(resolve))
  }
}

class PipelineApplication extends HttpApplication<HttpContext> {
  readonly #pipeline: RequestDelegate
  readonly #services: ServiceProvider
  readonly #requests: RequestsUnderWay

  constructor(pipeline: RequestDelegate, services: ServiceProvider, requests: RequestsUnderWay) {
    super()
    this.#pipeline = pipeline
    this.#services = services
    this.#requests = requests
  }

  createContext(features: FeatureSource): HttpContext {
    this.#requests.begin()
    return new HttpContext(new FeatureCollection(features), this.#services.getRequiredService(ServiceScopeFactory))
  }

  processRequestAsync(context: HttpContext): Promise<void> | void {
    return this.#pipeline(context)
  }

  disposeContext(context: HttpContext): void {
    context.features.close()
    this.#requests.end()
  }
}

/** The categories of the recordings, by those of Windhover. */
const categories: ReadonlyMap<string, string> = new Map([['Windhover.Server', 'Microsoft.AspNetCore.Server.Kestrel']])

/** Records category, level and event id of what the framework logs about requests. */
class TraceLoggerProvider extends LoggerProvider {
  readonly #trace: Trace

  constructor(trace: Trace) {
    super()
    this.#trace = trace
  }

  createLogger(category: string): Logger {
    return new TraceLogger(category, this.#trace)
  }
}

class TraceLogger extends Logger {
  readonly #trace: Trace

  constructor(category: string, trace: Trace) {
    super(category)
    this.#trace = trace
  }

  isEnabled(level: LogLevel): boolean {
    return level >= LogLevel.Information && categories.has(this.category)
  }

  write({ level, eventId, exception }: LogEntry): void {
    const name = Object.entries(LogLevel).find(([, value]) => value === level)?.[0]
    const error = exception === undefined ? '' : ` ${errorKind(exception)}`
    this.#trace.add(`log ${name} ${categories.get(this.category)} #${eventId.id}${error}`)
  }
}
