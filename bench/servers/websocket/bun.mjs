import { ready, work } from './contract.mjs'

const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch(request, self) {
    return self.upgrade(request) ? undefined : new Response('Hello, World!')
  },
  websocket: {
    perMessageDeflate: work === 'deflate',
    backpressureLimit: 64 * 1024 * 1024,
    idleTimeout: 0,
    open(socket) {
      socket.subscribe('all')
    },
    message(socket, data) {
      if (work === 'broadcast') server.publish('all', data)
      else socket.send(data, work === 'deflate')
    },
  },
})
ready(server.port)
