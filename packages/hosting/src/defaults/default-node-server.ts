import { type Configuration, type ServiceCollection, Shape } from '@windhover/core'
import type { NodeServerLimits, NodeServerOptions } from '../node-server/node-server-options.ts'
import { addNodeServer, configureNodeServer } from '../web-host/node-server-services.ts'

const number = Shape.optional(Number)

/** The limits that are one number. */
const limitShapes = {
  maxRequestBodySize: number,
  maxRequestLineSize: number,
  maxRequestHeadersTotalSize: number,
  maxRequestHeaderCount: number,
  keepAliveTimeout: number,
  requestHeadersTimeout: number,
  maxConcurrentConnections: number,
  maxConcurrentUpgradedConnections: number,
  maxPendingUpgrades: number,
  bodyDrainTimeout: number,
  upgradedCloseTimeout: number,
} satisfies Partial<Record<keyof NodeServerLimits, unknown>>

/** `NodeServer` with the section `NodeServer` of the configuration: `Limits:<name>` and `Endpoints:<any name>:Url`. (ASP.NET Core: the section Kestrel) */
export function addDefaultNodeServer(services: ServiceCollection, configuration: Configuration): void {
  addNodeServer(services)
  configureNodeServer(services, options => readSection(options, configuration.getSection('NodeServer')))
}

function readSection(options: NodeServerOptions, section: Configuration): void {
  const urls = section
    .getSection('Endpoints')
    .getChildren()
    .map(endpoint => endpoint.get('Url'))
    .filter(url => url !== undefined)
  if (urls.length > 0) options.listen = urls
  const limits = section.getSection('Limits').get(limitShapes)
  if (limits !== undefined) options.limits = withoutUndefined(limits)
}

function withoutUndefined(limits: Readonly<Record<string, number | undefined>>): NodeServerLimits {
  return Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined))
}
