import type { Configuration, HostEnvironment, ServiceCollection } from '@windhover/core'
import { addDefaultForwardedHeaders } from './default-forwarded-headers.ts'
import { addDefaultHostFiltering } from './default-host-filtering.ts'
import { addDefaultNodeServer } from './default-node-server.ts'

/** What a web application has unless it is told otherwise. */
export function addDefaultWebServices(services: ServiceCollection, configuration: Configuration, environment: HostEnvironment): void {
  addDefaultNodeServer(services, configuration, environment)
  addDefaultHostFiltering(services, configuration, environment)
  addDefaultForwardedHeaders(services, configuration)
}
