import type { Configuration, HostEnvironment } from '@windhover/core'

/** What is known about a host while it is built. (.NET: HostBuilderContext) */
export interface HostBuilderContext {
  /** In `configureAppConfiguration` the settings of the host; afterwards the whole configuration. */
  readonly configuration: Configuration
  readonly hostingEnvironment: HostEnvironment
  /** Shared by what configures this host. */
  readonly properties: Map<unknown, unknown>
}
