import type { Configuration } from './configuration/configuration.ts'
import type { OptionsClass } from './configuration/configuration-shape.ts'
import { ServiceCollection } from './dependency-injection/service-collection.ts'
import type { ServiceProvider } from './dependency-injection/service-provider.ts'
import type { AbstractConstructor } from './dependency-injection/service-token.ts'
import { DefaultLoggerFactory } from './logging/default-logger-factory.ts'
import { Logger } from './logging/logger.ts'
import { LoggerFactory } from './logging/logger-factory.ts'
import { LoggingBuilder } from './logging/logging-builder.ts'
import { OptionsBuilder } from './options/options-builder.ts'
import { OptionsRegistry, OptionsSnapshotRegistry } from './options/options-registry.ts'
import { ConfigureOptions, PostConfigureOptions } from './options/options-steps.ts'

declare module '@windhover/core' {
  interface ServiceCollection {
    /** Makes options available. Every member here that configures options calls it. (.NET: AddOptions) */
    addOptions(): this
    /** Configures the options of a class, of one name if given, step by step. (.NET: AddOptions of T) */
    addOptions<T extends object>(type: OptionsClass<T>, name?: string): OptionsBuilder<T>

    /** Sets options by a function, or from a part of the configuration, in the order of registration. (.NET: Configure of T) */
    configure<T extends object>(type: OptionsClass<T>, configure: ((options: T) => void) | Configuration): this
    configure<T extends object>(type: OptionsClass<T>, name: string, configure: ((options: T) => void) | Configuration): this
    /** Like `configure`, for the options of every name. (.NET: ConfigureAll of T) */
    configureAll<T extends object>(type: OptionsClass<T>, configure: (options: T, name: string) => void): this

    /** Sets options after every `configure`. (.NET: PostConfigure of T) */
    postConfigure<T extends object>(type: OptionsClass<T>, configure: (options: T) => void): this
    postConfigure<T extends object>(type: OptionsClass<T>, name: string, configure: (options: T) => void): this
    /** Like `postConfigure`, for the options of every name. (.NET: PostConfigureAll of T) */
    postConfigureAll<T extends object>(type: OptionsClass<T>, configure: (options: T, name: string) => void): this

    /** Makes loggers available, and sets them up. May be called several times. (.NET: AddLogging) */
    addLogging(configure?: (logging: LoggingBuilder) => void): this
  }
}

function addOptions(this: ServiceCollection): ServiceCollection
function addOptions<T extends object>(this: ServiceCollection, type: OptionsClass<T>, name?: string): OptionsBuilder<T>
function addOptions(this: ServiceCollection, type?: OptionsClass, name?: string): ServiceCollection | OptionsBuilder<object> {
  this.tryAddSingleton(OptionsRegistry).tryAddScoped(OptionsSnapshotRegistry)
  return type === undefined ? this : new OptionsBuilder(this, type, name)
}

ServiceCollection.prototype.addOptions = addOptions as ServiceCollection['addOptions']

ServiceCollection.prototype.configure = function configure<T extends object>(
  this: ServiceCollection,
  type: OptionsClass<T>,
  ...args: [Configure<T>] | [name: string, Configure<T>]
) {
  const [name, configure] = args.length === 1 ? ['', args[0]] : args
  const builder = this.addOptions(type, name)
  if (typeof configure === 'function') builder.configure(configure)
  else builder.bind(configure)
  return this
}

ServiceCollection.prototype.configureAll = function configureAll(this: ServiceCollection, type, configure) {
  return this.addOptions().addSingleton(ConfigureOptions.of(type), { useValue: { configure } })
}

ServiceCollection.prototype.postConfigure = function postConfigure<T extends object>(
  this: ServiceCollection,
  type: OptionsClass<T>,
  ...args: [(options: T) => void] | [name: string, (options: T) => void]
) {
  const [name, configure] = args.length === 1 ? ['', args[0]] : args
  this.addOptions(type, name).postConfigure(configure)
  return this
}

ServiceCollection.prototype.postConfigureAll = function postConfigureAll(this: ServiceCollection, type, postConfigure) {
  return this.addOptions().addSingleton(PostConfigureOptions.of(type), { useValue: { postConfigure } })
}

ServiceCollection.prototype.addLogging = function addLogging(this: ServiceCollection, configure) {
  this.addOptions()
    .tryAddSingleton(LoggerFactory, { useClass: DefaultLoggerFactory })
    .tryAddTransient(Logger, { useFactory: createConsumersLogger })
  configure?.(new LoggingBuilder(this))
  return this
}

type Configure<T> = ((options: T) => void) | Configuration

/** A bare `Logger` has the class that asks for it as its category. */
function createConsumersLogger(provider: ServiceProvider, consumer?: AbstractConstructor): Logger {
  return provider.getRequiredService(LoggerFactory).createLogger(consumer ?? 'Default')
}
