import { serve, upgradeWebSocket } from '@hono/node-server'
import { Hono } from 'hono'
import { WebSocketServer } from 'ws'
import { handle, isSignedIn, loadSession, ready } from '../contract.mjs'

const app = new Hono()

app.use(async (context, next) => {
  if (isSignedIn(context.req.raw.headers)) return next()
  return context.body(null, 401)
})
app.get(
  '/',
  upgradeWebSocket(() => ({
    onOpen: () => loadSession(),
    onMessage: (event, socket) => handle(event.data, answer => socket.send(answer)),
  })),
)

ready(serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1', websocket: { server: new WebSocketServer({ noServer: true }) } }))
