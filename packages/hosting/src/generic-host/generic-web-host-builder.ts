import {
  ActivatorUtilities,
  Configuration,
  type Constructor,
  HostEnvironment,
  HostedService,
  ServiceCollection,
  ServiceDescriptor,
  type ServiceProviderFactory,
  WebHostEnvironment,
  WindhoverException,
} from '@windhover/core'
import type { ConfigurationBuilder } from '../configuration/configuration-builder.ts'
import { ConfigurationManager } from '../configuration/configuration-manager.ts'
import { hostingErrors } from '../errors/hosting-errors.ts'
import type { ConfigurePipeline } from '../startup/build-pipeline.ts'
import { checkCallback } from '../startup/check-callback.ts'
import { createStartup, type StartupSource } from '../startup/startup-source.ts'
import { addWebHostServices } from '../web-host/add-web-host-services.ts'
import type { WebHost } from '../web-host/web-host.ts'
import { WebHostBuilder } from '../web-host/web-host-builder.ts'
import type { WebHostBuilderContext } from '../web-host/web-host-builder-context.ts'
import { readWebHostOptions } from '../web-host/web-host-options.ts'
import type { HostBuilder } from './host-builder.ts'
import type { HostBuilderContext } from './host-builder-context.ts'
import { WebApplicationPlan } from './web-application-plan.ts'
import { WebServerService } from './web-server-service.ts'

/** The web application as a part of a generic host: whatever it is told, it tells the builder of that host. (ASP.NET Core: GenericWebHostBuilder) */
export class GenericWebHostBuilder extends WebHostBuilder {
  readonly #host: HostBuilder
  #startup: StartupSource<WebHostBuilderContext> | undefined

  constructor(host: HostBuilder) {
    const settings = new ConfigurationManager()
    super(settings)
    this.#host = host
    host
      .configureHostConfiguration(hostSettings => hostSettings.addConfiguration(settings))
      .configureServices((services, context) => {
        addWebHostServices(services)
        services.addSingleton(WebHostEnvironment, { useValue: webContext(context).hostingEnvironment })
      })
  }

  override configureAppConfiguration(configure: (configuration: ConfigurationBuilder, context: WebHostBuilderContext) => void): this {
    checkCallback('configureAppConfiguration()', configure)
    this.#host.configureAppConfiguration((configuration, context) => configure(configuration, webContext(context)))
    return this
  }

  override configureServices(configure: (services: ServiceCollection, context: WebHostBuilderContext) => void): this {
    checkCallback('configureServices()', configure)
    this.#host.configureServices((services, context) => configure(services, webContext(context)))
    return this
  }

  /** Raises a not-supported error: the builder of the generic host builds it. */
  override build(): WebHost {
    throw hostingErrors.webHostNotBuildable()
  }

  /** Adds the server behind the services of this part. */
  addServer(): void {
    this.#host.configureServices(services => {
      if (this.#startup === undefined) throw hostingErrors.startupMissing()
      services.tryAddEnumerable(ServiceDescriptor.singleton(HostedService, { useClass: WebServerService }))
    })
  }

  protected override setStartup(startup: StartupSource<WebHostBuilderContext>): this {
    this.#startup = startup
    return this.configureServices((services, context) => {
      if (this.#startup === startup)
        services.addSingleton(WebApplicationPlan, { useValue: { configure: this.#addStartup(startup, services, context) } })
    })
  }

  protected override setProviderFactory(factory: (context: WebHostBuilderContext) => ServiceProviderFactory): this {
    this.#host.useServiceProviderFactory(context => factory(webContext(context)))
    return this
  }

  /** An error of the Startup class becomes one of `configure` when such errors are captured: the host starts and shows it. */
  #addStartup(
    startup: StartupSource<WebHostBuilderContext>,
    services: ServiceCollection,
    context: WebHostBuilderContext,
  ): ConfigurePipeline {
    if ('configure' in startup) return app => startup.configure(app, context)
    try {
      const { environmentName } = context.hostingEnvironment
      const conventions = createStartup(startup.startup, environmentName, context, type => constructStartup(type, context))
      // As in ASP.NET Core the generic host constructs the class in any case, the classic one only where a method is not static.
      conventions.construct()
      if (conventions.configureServices(services) !== undefined) throw hostingErrors.serviceProviderReturned(conventions.name)
      conventions.requireConfigure()
      this.#host.configureContainer(containerBuilder => conventions.configureContainer(containerBuilder))
      return (app, scoped) => conventions.configure(app, scoped)
    } catch (error) {
      if (!readWebHostOptions(context.configuration).captureStartupErrors) throw error
      return () => {
        throw error
      }
    }
  }
}

/** The environment of a host is always one of a web host; without a web part it is not offered as such. */
function webContext(context: HostBuilderContext): WebHostBuilderContext {
  return context as HostBuilderContext & WebHostBuilderContext
}

/** One container cannot construct the class that fills it, so the constructor of a Startup class gets no more than this; its `configure` gets everything. */
function constructStartup(type: Constructor<object>, { configuration, hostingEnvironment }: WebHostBuilderContext): object {
  const services = new ServiceCollection()
    .addSingleton(Configuration, { useValue: configuration })
    .addSingleton(HostEnvironment, { useValue: hostingEnvironment })
    .addSingleton(WebHostEnvironment, { useValue: hostingEnvironment })
    .buildServiceProvider()
  try {
    return ActivatorUtilities.createInstance(services, type)
  } catch (error) {
    throw isUnresolved(error) ? hostingErrors.startupConstructor(type.name, error) : error
  }
}

function isUnresolved(error: unknown): boolean {
  return error instanceof WindhoverException && error.code === 'WINDHOVER_ERR_PARAMETER_UNRESOLVED'
}
