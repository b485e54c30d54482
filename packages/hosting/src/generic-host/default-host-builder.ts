import { checksInDevelopment } from '../defaults/checks-in-development.ts'
import { addDefaultConfiguration } from '../defaults/default-configuration.ts'
import { addWindhoverVariables } from '../defaults/windhover-variables.ts'
import { HostBuilder } from './host-builder.ts'

export function createDefaultHostBuilder(args: readonly string[]): HostBuilder {
  return new HostBuilder()
    .configureHostConfiguration(addWindhoverVariables)
    .configureHostConfiguration(settings => settings.addCommandLine(args))
    .configureAppConfiguration((configuration, context) =>
      addDefaultConfiguration(configuration, context.configuration, context.hostingEnvironment, args),
    )
    .configureLogging((logging, { configuration }) => logging.addConfiguration(configuration.getSection('Logging')).addConsole())
    .useDefaultServiceProvider(({ hostingEnvironment }) => checksInDevelopment(hostingEnvironment))
}
