import { HttpExtendedConnectFeature } from '@windhover/core'
import { NodeExchange } from '../node-exchange.ts'
import { noExtendedConnect, StreamTunnel } from './stream-tunnel.ts'

/** An exchange on a stream of HTTP/2, which offers extended CONNECT in place of the upgrade. */
export class Http2Exchange extends NodeExchange {}

Object.defineProperty(Http2Exchange.prototype, HttpExtendedConnectFeature, {
  get(this: Http2Exchange): HttpExtendedConnectFeature {
    return this.upgrade instanceof StreamTunnel ? this.upgrade : noExtendedConnect
  },
})
