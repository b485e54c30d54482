import websocket from '@fastify/websocket'
import fastify from 'fastify'
import { handle, isSignedIn, loadSession, ready } from '../contract.mjs'

const app = fastify()

app.addHook('onRequest', async (request, reply) => {
  if (!isSignedIn(request.headers)) await reply.code(401).send()
})
await app.register(websocket)
app.get('/', { websocket: true }, async socket => {
  await loadSession()
  socket.on('message', message => handle(message, answer => socket.send(answer)))
})

await app.listen({ port: 0, host: '127.0.0.1' })
ready(app.server, () => app.close())
