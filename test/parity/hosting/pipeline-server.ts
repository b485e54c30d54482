import {
  DefaultHttpContextFactory,
  type FeatureCollection,
  type HttpContext,
  HttpContextFactory,
  type LogEntry,
  Logger,
  LoggerProvider,
  LogLevel,
  ServerAddressesFeature,
  type ServiceCollection,
  ServiceScopeFactory,
} from '@windhover/core'
import { HostFilteringOptions, type WebHost, WebHostBuilder } from '@windhover/hosting'
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

/** A host on a free port whose pipeline is described by data. It frames responses as Kestrel does. */
export class PipelineServer {
  readonly #spec: PipelineSpec
  readonly #trace = new Trace()
  readonly #requests = new RequestsUnderWay()
  #host: WebHost | undefined

  constructor(spec: PipelineSpec) {
    this.#spec = spec
  }

  async openAsync(): Promise<string> {
    const { pipeline, environment = 'Production', webRoot, logs = false, limits = {} } = this.#spec
    const interpreter = new PipelineInterpreter(this.#trace)
    const builder = new WebHostBuilder()
      .suppressStatusMessages()
      .useNodeServer({ limits, alwaysChunk: true })
      .useUrls('http://127.0.0.1:0')
      .useEnvironment(environment)
      .configureLogging(logging => {
        if (logs) logging.setMinimumLevel(LogLevel.Debug).addProvider(new TraceLoggerProvider(this.#trace))
      })
      .configureServices(services => this.#addServices(services))
      .configure(app => interpreter.apply(app, pipeline))
    if (webRoot !== undefined) builder.useWebRoot(webRoot)
    this.#host = builder.build()
    await this.#host.startAsync()
    return this.#host.serverFeatures.getRequired(ServerAddressesFeature).addresses[0]!
  }

  #addServices(services: ServiceCollection): void {
    const { problemDetails = false, hostFiltering } = this.#spec
    services
      .addSingleton(HttpContextFactory, {
        useFactory: provider => new CountingContextFactory(this.#requests, provider.getRequiredService(ServiceScopeFactory)),
      })
      .addScoped(ScopedThing, { useFactory: () => new ScopedThing(this.#trace) })
      .addTransient(CreatedPerRequest, { useFactory: () => new CreatedPerRequest(this.#trace) })
    if (problemDetails) services.addProblemDetails()
    if (hostFiltering === undefined) return
    services.configure(HostFilteringOptions, options => {
      options.allowedHosts = hostFiltering.allowedHosts
      options.allowEmptyHosts = hostFiltering.refuseEmptyHosts !== true
      options.includeFailureMessage = hostFiltering.noFailureMessage !== true
    })
  }

  /** The events since the last call, once every request that has begun has also ended. */
  async drainAsync(): Promise<string[]> {
    await this.#requests.noneAsync()
    return this.#trace.drain()
  }

  async closeAsync(): Promise<string[]> {
    await this.#host?.stopAsync()
    await this.#host?.[Symbol.asyncDispose]()
    return this.#trace.drain()
  }
}

/** Counts the requests between the creation of their context and its end, the outermost points that there are. */
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

class CountingContextFactory extends HttpContextFactory {
  readonly #requests: RequestsUnderWay
  readonly #inner: HttpContextFactory

  constructor(requests: RequestsUnderWay, scopeFactory: ServiceScopeFactory) {
    super()
    this.#requests = requests
    this.#inner = new DefaultHttpContextFactory(scopeFactory)
  }

  create(features: FeatureCollection): HttpContext {
    this.#requests.begin()
    return this.#inner.create(features)
  }

  dispose(context: HttpContext): void {
    this.#inner.dispose(context)
    this.#requests.end()
  }
}

/** The categories of the recordings, by the beginnings of those of Windhover. */
const categories: readonly (readonly [own: string, recorded: string])[] = [
  ['Windhover.Server', 'Microsoft.AspNetCore.Server.Kestrel'],
  ['Windhover.Hosting.Diagnostics', 'Microsoft.AspNetCore.Hosting.Diagnostics'],
  ['Windhover.Diagnostics.', 'Microsoft.AspNetCore.Diagnostics.'],
]

function recordedCategory(category: string): string | undefined {
  const found = categories.find(([own]) => category.startsWith(own))
  return found && category.replace(...found)
}

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
  readonly #recorded: string | undefined

  constructor(category: string, trace: Trace) {
    super(category)
    this.#trace = trace
    this.#recorded = recordedCategory(category)
  }

  isEnabled(level: LogLevel): boolean {
    return level >= LogLevel.Information && this.#recorded !== undefined
  }

  write({ level, eventId, exception }: LogEntry): void {
    const name = Object.entries(LogLevel).find(([, value]) => value === level)?.[0]
    const error = exception === undefined ? '' : ` ${errorKind(exception)}`
    this.#trace.add(`log ${name} ${this.#recorded} #${eventId.id}${error}`)
  }
}
