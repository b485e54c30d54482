import type { Configuration } from '@windhover/core'
import { ConfigurationBuilder } from '../configuration/configuration-builder.ts'
import { checksInDevelopment } from '../defaults/checks-in-development.ts'
import { addDefaultConfiguration } from '../defaults/default-configuration.ts'
import { addDefaultWebServices } from '../defaults/default-web-services.ts'
import { presentIfUncaught } from '../lifetime/uncaught-startup-error.ts'
import { WebHostBuilder } from './web-host-builder.ts'

export function createDefaultWebHostBuilder(args: readonly string[]): WebHostBuilder {
  const builder = new WebHostBuilder()
  if (args.length > 0) builder.useConfiguration(readArguments(args))
  return builder
    .configureAppConfiguration((configuration, context) =>
      addDefaultConfiguration(configuration, context.configuration, context.hostingEnvironment, args),
    )
    .configureLogging((logging, { configuration }) => logging.addConfiguration(configuration.getSection('Logging')).addConsole())
    .useDefaultServiceProvider(({ hostingEnvironment }) => checksInDevelopment(hostingEnvironment))
    .configureServices((services, { configuration, hostingEnvironment }) =>
      addDefaultWebServices(services, configuration, hostingEnvironment),
    )
}

function readArguments(args: readonly string[]): Configuration {
  try {
    return new ConfigurationBuilder().addCommandLine(args).build()
  } catch (error) {
    presentIfUncaught(error)
    throw error
  }
}
