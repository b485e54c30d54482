import { type Constructor, LoggerProvider, type LoggingBuilder, type OptionsClass, ServiceDescriptor } from '@windhover/core'
import { ConsoleFormatter } from './console-formatter.ts'
import { ConsoleLoggerOptions } from './console-logger-options.ts'
import { ConsoleLoggerProvider } from './console-logger-provider.ts'
import { JsonConsoleFormatter, JsonConsoleFormatterOptions } from './json-console-formatter.ts'
import { bindToLoggingConfiguration } from './logging-configuration.ts'
import { SimpleConsoleFormatter } from './simple-console-formatter.ts'
import { SimpleConsoleFormatterOptions } from './simple-console-formatter-options.ts'

/** Registers the console provider with its formatters; once, however often it is called. */
export function addConsole(logging: LoggingBuilder): void {
  const { services } = logging
  const isNew = ![...services].some(descriptor => descriptor.implementationType === SimpleConsoleFormatter)
  services.tryAddEnumerable(ServiceDescriptor.singleton(LoggerProvider, { useClass: ConsoleLoggerProvider }))
  if (!isNew) return
  addConsoleFormatter(logging, SimpleConsoleFormatter, SimpleConsoleFormatterOptions)
  addConsoleFormatter(logging, JsonConsoleFormatter, JsonConsoleFormatterOptions)
  bindToLoggingConfiguration(services, ConsoleLoggerOptions, 'Console')
}

/** Registers a formatter, whose options come from `Console:FormatterOptions` of the logging configuration. */
export function addConsoleFormatter(
  logging: LoggingBuilder,
  type: Constructor<ConsoleFormatter>,
  optionsType: OptionsClass | undefined,
): void {
  logging.services.tryAddEnumerable(ServiceDescriptor.singleton(ConsoleFormatter, { useClass: type }))
  if (optionsType !== undefined) bindToLoggingConfiguration(logging.services, optionsType, 'Console:FormatterOptions')
}

/** Makes a formatter the one that is used. */
export function useFormatter(logging: LoggingBuilder, name: string): void {
  logging.services.configure(ConsoleLoggerOptions, options => {
    options.formatterName = name
  })
}
