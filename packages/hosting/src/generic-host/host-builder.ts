import {
  DefaultServiceProviderFactory,
  type LoggingBuilder,
  ServiceCollection,
  type ServiceProviderFactory,
  type ServiceProviderOptions,
} from '@windhover/core'
import { ConfigurationBuilder } from '../configuration/configuration-builder.ts'
import type { ConfigurationRoot } from '../configuration/configuration-root.ts'
import { addDefaultWebServices } from '../defaults/default-web-services.ts'
import { addWindhoverVariables } from '../defaults/windhover-variables.ts'
import { DefaultHostEnvironment } from '../environment/default-host-environment.ts'
import { hostingErrors } from '../errors/hosting-errors.ts'
import { presentIfUncaught } from '../lifetime/uncaught-startup-error.ts'
import { checkCallback } from '../startup/check-callback.ts'
import { createProvider } from '../startup/create-provider.ts'
import type { WebHostBuilder } from '../web-host/web-host-builder.ts'
import { WebHostDefaults } from '../web-host/web-host-defaults.ts'
import { readWebHostOptions } from '../web-host/web-host-options.ts'
import { addHostServices } from './add-host-services.ts'
import { ConsoleLifetimeOptions } from './console-lifetime.ts'
import { GenericWebHostBuilder } from './generic-web-host-builder.ts'
import { Host } from './host.ts'
import type { HostBuilderContext } from './host-builder-context.ts'
import { HostOptions } from './host-options.ts'

/** How `configureWebHost` begins. (ASP.NET Core: WebHostBuilderOptions) */
export interface ConfigureWebHostOptions {
  /** True: the environment variables that begin with `WINDHOVER_` are not settings of the host. Default false. */
  readonly suppressEnvironmentConfiguration?: boolean
}

/**
 * Collects what makes a generic host. Callbacks run in `build`: those for the settings of the host, then those for the configuration, then those for services, each in the order in which they
 * were added. (.NET: HostBuilder)
 */
export class HostBuilder {
  /** Shared by what configures this host. */
  readonly properties: Map<unknown, unknown> = new Map()
  readonly #hostConfigurations: ((settings: ConfigurationBuilder) => void)[] = []
  readonly #appConfigurations: ((configuration: ConfigurationBuilder, context: HostBuilderContext) => void)[] = []
  readonly #serviceConfigurations: ((services: ServiceCollection, context: HostBuilderContext) => void)[] = []
  readonly #containerConfigurations: ((containerBuilder: unknown, context: HostBuilderContext) => void)[] = []
  #providerFactory: (context: HostBuilderContext) => ServiceProviderFactory = () => new DefaultServiceProviderFactory()
  #isBuilt = false

  /** Adds sources to the settings of the host, such as its environment and its content root. */
  configureHostConfiguration(configure: (settings: ConfigurationBuilder) => void): this {
    checkCallback('configureHostConfiguration()', configure)
    this.#hostConfigurations.push(configure)
    return this
  }

  /** Adds sources to the configuration, which begins with the settings of the host. */
  configureAppConfiguration(configure: (configuration: ConfigurationBuilder, context: HostBuilderContext) => void): this {
    checkCallback('configureAppConfiguration()', configure)
    this.#appConfigurations.push(configure)
    return this
  }

  configureServices(configure: (services: ServiceCollection, context: HostBuilderContext) => void): this {
    checkCallback('configureServices()', configure)
    this.#serviceConfigurations.push(configure)
    return this
  }

  configureLogging(configure: (logging: LoggingBuilder, context: HostBuilderContext) => void): this {
    checkCallback('configureLogging()', configure)
    return this.configureServices((services, context) => services.addLogging(logging => configure(logging, context)))
  }

  /** Works on the builder of the container when all services have been added. */
  configureContainer<ContainerBuilder>(configure: (containerBuilder: ContainerBuilder, context: HostBuilderContext) => void): this {
    this.#containerConfigurations.push(configure as (containerBuilder: unknown, context: HostBuilderContext) => void)
    return this
  }

  /** Uses another container. */
  useServiceProviderFactory<ContainerBuilder>(
    factory: ServiceProviderFactory<ContainerBuilder> | ((context: HostBuilderContext) => ServiceProviderFactory<ContainerBuilder>),
  ): this {
    this.#providerFactory = (typeof factory === 'function' ? factory : () => factory) as (
      context: HostBuilderContext,
    ) => ServiceProviderFactory
    return this
  }

  /** How the container checks its registrations. A default builder checks them in Development. */
  useDefaultServiceProvider(options: ServiceProviderOptions | ((context: HostBuilderContext) => ServiceProviderOptions)): this {
    return this.useServiceProviderFactory(
      context => new DefaultServiceProviderFactory(typeof options === 'function' ? options(context) : options),
    )
  }

  /** The name of the environment, such as `Development`. */
  useEnvironment(environment: string): this {
    return this.#useSetting(WebHostDefaults.Environment, environment)
  }

  /** The folder of `appsettings.json`. Default: the working directory. */
  useContentRoot(contentRoot: string): this {
    return this.#useSetting(WebHostDefaults.ContentRoot, contentRoot)
  }

  configureHostOptions(configure: (options: HostOptions, context: HostBuilderContext) => void): this {
    return this.configureServices((services, context) => services.configure(HostOptions, options => configure(options, context)))
  }

  /** Sets how the lifetime on the console behaves, which is the default. */
  useConsoleLifetime(configure: (options: ConsoleLifetimeOptions) => void = () => {}): this {
    return this.configureServices(services => services.configure(ConsoleLifetimeOptions, configure))
  }

  /**
   * Adds a web application with its server, as one more hosted service: it starts after the services that were added before this call or in it, and before those that are added later.
   */
  configureWebHost(configure: (web: WebHostBuilder) => void, options: ConfigureWebHostOptions = {}): this {
    if (!options.suppressEnvironmentConfiguration && !this.#hostConfigurations.includes(addWindhoverVariables)) {
      this.configureHostConfiguration(addWindhoverVariables)
    }
    const web = new GenericWebHostBuilder(this)
    configure(web)
    web.addServer()
    return this
  }

  /** The same with `NodeServer`, configured by the section `NodeServer`, and host filtering by `AllowedHosts`. */
  configureWebHostDefaults(configure: (web: WebHostBuilder) => void, options?: ConfigureWebHostOptions): this {
    return this.configureWebHost(web => {
      web.configureServices((services, { configuration, hostingEnvironment }) =>
        addDefaultWebServices(services, configuration, hostingEnvironment),
      )
      configure(web)
    }, options)
  }

  /** Builds the host. Once only. Raises what a callback or a Startup class raises. */
  build(): Host {
    if (this.#isBuilt) throw hostingErrors.builtTwice('HostBuilder')
    this.#isBuilt = true
    try {
      return this.#build()
    } catch (error) {
      presentIfUncaught(error)
      throw error
    }
  }

  #build(): Host {
    const settings = this.#buildSettings()
    const environment = new DefaultHostEnvironment(readWebHostOptions(settings))
    const configuration = this.#buildConfiguration(settings, environment)
    try {
      const context: HostBuilderContext = { configuration, hostingEnvironment: environment, properties: this.properties }
      const services = new ServiceCollection()
      addHostServices(services, configuration, settings, environment)
      for (const configure of this.#serviceConfigurations) configure(services, context)
      const provider = createProvider(services, this.#providerFactory(context), builder => {
        for (const configure of this.#containerConfigurations) configure(builder, context)
      })
      return new Host(provider)
    } catch (error) {
      configuration[Symbol.dispose]()
      throw error
    }
  }

  #buildSettings(): ConfigurationRoot {
    const builder = new ConfigurationBuilder().addInMemoryCollection()
    for (const configure of this.#hostConfigurations) configure(builder)
    return builder.build()
  }

  #buildConfiguration(settings: ConfigurationRoot, hostingEnvironment: DefaultHostEnvironment): ConfigurationRoot {
    const context: HostBuilderContext = { configuration: settings, hostingEnvironment, properties: this.properties }
    const builder = new ConfigurationBuilder().setBasePath(hostingEnvironment.contentRootPath).addConfiguration(settings, true)
    for (const configure of this.#appConfigurations) configure(builder, context)
    return builder.build()
  }

  #useSetting(key: string, value: string): this {
    return this.configureHostConfiguration(settings => settings.addInMemoryCollection([[key, value]]))
  }
}
