import websocket from '@fastify/websocket'
import fastify from 'fastify'
import { ready, work } from './contract.mjs'

const app = fastify()
await app.register(websocket, { options: { perMessageDeflate: work === 'deflate' } })
app.get('/ws', { websocket: true }, socket => {
  socket.on('message', (data, isBinary) => {
    if (work !== 'broadcast') return socket.send(data, { binary: isBinary })
    for (const client of app.websocketServer.clients) client.send(data, { binary: isBinary })
  })
})
await app.listen({ port: 0, host: '127.0.0.1' })
ready(app.server.address().port)
