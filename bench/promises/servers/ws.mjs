import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'
import { handle, isSignedIn, loadSession, ready } from '../contract.mjs'

const server = createServer((request, response) => {
  response.statusCode = isSignedIn(request.headers) ? 200 : 401
  response.end()
})

new WebSocketServer({ server }).on('connection', async socket => {
  await loadSession()
  socket.on('message', message => handle(message, answer => socket.send(answer)))
})

ready(server.listen(0, '127.0.0.1'))
