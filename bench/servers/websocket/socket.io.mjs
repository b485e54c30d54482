import { createServer } from 'node:http'
import { Server } from 'socket.io'
import { ready, work } from './contract.mjs'

const server = createServer()
const io = new Server(server, { transports: ['websocket'], maxHttpBufferSize: 4 * 1024 * 1024 })
io.on('connection', socket => {
  socket.on('message', message => {
    if (work === 'broadcast') io.emit('message', message)
    else socket.emit('message', message)
  })
})
server.listen(0, '127.0.0.1', () => ready(server.address().port))
