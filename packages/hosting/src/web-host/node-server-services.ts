import { createServiceToken, LoggerFactory, type ServiceCollection, type ServiceToken } from '@windhover/core'
import { NodeServer } from '../node-server/node-server.ts'
import type { NodeServerOptions } from '../node-server/node-server-options.ts'
import { Server } from '../server/server.ts'

type NodeServerSetup = (options: NodeServerOptions) => void

const NodeServerSetup: ServiceToken<NodeServerSetup> = createServiceToken('windhover.NodeServerSetup')

/** Makes `NodeServer` the server, with the options that were configured by the time the host starts. */
export function addNodeServer(services: ServiceCollection): void {
  services.addSingleton(Server, {
    useFactory: provider => {
      const options: NodeServerOptions = {}
      for (const setUp of provider.getServices(NodeServerSetup)) setUp(options)
      return new NodeServer(options, provider.getRequiredService(LoggerFactory))
    },
  })
}

export function configureNodeServer(services: ServiceCollection, setUp: NodeServerSetup): void {
  services.addSingleton(NodeServerSetup, { useValue: setUp })
}
