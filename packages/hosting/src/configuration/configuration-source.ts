import type { ConfigurationBuilder } from './configuration-builder.ts'
import type { ConfigurationProvider } from './configuration-provider.ts'

/** Something that configuration comes from; makes its provider when the configuration is built. (.NET: IConfigurationSource) */
export interface ConfigurationSource {
  build(builder: ConfigurationBuilder): ConfigurationProvider
}
