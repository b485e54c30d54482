import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { greeting, ready, record } from './contract.mjs'

const app = new Hono()
if (process.env.WORK === 'five') for (let i = 0; i < 5; i++) app.use(async (_context, next) => next())
app.get('/hello', context => context.text(greeting))
app.get('/five', context => context.text(greeting))
app.get('/json', context => context.json(record()))
app.post('/echo', async context => context.json(await context.req.json()))
serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => ready(port))
