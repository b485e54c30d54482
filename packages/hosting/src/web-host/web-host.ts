import {
  type Configuration,
  type FeatureCollection,
  type HostedService,
  type Logger,
  LoggerFactory,
  type RequestDelegate,
  ServerAddressesFeature,
  type ServiceProvider,
  StartupValidator,
  WebHostEnvironment,
} from '@windhover/core'
import { hostingErrors } from '../errors/hosting-errors.ts'
import { forEachService } from '../hosted-services/for-each-service.ts'
import { hostedServicesOf } from '../hosted-services/hosted-services-of.ts'
import { startHostedService } from '../hosted-services/start-hosted-service.ts'
import { ApplicationLifetime } from '../lifetime/application-lifetime.ts'
import { HeldEventLoop } from '../lifetime/held-event-loop.ts'
import { isCancellation } from '../lifetime/is-cancellation.ts'
import { runToEndAsync } from '../lifetime/run-to-end.ts'
import { ShutdownSignals } from '../lifetime/shutdown-signals.ts'
import { writeStatusMessage } from '../lifetime/status-messages.ts'
import { TimeoutSignal } from '../lifetime/timeout-signal.ts'
import { describeStartupError } from '../lifetime/uncaught-startup-error.ts'
import { UnhandledRejections } from '../lifetime/unhandled-rejections.ts'
import { waitForAbort } from '../lifetime/wait-for-abort.ts'
import { Server } from '../server/server.ts'
import { buildPipeline, type ConfigurePipeline } from '../startup/build-pipeline.ts'
import { startupErrorPage } from '../startup/startup-error-page.ts'
import { createDefaultWebHostBuilder } from './default-web-host-builder.ts'
import { disposeServices } from './dispose-services.ts'
import { diagnosticsCategory, hostEvents } from './host-log.ts'
import { HostingApplication } from './hosting-application.ts'
import { addUrls } from './server-addresses.ts'
import type { WebHostBuilder } from './web-host-builder.ts'
import type { WebHostOptions } from './web-host-options.ts'

/** What a builder hands over to the host that it has built. */
export interface WebHostParts {
  readonly services: ServiceProvider
  /** The configuration of the host, which is not that of the application. */
  readonly settings: Configuration
  readonly options: WebHostOptions
  readonly configure: ConfigurePipeline
  /** Ends what was made to construct the Startup class. */
  readonly disposeHostingServices: () => Promise<void>
}

/**
 * An application with its server, built by a `WebHostBuilder`. Starting runs `configure`, then the hosted services in order of registration, then the server; stopping fires
 * `applicationStopping`, then stops the server and the hosted services in the same order. (ASP.NET Core: WebHost, IWebHost)
 */
export class WebHost implements AsyncDisposable {
  readonly #parts: WebHostParts
  readonly #logger: Logger
  readonly #lifetime: ApplicationLifetime
  #server: Server | undefined
  #hostedServices: readonly HostedService[] = []
  #rejections: UnhandledRejections | undefined
  #hasBegun = false
  #serverHasStarted = false
  #stopping: Promise<void> | undefined

  constructor(parts: WebHostParts) {
    this.#parts = parts
    this.#logger = parts.services.getRequiredService(LoggerFactory).createLogger(diagnosticsCategory)
    this.#lifetime = parts.services.getRequiredService(ApplicationLifetime)
  }

  /**
   * A builder with the usual settings: the environment from `--environment`, `WINDHOVER_ENVIRONMENT` or `NODE_ENV`; configuration from `appsettings.json`,
   * `appsettings.{Environment}.json`, environment variables and `args`, the last one winning; logging to the console by the section `Logging`; `NodeServer`; host filtering by
   * `AllowedHosts`; and, in Development, a container that checks scopes. `args` are those of the program: `process.argv.slice(2)`.
   */
  static createDefaultBuilder(args: readonly string[] = []): WebHostBuilder {
    return createDefaultWebHostBuilder(args)
  }

  /** The services of the application. */
  get services(): ServiceProvider {
    return this.#parts.services
  }

  /** What the server offers, `ServerAddressesFeature` among it. Raises an invalid-operation error when there is no server. */
  get serverFeatures(): FeatureCollection {
    return this.#requireServer().features
  }

  /**
   * Starts to answer requests. The signal is passed on to what is started. Rejects with what `configure`, a hosted service or the server raises; what was started by then
   * runs on until `stopAsync` or disposal. Raises an invalid-operation error once the host was stopped.
   */
  async startAsync(signal: AbortSignal = new AbortController().signal): Promise<void> {
    if (this.#stopping !== undefined) throw hostingErrors.hostStopped()
    this.#logger.logDebug(hostEvents.starting, 'Hosting starting')
    this.services.getService(StartupValidator)?.validate()
    const pipeline = await this.#buildPipeline()
    this.#hasBegun = true
    this.#rejections ??= new UnhandledRejections(this.#logger)
    this.#hostedServices = hostedServicesOf(this.services)
    for (const service of this.#hostedServices) await startHostedService(service, signal, error => this.#backgroundServiceFailed(error))
    await this.#requireServer().startAsync(new HostingApplication(pipeline, this.services), signal)
    this.#serverHasStarted = true
    this.#lifetime.notifyStarted()
    this.#logger.logDebug(hostEvents.started, 'Hosting started')
  }

  /**
   * Stops to take requests, waits for those under way and for the hosted services. When the shutdown timeout is over (default 5 s) or the signal fires, they are ended. Does nothing unless the host was
   * started; a second call waits for the first. Everything is stopped also after an error; one is raised as it is, several as an aggregate.
   */
  async stopAsync(signal?: AbortSignal): Promise<void> {
    if (!this.#hasBegun) return
    this.#stopping ??= this.#stop(signal)
    await this.#stopping
  }

  /**
   * Starts the host and waits until it is asked to stop, by Ctrl+C, SIGTERM or SIGQUIT, or by `stopApplication()`; with a signal, by that alone and not by the process's. Then stops and disposes it.
   * Prints where it listens to standard output. Rejects with what starting or stopping raises; should nobody catch that, the process ends with one message and exit code 1.
   */
  async runAsync(signal?: AbortSignal): Promise<void> {
    const stop = new AbortController()
    const onSignal = (): void => {
      if (!stop.signal.aborted) this.#printStatus('Application is shutting down...')
      stop.abort()
    }
    using _signals = signal === undefined ? new ShutdownSignals(onSignal) : undefined
    await runToEndAsync(this, () => this.#runUntil(signal ?? stop.signal, signal === undefined))
  }

  /** Waits until a started host is asked to stop, as `runAsync` does, and stops it. Does not dispose it. */
  async waitForShutdownAsync(signal?: AbortSignal): Promise<void> {
    using _loop = new HeldEventLoop()
    const stop = new AbortController()
    using _signals = signal === undefined ? new ShutdownSignals(() => stop.abort()) : undefined
    await this.#stopWhenAsked(signal ?? stop.signal)
  }

  /** Stops the host, if it runs, and disposes its services. An error of that stop is logged. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      if (this.#stopping === undefined) await this.stopAsync()
      else await this.#stopping.catch(() => {}) // raised to whoever called stopAsync()
    } catch (error) {
      this.#logger.logError(hostEvents.serverShutdownException, error, 'Hosting shutdown exception')
    }
    await disposeServices(this.services)
    await this.#parts.disposeHostingServices()
  }

  async #runUntil(stop: AbortSignal, endsWithProcess: boolean): Promise<void> {
    try {
      await this.startAsync(stop)
    } catch (error) {
      // Who is asked to stop while starting is not in trouble: disposal stops what has started.
      if (stop.aborted && isCancellation(error)) return
      throw error
    }
    const { environmentName, contentRootPath } = this.services.getRequiredService(WebHostEnvironment)
    this.#printStatus(`Hosting environment: ${environmentName}`)
    this.#printStatus(`Content root path: ${contentRootPath}`)
    for (const address of this.serverFeatures.get(ServerAddressesFeature)?.addresses ?? [])
      this.#printStatus(`Now listening on: ${address}`)
    if (endsWithProcess) this.#printStatus('Application started. Press Ctrl+C to shut down.')
    await this.#stopWhenAsked(stop)
  }

  async #stopWhenAsked(stop: AbortSignal): Promise<void> {
    const stopApplication = (): void => this.#lifetime.stopApplication()
    if (stop.aborted) stopApplication()
    else stop.addEventListener('abort', stopApplication)
    await waitForAbort(this.#lifetime.applicationStopping)
    stop.removeEventListener('abort', stopApplication)
    await this.stopAsync()
  }

  async #stop(signal: AbortSignal | undefined): Promise<void> {
    this.#logger.logDebug(hostEvents.shutdown, 'Hosting shutdown')
    using timeout = new TimeoutSignal(this.#parts.options.shutdownTimeout, signal)
    this.#lifetime.stopApplication()
    const parts = this.#serverHasStarted ? [this.#requireServer(), ...this.#hostedServices] : this.#hostedServices
    const errors = await forEachService(parts, { concurrently: false, untilFirstError: false }, part => part.stopAsync(timeout.signal))
    this.#lifetime.notifyStopped()
    this.#rejections?.[Symbol.dispose]()
    if (errors.length === 1) throw errors[0]
    if (errors.length > 1) throw hostingErrors.hostStopFailed(errors)
  }

  #backgroundServiceFailed(error: unknown): void {
    if (this.#stopping === undefined || !isCancellation(error)) {
      this.#logger.logError(hostEvents.backgroundServiceFaulted, error, 'BackgroundService failed')
    }
  }

  async #buildPipeline(): Promise<RequestDelegate> {
    try {
      const { features } = this.#requireServer()
      return await buildPipeline(this.services, features, this.#parts.configure)
    } catch (error) {
      const { captureStartupErrors, detailedErrors } = this.#parts.options
      // Thrown to the caller, so that a program that does not catch it ends with one message.
      if (!captureStartupErrors) throw error
      this.#printStatus(`Application startup exception: ${describeStartupError(error)}`)
      this.#logger.logCritical(hostEvents.applicationStartupException, error, 'Application startup exception')
      return startupErrorPage(error, detailedErrors || this.services.getRequiredService(WebHostEnvironment).isDevelopment())
    }
  }

  #requireServer(): Server {
    if (this.#server === undefined) {
      this.#server = this.services.getService(Server)
      if (this.#server === undefined) throw hostingErrors.serverMissing()
      addUrls(this.#server.features, this.#parts.settings)
    }
    return this.#server
  }

  #printStatus(line: string): void {
    if (!this.#parts.options.suppressStatusMessages) writeStatusMessage(line)
  }
}
