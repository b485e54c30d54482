// ws behind one asynchronous middleware, as an application writes it that wants to look at the upgrade first.
import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'
import { ready } from './contract.mjs'

const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })

sockets.on('connection', socket => {
  socket.on('error', () => {})
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
})

async function middleware(_request, next) {
  await next()
}

const server = createServer()
server.on('upgrade', (request, socket, head) => {
  socket.on('error', () => {})
  middleware(request, async () => sockets.handleUpgrade(request, socket, head, webSocket => sockets.emit('connection', webSocket, request)))
})
server.listen(0, '127.0.0.1', () => ready(server.address().port))
