import type { ServiceCollection, ServiceProviderFactory, WebHostEnvironment } from '@windhover/core'
import type { ConfigurationBuilder } from '../configuration/configuration-builder.ts'
import type { ConfigurationManager } from '../configuration/configuration-manager.ts'
import { hostingErrors } from '../errors/hosting-errors.ts'
import type { StartupSource } from '../startup/startup-source.ts'
import type { WebHost } from '../web-host/web-host.ts'
import { WebHostBuilder } from '../web-host/web-host-builder.ts'
import type { WebHostBuilderContext } from '../web-host/web-host-builder-context.ts'
import { WebHostDefaults } from '../web-host/web-host-defaults.ts'

/** What the builder has read already when this part of it can be reached. */
const fixedSettings: ReadonlySet<string> = new Set(
  [WebHostDefaults.ApplicationName, WebHostDefaults.ContentRoot, WebHostDefaults.Environment, WebHostDefaults.WebRoot].map(key =>
    key.toLowerCase(),
  ),
)

/** The web part of a `WebApplicationBuilder`: callbacks run at once. (ASP.NET Core: ConfigureWebHostBuilder) */
export class ConfigureWebHostBuilder extends WebHostBuilder {
  readonly #configuration: ConfigurationManager
  readonly #services: ServiceCollection
  readonly #context: WebHostBuilderContext
  readonly #useProviderFactory: (factory: ServiceProviderFactory) => void

  constructor(
    configuration: ConfigurationManager,
    services: ServiceCollection,
    hostingEnvironment: WebHostEnvironment,
    useProviderFactory: (factory: ServiceProviderFactory) => void,
  ) {
    super(configuration)
    this.#configuration = configuration
    this.#services = services
    this.#context = { configuration, hostingEnvironment }
    this.#useProviderFactory = useProviderFactory
  }

  /** Raises a not-supported error for the environment, the content root and the web root, which the builder has read already. */
  override useSetting(key: string, value: string | undefined): this {
    if (fixedSettings.has(key.toLowerCase()) && value !== this.getSetting(key)) throw hostingErrors.settingIsFixed(key)
    return super.useSetting(key, value)
  }

  override configureAppConfiguration(configure: (configuration: ConfigurationBuilder, context: WebHostBuilderContext) => void): this {
    configure(this.#configuration, this.#context)
    return this
  }

  override configureServices(configure: (services: ServiceCollection, context: WebHostBuilderContext) => void): this {
    configure(this.#services, this.#context)
    return this
  }

  /** Raises a not-supported error: the builder of the web application builds it. */
  override build(): WebHost {
    throw hostingErrors.webHostNotBuildable()
  }

  protected override setStartup(startup: StartupSource<WebHostBuilderContext>): this {
    throw hostingErrors.startupNotHere('startup' in startup ? 'useStartup' : 'configure')
  }

  protected override setProviderFactory(factory: (context: WebHostBuilderContext) => ServiceProviderFactory): this {
    this.#useProviderFactory(factory(this.#context))
    return this
  }
}
