import { createServer } from 'node:http'
import express from 'express'
import expressWs from 'express-ws'
import { handle, isSignedIn, loadSession, ready } from '../contract.mjs'

const app = express()
const server = createServer(app)

app.use((request, response, next) => {
  // express-ws runs a handshake through the middleware with the socket already open; what they answer reaches nobody.
  if (isSignedIn(request.headers)) next()
  else response.sendStatus(401)
})
expressWs(app, server)
app.ws('/', async socket => {
  await loadSession()
  socket.on('message', message => handle(message, answer => socket.send(answer)))
})

ready(server.listen(0, '127.0.0.1'))
