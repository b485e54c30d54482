import {
  Configuration,
  HostedService,
  type Logger,
  LoggerFactory,
  type RequestDelegate,
  ServerAddressesFeature,
  ServiceProvider,
  WebHostEnvironment,
} from '@windhover/core'
import { hostingErrors } from '../errors/hosting-errors.ts'
import { Server } from '../server/server.ts'
import { buildPipeline } from '../startup/build-pipeline.ts'
import { startupErrorPage } from '../startup/startup-error-page.ts'
import { diagnosticsCategory, hostEvents } from '../web-host/host-log.ts'
import { HostingApplication } from '../web-host/hosting-application.ts'
import { addUrlsOrPorts } from '../web-host/server-addresses.ts'
import { readWebHostOptions } from '../web-host/web-host-options.ts'
import { lifetimeCategory } from './console-lifetime.ts'
import { WebApplicationPlan } from './web-application-plan.ts'

/** ASP.NET Core's number. */
const listeningOnAddress = 14

/** The server of a generic host, as one of its hosted services. (ASP.NET Core: GenericWebHostService) */
export class WebServerService extends HostedService {
  static readonly inject: readonly [typeof ServiceProvider, typeof Configuration, typeof WebHostEnvironment, typeof LoggerFactory] = [
    ServiceProvider,
    Configuration,
    WebHostEnvironment,
    LoggerFactory,
  ]

  readonly #services: ServiceProvider
  readonly #configuration: Configuration
  readonly #environment: WebHostEnvironment
  readonly #logger: Logger
  readonly #lifetimeLogger: Logger
  readonly #server: Server

  constructor(services: ServiceProvider, configuration: Configuration, environment: WebHostEnvironment, loggerFactory: LoggerFactory) {
    super()
    this.#services = services
    this.#configuration = configuration
    this.#environment = environment
    this.#logger = loggerFactory.createLogger(diagnosticsCategory)
    this.#lifetimeLogger = loggerFactory.createLogger(lifetimeCategory)
    const server = services.getService(Server)
    if (server === undefined) throw hostingErrors.serverMissing()
    this.#server = server
  }

  override async startAsync(signal: AbortSignal): Promise<void> {
    const { features } = this.#server
    addUrlsOrPorts(features, this.#configuration, this.#logger)
    const pipeline = await this.#buildPipeline()
    await this.#server.startAsync(new HostingApplication(pipeline, this.#services), signal)
    for (const address of features.get(ServerAddressesFeature)?.addresses ?? []) {
      this.#lifetimeLogger.logInformation(listeningOnAddress, 'Now listening on: {address}', address)
    }
  }

  override async stopAsync(signal: AbortSignal): Promise<void> {
    await this.#server.stopAsync(signal)
  }

  async #buildPipeline(): Promise<RequestDelegate> {
    try {
      return await buildPipeline(this.#services, this.#server.features, this.#services.getRequiredService(WebApplicationPlan).configure)
    } catch (error) {
      this.#logger.logCritical(hostEvents.applicationStartupException, error, 'Application startup exception')
      const { captureStartupErrors, detailedErrors } = readWebHostOptions(this.#configuration)
      if (!captureStartupErrors) throw error
      return startupErrorPage(error, detailedErrors || this.#environment.isDevelopment())
    }
  }
}
