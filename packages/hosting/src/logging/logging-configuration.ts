import {
  type Configuration,
  ConfigureOptions,
  createServiceToken,
  LoggerFilterOptions,
  type LoggerFilterRule,
  LogLevel,
  OptionsChangeSource,
  type OptionsClass,
  type ServiceCollection,
  type ServiceToken,
  Shape,
} from '@windhover/core'

/** The parts of the configuration that set up logging: usually one, the section `Logging`. */
const LoggingConfiguration: ServiceToken<Configuration> = createServiceToken('windhover.LoggingConfiguration')

const level = Shape.optional(Shape.enumOf(LogLevel))

/** Takes the filters from `LogLevel` and `<provider>:LogLevel`, and lets providers take their options from their own sections. */
export function addLoggingConfiguration(services: ServiceCollection, configuration: Configuration): void {
  services
    .addOptions()
    .addSingleton(LoggingConfiguration, { useValue: configuration })
    .addSingleton(ConfigureOptions.of(LoggerFilterOptions), {
      useValue: { configure: options => void options.rules.push(...readRules(configuration)) },
    })
    .addSingleton(OptionsChangeSource.of(LoggerFilterOptions), {
      useValue: { name: '', onChange: callback => configuration.onChange(callback) },
    })
}

/** Sets the options of a provider from its section of every logging configuration, and makes them anew when one changes. */
export function bindToLoggingConfiguration(services: ServiceCollection, type: OptionsClass, path: string): void {
  services
    .addOptions()
    .addSingleton(ConfigureOptions.of(type), {
      useFactory: provider => ({
        configure(options) {
          for (const configuration of provider.getServices(LoggingConfiguration)) configuration.getSection(path).bind(options)
        },
      }),
    })
    .addSingleton(OptionsChangeSource.of(type), {
      useFactory: provider => ({
        name: '',
        onChange(callback) {
          const registrations = provider.getServices(LoggingConfiguration).map(configuration => configuration.onChange(callback))
          return {
            [Symbol.dispose]() {
              for (const registration of registrations) registration[Symbol.dispose]()
            },
          }
        },
      }),
    })
}

function readRules(configuration: Configuration): LoggerFilterRule[] {
  return configuration
    .getChildren()
    .flatMap(child => (isNamed(child, 'LogLevel') ? readLevels(child, undefined) : readLevels(child.getSection('LogLevel'), child.key)))
}

function readLevels(section: Configuration, providerName: string | undefined): LoggerFilterRule[] {
  return section.getChildren().flatMap(entry => {
    const logLevel = entry.get(level)
    if (logLevel === undefined) return []
    return [{ providerName, categoryName: isNamed(entry, 'Default') ? undefined : entry.key, logLevel }]
  })
}

function isNamed(section: { readonly key: string }, name: string): boolean {
  return section.key.toLowerCase() === name.toLowerCase()
}
