import type { ConfigurationBuilder } from '../configuration/configuration-builder.ts'
import { WebHostDefaults } from '../web-host/web-host-defaults.ts'

/** Makes the environment variables that begin with `WINDHOVER_` settings of the host. An empty name of the environment is none. */
export function addWindhoverVariables(settings: ConfigurationBuilder): void {
  settings.addEnvironmentVariables('WINDHOVER_')
  if (process.env.WINDHOVER_ENVIRONMENT === '') settings.addInMemoryCollection({ [WebHostDefaults.Environment]: null })
}
