import {
  ActivatorUtilities,
  Configuration,
  HostEnvironment,
  type ServiceCollection,
  type ServiceProvider,
  type ServiceProviderFactory,
  WebHostEnvironment,
} from '@windhover/core'
import { ConfigurationBuilder } from '../configuration/configuration-builder.ts'
import type { ConfigurationManager } from '../configuration/configuration-manager.ts'
import type { ConfigurationRoot } from '../configuration/configuration-root.ts'
import { DefaultHostEnvironment } from '../environment/default-host-environment.ts'
import { hostingErrors } from '../errors/hosting-errors.ts'
import type { ConfigurePipeline } from '../startup/build-pipeline.ts'
import { createProvider } from '../startup/create-provider.ts'
import { createStartup, type StartupSource } from '../startup/startup-source.ts'
import { addApplicationLifetime, addWebHostServices } from './add-web-host-services.ts'
import { HostingServices } from './hosting-services.ts'
import { WebHost } from './web-host.ts'
import type { WebHostBuilderContext } from './web-host-builder-context.ts'
import { readWebHostOptions, type WebHostOptions } from './web-host-options.ts'

/** What a builder has collected. */
export interface WebHostPlan {
  readonly settings: ConfigurationManager
  readonly appConfigurations: readonly ((configuration: ConfigurationBuilder, context: WebHostBuilderContext) => void)[]
  readonly serviceConfigurations: readonly ((services: ServiceCollection, context: WebHostBuilderContext) => void)[]
  /** Run after the Startup class has added its services. */
  readonly testServiceConfigurations: readonly ((services: ServiceCollection, context: WebHostBuilderContext) => void)[]
  readonly providerFactory: (context: WebHostBuilderContext) => ServiceProviderFactory
  readonly startup: StartupSource<WebHostBuilderContext> | undefined
}

/** The container of the application, and what configures its pipeline. */
interface Application {
  readonly services: ServiceProvider
  readonly configure: ConfigurePipeline
}

export function buildWebHost(plan: WebHostPlan): WebHost {
  const options = readWebHostOptions(plan.settings)
  const environment = new DefaultHostEnvironment(options)
  const configuration = buildConfiguration(plan, environment)
  const context: WebHostBuilderContext = { configuration, hostingEnvironment: environment }
  const hosting = new HostingServices()
  try {
    const { services } = hosting
    services
      // From a factory, so that the container disposes it: that stops the watching of files.
      .addSingleton(Configuration, { useFactory: () => configuration })
      .addSingleton(HostEnvironment, { useValue: environment })
      .addSingleton(WebHostEnvironment, { useValue: environment })
    addWebHostServices(services)
    addApplicationLifetime(services)
    for (const configure of plan.serviceConfigurations) configure(services, context)

    const application = buildApplication(plan, options, context, hosting)
    application.services.getService(Configuration)
    return new WebHost({ ...application, settings: plan.settings, options, disposeHostingServices: () => hosting.disposeAsync() })
  } catch (error) {
    configuration[Symbol.dispose]()
    throw error
  }
}

function buildConfiguration({ settings, appConfigurations }: WebHostPlan, environment: WebHostEnvironment): ConfigurationRoot {
  const builder = new ConfigurationBuilder().setBasePath(environment.contentRootPath).addConfiguration(settings, true)
  for (const configure of appConfigurations) configure(builder, { configuration: settings, hostingEnvironment: environment })
  return builder.build()
}

/** An error of the Startup class becomes one of `configure` when such errors are captured: the host starts and shows it. */
function buildApplication(
  plan: WebHostPlan,
  options: WebHostOptions,
  context: WebHostBuilderContext,
  hosting: HostingServices,
): Application {
  try {
    return startApplication(plan, context, hosting)
  } catch (error) {
    if (!options.captureStartupErrors) throw error
    const configure = (): void => {
      throw error
    }
    const services = hosting.copy()
    applyTestServices(plan, services, context)
    return { services: services.buildServiceProvider(), configure }
  }
}

function startApplication(plan: WebHostPlan, context: WebHostBuilderContext, hosting: HostingServices): Application {
  const { startup, providerFactory } = plan
  if (startup === undefined) throw hostingErrors.startupMissing()
  const services = hosting.copy()
  const factory = providerFactory(context)
  if ('configure' in startup) {
    applyTestServices(plan, services, context)
    return { services: createProvider(services, factory), configure: app => startup.configure(app, context) }
  }
  const conventions = createStartup(startup.startup, context.hostingEnvironment.environmentName, context, type =>
    ActivatorUtilities.getServiceOrCreateInstance(hosting.provider, type),
  )
  conventions.requireConfigure()
  const own = conventions.configureServices(services)
  applyTestServices(plan, services, context)
  const provider = own ?? createProvider(services, factory, builder => conventions.configureContainer(builder))
  return { services: provider, configure: (app, scoped) => conventions.configure(app, scoped) }
}

/** A test has the last word. */
function applyTestServices({ testServiceConfigurations }: WebHostPlan, services: ServiceCollection, context: WebHostBuilderContext): void {
  for (const configure of testServiceConfigurations) configure(services, context)
}
