import fastify from 'fastify'
import { greeting, ready, record } from './contract.mjs'

const app = fastify()
app.get('/hello', async () => greeting)
app.get('/json', async () => record())
app.post('/echo', async request => request.body)
app.register(async branch => {
  for (let i = 0; i < 5; i++) branch.addHook('onRequest', async () => {})
  branch.get('/five', async () => greeting)
})
await app.listen({ port: 0, host: '127.0.0.1' })
ready(app.server.address().port)
