import {
  HostApplicationLifetime,
  HostedLifecycleService,
  type HostedService,
  LoggerFactory,
  Options,
  type ServiceProvider,
  StartupValidator,
} from '@windhover/core'
import { hostingErrors } from '../errors/hosting-errors.ts'
import { forEachService } from '../hosted-services/for-each-service.ts'
import { hostedServicesOf } from '../hosted-services/hosted-services-of.ts'
import { startHostedService } from '../hosted-services/start-hosted-service.ts'
import { ApplicationLifetime } from '../lifetime/application-lifetime.ts'
import { HeldEventLoop } from '../lifetime/held-event-loop.ts'
import { isCancellation } from '../lifetime/is-cancellation.ts'
import { runToEndAsync } from '../lifetime/run-to-end.ts'
import { TimeoutSignal } from '../lifetime/timeout-signal.ts'
import { UnhandledRejections } from '../lifetime/unhandled-rejections.ts'
import { waitForAbort } from '../lifetime/wait-for-abort.ts'
import { disposeServices } from '../web-host/dispose-services.ts'
import { createDefaultHostBuilder } from './default-host-builder.ts'
import { HostApplicationBuilder, type HostApplicationBuilderSettings } from './host-application-builder.ts'
import type { HostBuilder } from './host-builder.ts'
import { HostLifetime } from './host-lifetime.ts'
import { HostLog, hostCategory } from './host-log.ts'
import { BackgroundServiceExceptionBehavior, HostOptions } from './host-options.ts'

/**
 * A program of hosted services, of which a web server may be one. They start in order of registration and stop in reverse order. (.NET: Host, IHost)
 */
export class Host implements AsyncDisposable {
  readonly services: ServiceProvider
  readonly #options: HostOptions
  readonly #log: HostLog
  readonly #lifetime: ApplicationLifetime
  readonly #hostLifetime: HostLifetime
  #hostedServices: readonly HostedService[] | undefined
  #rejections: UnhandledRejections | undefined
  #isStopping = false

  /** Made by the builders. Raises an argument error when the services have another `HostApplicationLifetime` than that of the host. */
  constructor(services: ServiceProvider) {
    this.services = services
    this.#options = services.getRequiredService(Options.of(HostOptions)).value
    this.#log = new HostLog(services.getRequiredService(LoggerFactory).createLogger(hostCategory))
    this.#lifetime = services.getRequiredService(ApplicationLifetime)
    if (services.getRequiredService(HostApplicationLifetime) !== this.#lifetime) throw hostingErrors.lifetimeReplaced()
    this.#hostLifetime = services.getRequiredService(HostLifetime)
  }

  /** A builder with the usual settings, those of `WebHost.createDefaultBuilder` without its server; add one with `configureWebHostDefaults`. */
  static createDefaultBuilder(args: readonly string[] = []): HostBuilder {
    return createDefaultHostBuilder(args)
  }

  /** The same as a builder whose configuration and services are there at once. */
  static createApplicationBuilder(argsOrSettings: readonly string[] | HostApplicationBuilderSettings = {}): HostApplicationBuilder {
    return new HostApplicationBuilder(argsOrSettings)
  }

  /**
   * Starts the hosted services. Rejects with what one of them raises (several at once as an aggregate), and with a cancellation when the signal has fired or the host was asked to stop before. What was started
   * by then runs on until `stopAsync`.
   */
  async startAsync(signal?: AbortSignal): Promise<void> {
    this.#log.starting()
    using start = new TimeoutSignal(this.#options.startupTimeout, signal, this.#lifetime.applicationStopping)
    await this.#hostLifetime.waitForStartAsync(start.signal)
    if (start.signal.aborted) throw hostingErrors.hostStartCanceled(signal?.reason)
    this.#rejections ??= new UnhandledRejections(this.#log.logger)
    this.#hostedServices ??= hostedServicesOf(this.services)
    try {
      this.services.getService(StartupValidator)?.validate()
      await this.#startServices(this.#hostedServices, start.signal)
    } catch (error) {
      if (!this.#lifetime.applicationStopping.aborted || !isCancellation(error)) this.#log.startupFaulted(error)
      throw error
    }
    this.#lifetime.notifyStarted()
    this.#log.started()
  }

  /**
   * Fires `applicationStopping` and stops the hosted services, in reverse order. When the shutdown timeout is over or the signal fires, they are told to end at once. All are stopped, also after an
   * error; one is raised as it is, several as an aggregate.
   */
  async stopAsync(signal?: AbortSignal): Promise<void> {
    this.#isStopping = true
    this.#log.stopping()
    using stop = new TimeoutSignal(this.#options.shutdownTimeout, signal)
    const errors = await this.#stopServices(this.#hostedServices?.toReversed(), stop.signal)
    this.#lifetime.notifyStopped()
    try {
      await this.#hostLifetime.stopAsync(stop.signal)
    } catch (error) {
      errors.push(error)
    }
    this.#rejections?.[Symbol.dispose]()
    this.#rejections = undefined
    if (errors.length === 0) {
      this.#log.stopped()
      return
    }
    const error = errors.length === 1 ? errors[0] : hostingErrors.hostStopFailed(errors)
    this.#log.stoppedWithException(error)
    throw error
  }

  /**
   * Starts the host, waits until it is asked to stop (Ctrl+C, SIGTERM, SIGQUIT, `stopApplication()`, the signal), stops and disposes it. Rejects with what starting or stopping raises; should nobody
   * catch that, the process ends with one message and exit code 1.
   */
  async runAsync(signal?: AbortSignal): Promise<void> {
    await runToEndAsync(this, async () => {
      if (await this.#startUnlessStopped(signal)) await this.waitForShutdownAsync(signal)
      else await this.stopAsync()
    })
  }

  /** Waits until a started host is asked to stop, and stops it. Does not dispose it. */
  async waitForShutdownAsync(signal?: AbortSignal): Promise<void> {
    using _loop = new HeldEventLoop()
    const stopApplication = (): void => this.#lifetime.stopApplication()
    if (signal?.aborted) stopApplication()
    else signal?.addEventListener('abort', stopApplication)
    await waitForAbort(this.#lifetime.applicationStopping)
    signal?.removeEventListener('abort', stopApplication)
    await this.stopAsync()
  }

  /** Disposes the services, and with them a server that the container has made. Hosted services that run are not stopped: `stopAsync` does that. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#rejections?.[Symbol.dispose]()
    await disposeServices(this.services)
  }

  /** Who is asked to stop while starting is not in trouble: then this is false. */
  async #startUnlessStopped(signal: AbortSignal | undefined): Promise<boolean> {
    try {
      await this.startAsync(signal)
      return true
    } catch (error) {
      if (isCancellation(error) && (signal?.aborted || this.#lifetime.applicationStopping.aborted)) return false
      throw error
    }
  }

  async #startServices(services: readonly HostedService[], signal: AbortSignal): Promise<void> {
    const lifecycle = services.filter(service => service instanceof HostedLifecycleService)
    const options = { concurrently: this.#options.servicesStartConcurrently, untilFirstError: true }
    throwIfFailed(await forEachService(lifecycle, options, service => service.startingAsync(signal)))
    const workFailed = (error: unknown): void => this.#backgroundServiceFailed(error)
    throwIfFailed(await forEachService(services, options, service => startHostedService(service, signal, workFailed)))
    throwIfFailed(await forEachService(lifecycle, options, service => service.startedAsync(signal)))
  }

  /** Before anything was started there is nothing to stop but the lifetime. */
  async #stopServices(services: readonly HostedService[] | undefined, signal: AbortSignal): Promise<unknown[]> {
    if (services === undefined) {
      this.#lifetime.stopApplication()
      return []
    }
    const lifecycle = services.filter(service => service instanceof HostedLifecycleService)
    const options = { concurrently: this.#options.servicesStopConcurrently, untilFirstError: false }
    const errors = await forEachService(lifecycle, options, service => service.stoppingAsync(signal))
    this.#lifetime.stopApplication()
    errors.push(...(await forEachService(services, options, service => service.stopAsync(signal))))
    errors.push(...(await forEachService(lifecycle, options, service => service.stoppedAsync(signal))))
    return errors
  }

  #backgroundServiceFailed(error: unknown): void {
    if (this.#isStopping && isCancellation(error)) return
    this.#log.backgroundServiceFaulted(error)
    if (this.#options.backgroundServiceExceptionBehavior !== BackgroundServiceExceptionBehavior.StopHost) return
    this.#log.backgroundServiceStoppingHost(error)
    this.#lifetime.stopApplication()
  }
}

function throwIfFailed(errors: readonly unknown[]): void {
  if (errors.length === 1) throw errors[0]
  if (errors.length > 1) throw hostingErrors.hostStartFailed(errors)
}
