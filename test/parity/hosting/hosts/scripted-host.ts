import {
  type ApplicationBuilder,
  HostApplicationLifetime,
  type HttpContext,
  type ServiceCollection,
  type ServiceProvider,
} from '@windhover/core'
import {
  BackgroundServiceExceptionBehavior,
  Host,
  HostBuilder,
  HostLifetime,
  HostOptions,
  WebApplication,
  WebHost,
  WebHostBuilder,
} from '@windhover/hosting'
import type { Trace } from '../trace.ts'
import { HostActions } from './host-actions.ts'
import { HostLogProvider } from './host-log.ts'
import type { HostSpec, LifetimeCallback } from './host-spec.ts'
import { addScriptedService, ReportingServer } from './scripted-services.ts'
import { startupNamed, startupTrace } from './startups.ts'

/** What the three kinds of host have in common. */
export interface AnyHost extends AsyncDisposable {
  readonly services: ServiceProvider
  startAsync(signal?: AbortSignal): Promise<void>
  stopAsync(signal?: AbortSignal): Promise<void>
  runAsync(): Promise<void>
}

/** How a case's host meets the world: in the driver it has a server that only reports and no console, in a process of its own it has everything. */
export interface HostSurroundings {
  readonly isSilent: boolean
  /** More services, for the console of a process. */
  readonly addServices?: (services: ServiceCollection) => void
}

/** Takes the place of the lifetime on the console, so that the signals of the driver are left alone. */
class NoConsole extends HostLifetime {
  waitForStartAsync(): void {}
  stopAsync(): void {}
}

/** Builds the host that a case describes. */
export class ScriptedHost {
  readonly #spec: HostSpec
  readonly #trace: Trace
  readonly #surroundings: HostSurroundings

  constructor(spec: HostSpec, trace: Trace, surroundings: HostSurroundings) {
    this.#spec = spec
    this.#trace = trace
    this.#surroundings = surroundings
  }

  build(): AnyHost {
    startupTrace.current = this.#trace
    const host = this.#buildHost()
    for (const callback of this.#spec.lifetime ?? []) this.#listen(host, callback)
    return host
  }

  #buildHost(): AnyHost {
    switch (this.#spec.host) {
      case 'webHost':
        return this.#buildWebHost()
      case 'generic':
        return this.#buildGeneric()
      default:
        return this.#buildApplication()
    }
  }

  #buildWebHost(): AnyHost {
    const { args = [], noStartup } = this.#spec
    const web = this.#surroundings.isSilent ? new WebHostBuilder().suppressStatusMessages() : WebHost.createDefaultBuilder(args)
    this.#shape(web)
    web.configureServices(services => this.#register(services, this.#spec))
    if (!noStartup) this.#useStartup(web)
    return web.build()
  }

  #buildGeneric(): AnyHost {
    const { args = [], environment, before, noWeb } = this.#spec
    const { isSilent } = this.#surroundings
    const builder = isSilent ? new HostBuilder() : Host.createDefaultBuilder(args)
    if (environment !== undefined) builder.useEnvironment(environment)
    builder.configureServices(services => this.#register(services, before))
    if (!noWeb) {
      builder.configureWebHost(web => {
        if (!isSilent) web.useNodeServer()
        this.#shape(web)
        this.#useStartup(web)
      })
    }
    return builder.configureServices(services => this.#register(services, this.#spec)).build()
  }

  #buildApplication(): AnyHost {
    const { args = [], environment } = this.#spec
    const builder = WebApplication.createBuilder({ args, ...(environment === undefined ? {} : { environmentName: environment }) })
    if (this.#surroundings.isSilent) builder.webHost.useServer(new ReportingServer(this.#spec.server, this.#trace))
    // The section that Kestrel has in the recordings.
    for (const [key, value] of builder.configuration.getSection('Kestrel').asEnumerable(true))
      builder.configuration.set(`NodeServer:${key}`, value)
    this.#register(builder.services, this.#spec)
    const app = builder.build()
    this.#configure(app)
    return app
  }

  #shape(web: WebHostBuilder): void {
    const { environment, settings, captureStartupErrors, server } = this.#spec
    if (environment !== undefined) web.useEnvironment(environment)
    for (const [key, value] of Object.entries(settings ?? {})) web.useSetting(key, value)
    if (captureStartupErrors !== undefined) web.captureStartupErrors(captureStartupErrors)
    if (this.#surroundings.isSilent) web.useServer(new ReportingServer(server, this.#trace))
  }

  #useStartup(web: WebHostBuilder): void {
    const { startup } = this.#spec
    if (startup === undefined) web.configure(app => this.#configure(app))
    else web.useStartup(startupNamed(startup))
  }

  #configure(app: ApplicationBuilder): void {
    this.#trace.add('configure')
    new HostActions(this.#trace, app.applicationServices).doNow(this.#spec.configure)
    app.run(context => (context.request.path === '/slow' ? this.#untilAborted(context) : context.response.writeAsync('ok')))
  }

  async #untilAborted({ requestAborted }: HttpContext): Promise<void> {
    this.#trace.add('slow began')
    await new Promise(resolve => requestAborted.addEventListener('abort', resolve))
    this.#trace.add('slow aborted')
  }

  #register(services: ServiceCollection, part: Pick<HostSpec, 'services' | 'options' | 'configureServices'> | undefined): void {
    if (part === undefined) return
    if (this.#surroundings.isSilent) {
      services.addLogging(logging => logging.clearProviders().addProvider(new HostLogProvider(this.#trace, this.#spec.host === 'webHost')))
      services.addSingleton(HostLifetime, { useClass: NoConsole })
    }
    this.#surroundings.addServices?.(services)
    const { options } = part
    if (options !== undefined) services.configure(HostOptions, host => setOptions(host, options))
    for (const service of part.services ?? []) addScriptedService(services, service, this.#trace)
    new HostActions(this.#trace).doNow(part.configureServices)
  }

  #listen({ services }: AnyHost, callback: LifetimeCallback): void {
    const lifetime = services.getRequiredService(HostApplicationLifetime)
    const actions = new HostActions(this.#trace, services)
    const listen = (signal: AbortSignal, event: string): void =>
      signal.addEventListener('abort', () => {
        this.#trace.add(event)
        actions.doNow(callback.do)
      })
    if (callback.started !== undefined) listen(lifetime.applicationStarted, `started ${callback.started}`)
    if (callback.stopping !== undefined) listen(lifetime.applicationStopping, `stopping ${callback.stopping}`)
    if (callback.stopped !== undefined) listen(lifetime.applicationStopped, `stopped ${callback.stopped}`)
  }
}

function setOptions(host: HostOptions, options: NonNullable<HostSpec['options']>): void {
  host.shutdownTimeout = options.shutdownTimeout ?? host.shutdownTimeout
  host.startupTimeout = options.startupTimeout ?? host.startupTimeout
  host.servicesStartConcurrently = options.servicesStartConcurrently ?? false
  host.servicesStopConcurrently = options.servicesStopConcurrently ?? false
  const behavior = options.backgroundServiceExceptionBehavior
  if (behavior !== undefined) host.backgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior[behavior]
}
