import type { ConfigurationBuilder } from '../configuration/configuration-builder.ts'

/** Makes the environment variables that begin with `WINDHOVER_` settings of the host. */
export function addWindhoverVariables(settings: ConfigurationBuilder): void {
  settings.addEnvironmentVariables('WINDHOVER_')
}
