import { createServiceToken, type ServiceToken } from '@windhover/core'
import type { ConfigurePipeline } from '../startup/build-pipeline.ts'

/** The web application of a generic host; the last registration counts. (ASP.NET Core: GenericWebHostServiceOptions) */
export interface WebApplicationPlan {
  readonly configure: ConfigurePipeline
}

export const WebApplicationPlan: ServiceToken<WebApplicationPlan> = createServiceToken('windhover.WebApplicationPlan')
