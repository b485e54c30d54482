import type { Configuration, WebHostEnvironment } from '@windhover/core'

/** What is known about a host while it is built. (ASP.NET Core: WebHostBuilderContext) */
export interface WebHostBuilderContext {
  /** In `configureAppConfiguration` the settings of the host; afterwards the whole configuration of the application. */
  readonly configuration: Configuration
  readonly hostingEnvironment: WebHostEnvironment
}
