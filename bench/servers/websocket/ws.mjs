import { WebSocketServer } from 'ws'
import { ready, work } from './contract.mjs'

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: work === 'deflate' }, () =>
  ready(server.address().port),
)

server.on('connection', socket => {
  socket.on('error', () => {})
  socket.on('message', (data, isBinary) => {
    if (work !== 'broadcast') return socket.send(data, { binary: isBinary })
    for (const client of server.clients) client.send(data, { binary: isBinary })
  })
})
