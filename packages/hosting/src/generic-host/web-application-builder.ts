import {
  type ApplicationBuilder,
  HostedService,
  type LoggingBuilder,
  type ServiceCollection,
  ServiceDescriptor,
  type ServiceProviderFactory,
  WebHostEnvironment,
} from '@windhover/core'
import type { ConfigurationManager } from '../configuration/configuration-manager.ts'
import { addDefaultWebServices } from '../defaults/default-web-services.ts'
import { addWebHostServices } from '../web-host/add-web-host-services.ts'
import type { WebHostBuilder } from '../web-host/web-host-builder.ts'
import { ConfigureWebHostBuilder } from './configure-web-host-builder.ts'
import { HostApplicationBuilder, type HostApplicationBuilderSettings } from './host-application-builder.ts'
import { WebApplication } from './web-application.ts'
import { WebApplicationPlan } from './web-application-plan.ts'
import { WebServerService } from './web-server-service.ts'

/** What `WebApplication.createBuilder` may be told. (ASP.NET Core: WebApplicationOptions) */
export interface WebApplicationOptions extends HostApplicationBuilderSettings {
  /** The folder of static files, relative to the content root. Default: `wwwroot`. */
  readonly webRootPath?: string
}

/** A builder of a web application whose configuration, environment and services are there at once. (ASP.NET Core: WebApplicationBuilder) */
export class WebApplicationBuilder {
  /** The server and its settings. Callbacks run at once; there is no Startup class. */
  readonly webHost: WebHostBuilder
  readonly environment: WebHostEnvironment
  readonly #host: HostApplicationBuilder

  constructor(argsOrOptions: readonly string[] | WebApplicationOptions = {}) {
    this.#host = new HostApplicationBuilder(argsOrOptions)
    this.environment = this.#host.environment as WebHostEnvironment
    this.webHost = new ConfigureWebHostBuilder(this.configuration, this.services, this.environment, factory =>
      this.#host.configureContainer(factory),
    )
    this.services.addSingleton(WebHostEnvironment, { useValue: this.environment })
    addWebHostServices(this.services)
    addDefaultWebServices(this.services, this.configuration, this.environment)
  }

  /** Sources may be added to it; what it says is up to date. */
  get configuration(): ConfigurationManager {
    return this.#host.configuration
  }

  get services(): ServiceCollection {
    return this.#host.services
  }

  get logging(): LoggingBuilder {
    return this.#host.logging
  }

  /** Uses another container; `configure` works on its builder when all services have been added. */
  configureContainer<ContainerBuilder>(
    factory: ServiceProviderFactory<ContainerBuilder>,
    configure?: (containerBuilder: ContainerBuilder) => void,
  ): this {
    this.#host.configureContainer(factory, configure)
    return this
  }

  /** Builds the application. Its server starts after all hosted services. Once only. */
  build(): WebApplication {
    let application: WebApplication | undefined
    this.services
      .addSingleton(WebApplicationPlan, { useValue: { configure: app => addApplication(app, application!) } })
      .tryAddEnumerable(ServiceDescriptor.singleton(HostedService, { useClass: WebServerService }))
    application = new WebApplication(this.#host.build())
    return application
  }
}

/** Puts the pipeline of the application into that of the host, in front of which startup filters may have put theirs. */
function addApplication(app: ApplicationBuilder, application: WebApplication): void {
  if (application.environment.isDevelopment()) app.useDeveloperExceptionPage()
  app.useComponent(next => application.build(next))
}
