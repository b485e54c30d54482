import express from 'express'
import { greeting, ready, record } from './contract.mjs'

const app = express()
if (process.env.WORK === 'five') for (let i = 0; i < 5; i++) app.use((_request, _response, next) => next())
app.get('/json', (_request, response) => response.json(record()))
app.post('/echo', express.json(), (request, response) => response.json(request.body))
app.use((_request, response) => response.type('text/plain').send(greeting))
const server = app.listen(0, '127.0.0.1', () => ready(server.address().port))
