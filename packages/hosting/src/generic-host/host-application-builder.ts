import {
  DefaultServiceProviderFactory,
  type HostEnvironment,
  LoggingBuilder,
  ServiceCollection,
  type ServiceProviderFactory,
} from '@windhover/core'
import { ConfigurationManager } from '../configuration/configuration-manager.ts'
import { checksInDevelopment } from '../defaults/checks-in-development.ts'
import { addDefaultConfiguration } from '../defaults/default-configuration.ts'
import { DefaultHostEnvironment } from '../environment/default-host-environment.ts'
import { hostingErrors } from '../errors/hosting-errors.ts'
import { presentIfUncaught } from '../lifetime/uncaught-startup-error.ts'
import { createProvider } from '../startup/create-provider.ts'
import { WebHostDefaults } from '../web-host/web-host-defaults.ts'
import { readWebHostOptions } from '../web-host/web-host-options.ts'
import { addHostServices } from './add-host-services.ts'
import { Host } from './host.ts'

/** What `Host.createApplicationBuilder` may be told. (.NET: HostApplicationBuilderSettings) */
export interface HostApplicationBuilderSettings {
  /** The arguments of the program: `process.argv.slice(2)`. */
  readonly args?: readonly string[]
  readonly applicationName?: string
  readonly environmentName?: string
  /** Default: the working directory. */
  readonly contentRootPath?: string
}

/** A builder of a generic host whose configuration, environment and services are there at once. (.NET: HostApplicationBuilder) */
export class HostApplicationBuilder {
  /** Sources may be added to it; what it says is up to date. */
  readonly configuration: ConfigurationManager = new ConfigurationManager()
  readonly services: ServiceCollection = new ServiceCollection()
  readonly logging: LoggingBuilder = new LoggingBuilder(this.services)
  protected readonly hostEnvironment: DefaultHostEnvironment
  #providerFactory: ServiceProviderFactory
  #configureContainer: (containerBuilder: unknown) => void = () => {}
  #isBuilt = false

  constructor(argsOrSettings: readonly string[] | HostApplicationBuilderSettings = {}) {
    const settings = isArguments(argsOrSettings) ? { args: argsOrSettings } : argsOrSettings
    const { args = [] } = settings
    const { configuration } = this
    const explicit = explicitSettings(settings)
    this.hostEnvironment = readEnvironment(configuration, args, explicit)
    configuration.setBasePath(this.hostEnvironment.contentRootPath)
    addDefaultConfiguration(configuration, configuration, this.hostEnvironment, args)
    this.hostEnvironment.setWebRoot(explicit.get(WebHostDefaults.WebRoot) ?? configuration.get(WebHostDefaults.WebRoot))

    addHostServices(this.services, configuration, configuration, this.hostEnvironment)
    this.logging.addConfiguration(configuration.getSection('Logging')).addConsole()
    this.#providerFactory = new DefaultServiceProviderFactory(checksInDevelopment(this.hostEnvironment))
  }

  get environment(): HostEnvironment {
    return this.hostEnvironment
  }

  /** Uses another container; `configure` works on its builder when all services have been added. */
  configureContainer<ContainerBuilder>(
    factory: ServiceProviderFactory<ContainerBuilder>,
    configure: (containerBuilder: ContainerBuilder) => void = () => {},
  ): this {
    this.#providerFactory = factory as ServiceProviderFactory
    this.#configureContainer = configure as (containerBuilder: unknown) => void
    return this
  }

  /** Builds the host. Once only. */
  build(): Host {
    if (this.#isBuilt) throw hostingErrors.builtTwice(this.constructor.name)
    this.#isBuilt = true
    try {
      return new Host(createProvider(this.services, this.#providerFactory, this.#configureContainer))
    } catch (error) {
      this.configuration[Symbol.dispose]()
      presentIfUncaught(error)
      throw error
    }
  }
}

/** Adds the sources that the environment is read from: variables, arguments, and what the program says itself. */
function readEnvironment(
  configuration: ConfigurationManager,
  args: readonly string[],
  explicit: Map<string, string>,
): DefaultHostEnvironment {
  configuration.addEnvironmentVariables('WINDHOVER_')
  if (args.length > 0) configuration.addCommandLine(args)
  if (explicit.size > 0) configuration.addInMemoryCollection(explicit)
  return new DefaultHostEnvironment(readWebHostOptions(configuration))
}

function explicitSettings(settings: HostApplicationBuilderSettings & { readonly webRootPath?: string }): Map<string, string> {
  const values: [string, string | undefined][] = [
    [WebHostDefaults.ApplicationName, settings.applicationName],
    [WebHostDefaults.Environment, settings.environmentName],
    [WebHostDefaults.ContentRoot, settings.contentRootPath],
    [WebHostDefaults.WebRoot, settings.webRootPath],
  ]
  return new Map(values.filter((entry): entry is [string, string] => entry[1] !== undefined))
}

function isArguments(value: readonly string[] | HostApplicationBuilderSettings): value is readonly string[] {
  return Array.isArray(value)
}
