import { text } from 'node:stream/consumers'
import Koa from 'koa'
import { greeting, ready, record } from './contract.mjs'

const app = new Koa()
if (process.env.WORK === 'five') for (let i = 0; i < 5; i++) app.use(async (_context, next) => next())
app.use(async context => {
  if (context.path === '/json') context.body = record()
  else if (context.path === '/echo') context.body = JSON.parse(await text(context.req))
  else context.body = greeting
})
const server = app.listen(0, '127.0.0.1', () => ready(server.address().port))
