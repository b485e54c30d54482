import Koa from 'koa'
import websocket from 'koa-easy-ws'
import { handle, isSignedIn, loadSession, ready } from '../contract.mjs'

const app = new Koa()

app.use((context, next) => {
  if (isSignedIn(context.headers)) return next()
  context.status = 401
})
app.use(websocket())
app.use(async context => {
  if (!context.ws) return
  const socket = await context.ws()
  await loadSession()
  socket.on('message', message => handle(message, answer => socket.send(answer)))
})

ready(app.listen(0, '127.0.0.1'))
