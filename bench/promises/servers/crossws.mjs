import { createServer } from 'node:http'
import crossws from 'crossws/adapters/node'
import { handle, isSignedIn, loadSession, ready } from '../contract.mjs'

const server = createServer((request, response) => {
  response.statusCode = isSignedIn(request.headers) ? 200 : 401
  response.end()
})

const websocket = crossws({
  hooks: {
    open: () => loadSession(),
    message: (peer, message) => handle(message.text(), answer => peer.send(answer)),
  },
})
server.on('upgrade', websocket.handleUpgrade)

ready(server.listen(0, '127.0.0.1'))
