import type { Configuration, HostEnvironment } from '@windhover/core'
import type { ConfigurationBuilder } from '../configuration/configuration-builder.ts'
import { isTrue } from '../web-host/web-host-options.ts'

/** Whether files of the configuration are watched. Default true. */
const reloadKey = 'hostBuilder:reloadConfigOnChange'

/** The sources of a default host, the last one winning: appsettings.json, appsettings.{Environment}.json, environment variables, arguments. */
export function addDefaultConfiguration(
  configuration: ConfigurationBuilder,
  settings: Configuration,
  environment: HostEnvironment,
  args: readonly string[],
): void {
  const options = { optional: true, reloadOnChange: isTrue(settings.get(reloadKey) ?? 'true') }
  configuration
    .addJsonFile('appsettings.json', options)
    .addJsonFile(`appsettings.${environment.environmentName}.json`, options)
    .addEnvironmentVariables()
  if (args.length > 0) configuration.addCommandLine(args)
}
