import type { HttpConnectionFeature } from '@windhover/core'
import type { ExchangeConnection } from './exchange-connection.ts'

/** The connection as one request sees it: a middleware may put a forwarded address in place of the socket's. */
export class NodeConnectionFeature implements HttpConnectionFeature {
  connectionId: string
  remoteIpAddress: string | undefined
  remotePort: number | undefined
  localIpAddress: string | undefined
  localPort: number | undefined

  constructor({ id, addresses }: ExchangeConnection) {
    this.connectionId = id
    this.remoteIpAddress = addresses.remoteAddress
    this.remotePort = addresses.remotePort
    this.localIpAddress = addresses.localAddress
    this.localPort = addresses.localPort
  }
}
