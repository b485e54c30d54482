import { type Configuration, type HostEnvironment, type ServiceCollection, Shape } from '@windhover/core'
import { HttpProtocols } from '../node-server/http-protocols.ts'
import type { Http2Limits } from '../node-server/http2/http2-limits.ts'
import type { ListenOptions } from '../node-server/listen-options.ts'
import type { NodeServerLimits, NodeServerOptions } from '../node-server/node-server-options.ts'
import { addNodeServer, configureNodeServer } from '../web-host/node-server-services.ts'
import { readCertificate, readServerNames } from './configured-certificate.ts'

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

/** The same for HTTP/2. */
const http2LimitShapes = {
  maxStreamsPerConnection: number,
  headerTableSize: number,
  maxFrameSize: number,
  initialConnectionWindowSize: number,
  initialStreamWindowSize: number,
  maxSessionMemory: number,
  maxSettings: number,
  maxInvalidFrames: number,
  maxRejectedStreams: number,
  streamResetBurst: number,
  streamResetRate: number,
} satisfies Record<keyof Http2Limits, unknown>

/**
 * `NodeServer` with the section `NodeServer` of the configuration: `Limits:<name>`, `Limits:Http2:<name>`, `EndpointDefaults:Protocols`, `Certificates:Default:Path` with `KeyPath` and `Password`, and for each
 * `Endpoints:<any name>` its `Url`, `Protocols`, `Certificate` and `Sni`. In Development the certificate of `dev-certs` stands in for one that is not named. (ASP.NET Core: the section Kestrel)
 */
export function addDefaultNodeServer(services: ServiceCollection, configuration: Configuration, environment: HostEnvironment): void {
  addNodeServer(services)
  configureNodeServer(services, options => {
    options.useDevelopmentCertificate = environment.isDevelopment()
    readSection(options, configuration.getSection('NodeServer'), environment.contentRootPath)
  })
}

function readSection(options: NodeServerOptions, section: Configuration, contentRootPath: string): void {
  const endpoints = section
    .getSection('Endpoints')
    .getChildren()
    .map(endpoint => readEndpoint(endpoint, contentRootPath))
    .filter(endpoint => endpoint !== undefined)
  if (endpoints.length > 0) options.listen = endpoints
  const certificate = readCertificate(section.getSection('Certificates:Default'), contentRootPath)
  if (certificate !== undefined) options.https = certificate
  const protocols = section.get('EndpointDefaults:Protocols')
  if (protocols !== undefined) options.protocols = readProtocols(protocols)
  const limits = section.getSection('Limits').get(limitShapes)
  if (limits !== undefined) options.limits = withoutUndefined(limits)
  const http2 = section.getSection('Limits:Http2').get(http2LimitShapes)
  if (http2 !== undefined) options.limits = { ...options.limits, http2: withoutUndefined(http2) }
}

function readEndpoint(section: Configuration, contentRootPath: string): ListenOptions | undefined {
  const url = section.get('Url')
  if (url === undefined) return undefined
  const protocols = section.get('Protocols')
  const certificate = readCertificate(section.getSection('Certificate'), contentRootPath)
  const serverCertificateSelector = readServerNames(section.getSection('Sni'), contentRootPath)
  const hasHttps = certificate !== undefined || serverCertificateSelector !== undefined
  return {
    url,
    ...(protocols !== undefined && { protocols: readProtocols(protocols) }),
    ...(hasHttps && { https: { ...certificate, ...(serverCertificateSelector && { serverCertificateSelector }) } }),
  }
}

/** In any case, as ASP.NET Core reads it; what is unknown is for the server to refuse. */
function readProtocols(text: string): HttpProtocols {
  return Object.values(HttpProtocols).find(protocols => protocols.toLowerCase() === text.toLowerCase()) ?? (text as HttpProtocols)
}

function withoutUndefined(limits: Readonly<Record<string, number | undefined>>): Record<string, number> {
  return Object.fromEntries(Object.entries(limits).filter((entry): entry is [string, number] => entry[1] !== undefined))
}
