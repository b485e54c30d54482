import uws from '@trufflesuite/uws-js-unofficial'
import { ready, work } from './contract.mjs'

const compress = work === 'deflate'
const app = uws.App().ws('/*', {
  compression: compress ? uws.DEDICATED_COMPRESSOR_32KB | uws.DEDICATED_DECOMPRESSOR_32KB : uws.DISABLED,
  maxPayloadLength: 4 * 1024 * 1024,
  maxBackpressure: 64 * 1024 * 1024,
  idleTimeout: 0,
  open: socket => socket.subscribe('all'),
  message: (socket, data, isBinary) => {
    if (work === 'broadcast') app.publish('all', data, isBinary)
    else socket.send(data, isBinary, compress)
  },
})
app.listen('127.0.0.1', 0, listening => ready(uws.us_socket_local_port(listening)))
