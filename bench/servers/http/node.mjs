import { createServer } from 'node:http'
import { greeting, ready, record } from './contract.mjs'

const server = createServer(async (request, response) => {
  if (request.url === '/json') return json(response, record())
  if (request.url === '/echo') return json(response, JSON.parse(await text(request)))
  response.setHeader('Content-Type', 'text/plain; charset=utf-8')
  response.setHeader('Content-Length', greeting.length)
  response.end(greeting)
})

function json(response, value) {
  const body = JSON.stringify(value)
  response.setHeader('Content-Type', 'application/json; charset=utf-8')
  response.setHeader('Content-Length', Buffer.byteLength(body))
  response.end(body)
}

function text(request) {
  return new Promise((resolve, reject) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', chunk => {
      body += chunk
    })
    request.on('end', () => resolve(body))
    request.on('error', reject)
  })
}

server.listen(0, '127.0.0.1', () => ready(server.address().port))
