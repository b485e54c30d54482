import type {
  ApplicationBuilder,
  Configuration,
  Constructor,
  InjectCheck,
  LoggingBuilder,
  ServiceCollection,
  ServiceProviderFactory,
  ServiceProviderOptions,
} from '@windhover/core'
import { DefaultServiceProviderFactory } from '@windhover/core'
import type { ConfigurationBuilder } from '../configuration/configuration-builder.ts'
import { ConfigurationManager } from '../configuration/configuration-manager.ts'
import { addWindhoverVariables } from '../defaults/windhover-variables.ts'
import { hostingErrors } from '../errors/hosting-errors.ts'
import { presentIfUncaught } from '../lifetime/uncaught-startup-error.ts'
import type { NodeServerOptions } from '../node-server/node-server-options.ts'
import { Server } from '../server/server.ts'
import { checkCallback } from '../startup/check-callback.ts'
import type { StartupFactory, StartupSource } from '../startup/startup-source.ts'
import { buildWebHost } from './build-web-host.ts'
import { addNodeServer, configureNodeServer } from './node-server-services.ts'
import type { WebHost } from './web-host.ts'
import type { WebHostBuilderContext } from './web-host-builder-context.ts'
import { WebHostDefaults } from './web-host-defaults.ts'

/**
 * Collects what makes a web host: settings, configuration, services, a server, and the application. Callbacks run in `build`, in the order in which they were added.
 * `WebHost.createDefaultBuilder` gives one with the usual settings. (ASP.NET Core: WebHostBuilder, IWebHostBuilder)
 */
export class WebHostBuilder {
  readonly #settings: ConfigurationManager
  readonly #appConfigurations: ((configuration: ConfigurationBuilder, context: WebHostBuilderContext) => void)[] = []
  readonly #serviceConfigurations: ((services: ServiceCollection, context: WebHostBuilderContext) => void)[] = []
  readonly #testServiceConfigurations: ((services: ServiceCollection, context: WebHostBuilderContext) => void)[] = []
  #providerFactory: (context: WebHostBuilderContext) => ServiceProviderFactory = () => new DefaultServiceProviderFactory()
  #startup: StartupSource<WebHostBuilderContext> | undefined
  #isBuilt = false

  /** `settings` are those of the host to begin with. Default: the environment variables that begin with `WINDHOVER_`. */
  constructor(settings: ConfigurationManager = settingsOfVariables()) {
    this.#settings = settings
  }

  /** A setting of the host; undefined when it is not set. Keys ignore case. */
  getSetting(key: string): string | undefined {
    return this.#settings.get(key)
  }

  useSetting(key: string, value: string | undefined): this {
    this.#settings.set(key, value)
    return this
  }

  /** Takes over every value of a configuration as a setting. */
  useConfiguration(configuration: Configuration): this {
    for (const [key, value] of configuration.asEnumerable(true)) if (value !== undefined) this.useSetting(key, value)
    return this
  }

  /** Adds sources to the configuration of the application, which begins with the settings of the host. */
  configureAppConfiguration(configure: (configuration: ConfigurationBuilder, context: WebHostBuilderContext) => void): this {
    checkCallback('configureAppConfiguration()', configure)
    this.#appConfigurations.push(configure)
    return this
  }

  /** Adds services, before the Startup class adds its own. */
  configureServices(configure: (services: ServiceCollection, context: WebHostBuilderContext) => void): this {
    checkCallback('configureServices()', configure)
    this.#serviceConfigurations.push(configure)
    return this
  }

  /** Changes services after the application has added its own: what a test registers here wins. (ASP.NET Core: ConfigureTestServices) */
  configureTestServices(configure: (services: ServiceCollection, context: WebHostBuilderContext) => void): this {
    checkCallback('configureTestServices()', configure)
    this.#testServiceConfigurations.push(configure)
    return this
  }

  configureLogging(configure: (logging: LoggingBuilder, context: WebHostBuilderContext) => void): this {
    checkCallback('configureLogging()', configure)
    return this.configureServices((services, context) => services.addLogging(logging => configure(logging, context)))
  }

  /**
   * The class that adds services and configures the application, by the conventions of ASP.NET Core: `configureServices(services)` and `configure(app, env, loggerFactory)`, or
   * those for one environment, such as `configureDevelopment`. `configure` may be asynchronous. A function makes the object itself. The last call of `useStartup` or `configure` wins.
   */
  useStartup(startup: StartupFactory<WebHostBuilderContext>): this
  useStartup<C extends Constructor<object>>(startup: C & InjectCheck<C>): this
  useStartup(startup: Constructor<object> | StartupFactory<WebHostBuilderContext>): this {
    if (typeof startup !== 'function') throw hostingErrors.startupNotAFunction(startup)
    return this.setStartup({ startup })
  }

  /** Configures the application without a Startup class. The last call of `useStartup` or `configure` wins. */
  configure(configure: (app: ApplicationBuilder, context: WebHostBuilderContext) => Promise<void> | void): this {
    if (typeof configure !== 'function') throw hostingErrors.startupNotAFunction(configure)
    return this.setStartup({ configure })
  }

  /** How the container checks its registrations. A default builder checks scopes in Development. */
  useDefaultServiceProvider(options: ServiceProviderOptions | ((context: WebHostBuilderContext) => ServiceProviderOptions)): this {
    return this.setProviderFactory(context => new DefaultServiceProviderFactory(typeof options === 'function' ? options(context) : options))
  }

  /**
   * Where the server listens: `http://localhost:5000`, `http://*:80`, several as arguments or separated by `;`. Port 0 takes a free one. Raises an argument error for what is no text; what is
   * no address is told when the host starts.
   */
  useUrls(...urls: readonly string[]): this {
    for (const url of urls) if (typeof url !== 'string') throw hostingErrors.urlNotText(url)
    return this.useSetting(WebHostDefaults.Urls, urls.join(';'))
  }

  /** True: the addresses of `useUrls` and the configuration win over those that the server was told itself. */
  preferHostingUrls(prefer: boolean): this {
    return this.useSetting(WebHostDefaults.PreferHostingUrls, String(prefer))
  }

  /** The name of the environment, such as `Development`. */
  useEnvironment(environment: string): this {
    return this.useSetting(WebHostDefaults.Environment, environment)
  }

  /** The folder of `appsettings.json` and of the web root. Default: the working directory. */
  useContentRoot(contentRoot: string): this {
    return this.useSetting(WebHostDefaults.ContentRoot, contentRoot)
  }

  /** The folder of static files, relative to the content root. Default: `wwwroot`. */
  useWebRoot(webRoot: string): this {
    return this.useSetting(WebHostDefaults.WebRoot, webRoot)
  }

  /** How long a stop waits before it ends what is left, in milliseconds. Default 5,000; on the generic host 30,000. */
  useShutdownTimeout(milliseconds: number): this {
    return this.useSetting(WebHostDefaults.ShutdownTimeoutSeconds, String(milliseconds / 1_000))
  }

  /** True: an application that cannot start answers every request with an error page in place of failing to start. Default false. */
  captureStartupErrors(capture: boolean): this {
    return this.useSetting(WebHostDefaults.CaptureStartupErrors, String(capture))
  }

  /** True: `runAsync` prints nothing. Default false. */
  suppressStatusMessages(suppress = true): this {
    return this.useSetting(WebHostDefaults.SuppressStatusMessages, String(suppress))
  }

  /** The server: an object, which stays yours to dispose, or a class, which the container makes and disposes. */
  useServer(server: Server): this
  useServer<C extends Constructor<Server>>(type: C & InjectCheck<C>): this
  useServer(server: Server | Constructor<Server>): this {
    return this.configureServices(services => {
      services.addSingleton(Server, typeof server === 'function' ? { useClass: server } : { useValue: server })
    })
  }

  /** Uses `NodeServer`, the server on `node:http`, as a default builder does. (ASP.NET Core: UseKestrel) */
  useNodeServer(options?: NodeServerOptions | ((options: NodeServerOptions, context: WebHostBuilderContext) => void)): this {
    this.configureServices(services => addNodeServer(services))
    return options === undefined ? this : this.configureNodeServer(options)
  }

  /** Sets options of `NodeServer`; several calls add up, the last one wins. (ASP.NET Core: ConfigureKestrel) */
  configureNodeServer(options: NodeServerOptions | ((options: NodeServerOptions, context: WebHostBuilderContext) => void)): this {
    return this.configureServices((services, context) => {
      configureNodeServer(
        services,
        typeof options === 'function' ? draft => options(draft, context) : draft => Object.assign(draft, options),
      )
    })
  }

  /**
   * Builds the host: its configuration and its services are final then, while `configure` runs when it starts. Once only.
   * Raises what a callback or the Startup class raises, and an invalid-operation error when nothing configures the application.
   */
  build(): WebHost {
    if (this.#isBuilt) throw hostingErrors.builtTwice('WebHostBuilder')
    this.#isBuilt = true
    try {
      return buildWebHost({
        settings: this.#settings,
        appConfigurations: this.#appConfigurations,
        serviceConfigurations: this.#serviceConfigurations,
        testServiceConfigurations: this.#testServiceConfigurations,
        providerFactory: this.#providerFactory,
        startup: this.#startup,
      })
    } catch (error) {
      presentIfUncaught(error)
      throw error
    }
  }

  protected setStartup(startup: StartupSource<WebHostBuilderContext>): this {
    this.#startup = startup
    return this
  }

  protected setProviderFactory(factory: (context: WebHostBuilderContext) => ServiceProviderFactory): this {
    this.#providerFactory = factory
    return this
  }
}

function settingsOfVariables(): ConfigurationManager {
  const settings = new ConfigurationManager()
  addWindhoverVariables(settings)
  return settings
}
