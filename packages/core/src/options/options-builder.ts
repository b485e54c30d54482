import { Configuration } from '../configuration/configuration.ts'
import type { BinderOptions } from '../configuration/configuration-binder.ts'
import type { OptionsClass } from '../configuration/configuration-shape.ts'
import type { ResolvedServices } from '../dependency-injection/inject.ts'
import type { ServiceCollection } from '../dependency-injection/service-collection.ts'
import type { ServiceProvider } from '../dependency-injection/service-provider.ts'
import type { ServiceIdentifier } from '../dependency-injection/service-token.ts'
import { OptionsMonitor } from './options-monitor.ts'
import { ConfigureOptions, OptionsChangeSource, PostConfigureOptions, ValidateOptions } from './options-steps.ts'
import { StartupValidation, StartupValidator } from './startup-validator.ts'

/** Configures the options of a class, of one name. Made by `services.addOptions(MailOptions)`. (.NET: OptionsBuilder of T) */
export class OptionsBuilder<T extends object> {
  readonly services: ServiceCollection
  readonly type: OptionsClass<T>
  /** Empty for the options without a name. */
  readonly name: string

  constructor(services: ServiceCollection, type: OptionsClass<T>, name = '') {
    this.services = services
    this.type = type
    this.name = name
  }

  /** Sets the options, after what was registered before. With a list of services these come as further arguments. */
  configure(configure: (options: T) => void): this
  configure<const List extends readonly ServiceIdentifier[]>(
    services: List,
    configure: (options: T, ...services: ResolvedServices<List>) => void,
  ): this
  configure(...args: StepArguments<T>): this {
    this.services.addSingleton(ConfigureOptions.of(this.type), {
      useFactory: provider => ({ configure: this.#forThisName(provider, args) }),
    })
    return this
  }

  /** Sets the options after everything that `configure` registered, wherever. */
  postConfigure(configure: (options: T) => void): this
  postConfigure<const List extends readonly ServiceIdentifier[]>(
    services: List,
    configure: (options: T, ...services: ResolvedServices<List>) => void,
  ): this
  postConfigure(...args: StepArguments<T>): this {
    this.services.addSingleton(PostConfigureOptions.of(this.type), {
      useFactory: provider => ({ postConfigure: this.#forThisName(provider, args) }),
    })
    return this
  }

  /** Sets the options from a part of the configuration, as `Configuration.bind` does, and makes them anew when that changes. */
  bind(configuration: Configuration, options?: BinderOptions): this {
    return this.#bindTo(() => configuration, options)
  }

  /** Like `bind`, with the part of the application's configuration at `path`. */
  bindConfiguration(path: string, options?: BinderOptions): this {
    return this.#bindTo(provider => provider.getRequiredService(Configuration).getSection(path), options)
  }

  /** Checks the options when they are made; false is a complaint with this message. */
  validate(isValid: (options: T) => boolean, failureMessage = 'A validation error has occurred.'): this {
    this.services.addSingleton(ValidateOptions.of(this.type), {
      useValue: { validate: (options, name) => (name === this.name && !isValid(options) ? [failureMessage] : []) },
    })
    return this
  }

  /** Makes the options, and so checks them, when the host starts, not when they are first read. */
  validateOnStart(): this {
    this.services.tryAddSingleton(StartupValidator)
    this.services.addSingleton(StartupValidation, {
      useFactory: provider => ({ validate: () => void provider.getRequiredService(OptionsMonitor.of(this.type)).get(this.name) }),
    })
    return this
  }

  #bindTo(find: (provider: ServiceProvider) => Configuration, binderOptions: BinderOptions | undefined): this {
    const { name } = this
    this.services.addSingleton(ConfigureOptions.of(this.type), {
      useFactory: provider => ({
        configure(options, ofName) {
          if (ofName === name) find(provider).bind(options, undefined, binderOptions)
        },
      }),
    })
    this.services.addSingleton(OptionsChangeSource.of(this.type), {
      useFactory: provider => ({ name, onChange: callback => find(provider).onChange(callback) }),
    })
    return this
  }

  #forThisName(provider: ServiceProvider, args: StepArguments<T>): (options: T, name: string) => void {
    const [identifiers, configure] = args.length === 1 ? [[], args[0]] : args
    const services = identifiers.map(identifier => provider.getRequiredService(identifier))
    return (options, name) => {
      if (name === this.name) (configure as (options: T, ...services: unknown[]) => void)(options, ...services)
    }
  }
}

type StepArguments<T> =
  | [configure: (options: T) => void]
  | [services: readonly ServiceIdentifier[], configure: (options: T, ...services: never[]) => void]
