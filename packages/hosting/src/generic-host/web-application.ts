import {
  ApplicationBuilder,
  Configuration,
  HostApplicationLifetime,
  type Logger,
  LoggerFactory,
  type RequestDelegate,
  ServerAddressesFeature,
  type ServiceProvider,
  WebHostEnvironment,
} from '@windhover/core'
import { hostingErrors } from '../errors/hosting-errors.ts'
import { Server } from '../server/server.ts'
import type { Host } from './host.ts'
import { WebApplicationBuilder, type WebApplicationOptions } from './web-application-builder.ts'

/**
 * A web application without a Startup class: middleware is added to it, and it runs itself. In Development it begins with the developer exception page. (ASP.NET Core: WebApplication)
 */
export class WebApplication extends ApplicationBuilder implements AsyncDisposable {
  readonly #host: Host

  /** Made by its builder. */
  constructor(host: Host) {
    super(host.services, serverOf(host.services).features)
    this.#host = host
  }

  /** A builder with the usual settings, those of `WebHost.createDefaultBuilder`. */
  static createBuilder(argsOrOptions?: readonly string[] | WebApplicationOptions): WebApplicationBuilder {
    return new WebApplicationBuilder(argsOrOptions)
  }

  /** An application with the usual settings and no services of its own. */
  static create(argsOrOptions?: readonly string[] | WebApplicationOptions): WebApplication {
    return new WebApplicationBuilder(argsOrOptions).build()
  }

  get services(): ServiceProvider {
    return this.#host.services
  }

  get configuration(): Configuration {
    return this.services.getRequiredService(Configuration)
  }

  get environment(): WebHostEnvironment {
    return this.services.getRequiredService(WebHostEnvironment)
  }

  get lifetime(): HostApplicationLifetime {
    return this.services.getRequiredService(HostApplicationLifetime)
  }

  /** A logger whose category is the name of the application. */
  get logger(): Logger {
    return this.services.getRequiredService(LoggerFactory).createLogger(this.environment.applicationName)
  }

  /** Where the server listens, or shall. Addresses that are added here win over those of the configuration. */
  get urls(): string[] {
    return this.serverFeatures.getRequired(ServerAddressesFeature).addresses
  }

  /** Ends the pipeline with a handler. */
  override run(handler: RequestDelegate): void
  /** Runs the application: the same as `runAsync`. */
  override run(url?: string): Promise<void>
  override run(handlerOrUrl?: RequestDelegate | string): Promise<void> | void {
    if (typeof handlerOrUrl === 'function') return super.run(handlerOrUrl)
    return this.runAsync(handlerOrUrl)
  }

  /** Starts the server and waits until it is asked to stop, stops and disposes the application, as `Host.runAsync` does. With `url` it listens there and nowhere else. */
  async runAsync(url?: string, signal?: AbortSignal): Promise<void> {
    if (url !== undefined) this.urls.splice(0, Number.POSITIVE_INFINITY, url)
    await this.#host.runAsync(signal)
  }

  startAsync(signal?: AbortSignal): Promise<void> {
    return this.#host.startAsync(signal)
  }

  stopAsync(signal?: AbortSignal): Promise<void> {
    return this.#host.stopAsync(signal)
  }

  /** Waits until the started application is asked to stop, and stops it. Does not dispose it. */
  waitForShutdownAsync(signal?: AbortSignal): Promise<void> {
    return this.#host.waitForShutdownAsync(signal)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#host[Symbol.asyncDispose]()
  }
}

function serverOf(services: ServiceProvider): Server {
  const server = services.getService(Server)
  if (server === undefined) throw hostingErrors.serverMissing()
  return server
}
