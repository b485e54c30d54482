// One client for every stack: opens a socket, sends text, waits for text. socket.io speaks a protocol of its own and brings its own client.
import { once } from 'node:events'
import { io } from 'socket.io-client'
import { WebSocket } from 'ws'

const headers = { authorization: 'Bearer let-me-in' }

export async function connect(stack, port) {
  return stack === 'socket.io' ? connectSocketIo(port) : connectWebSocket(port)
}

async function connectWebSocket(port) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { headers, perMessageDeflate: false })
  socket.on('error', () => {})
  const closed = new Promise(resolve => socket.once('close', code => resolve(code)))
  await once(socket, 'open')
  return {
    closed,
    send: text => socket.send(text),
    answer: async () => String((await once(socket, 'message'))[0]),
    drop: () => socket.terminate(),
  }
}

async function connectSocketIo(port) {
  const socket = io(`http://127.0.0.1:${port}`, { transports: ['websocket'], extraHeaders: headers, reconnection: false })
  const closed = new Promise(resolve => socket.once('disconnect', reason => resolve(reason)))
  await once(socket, 'connect')
  return {
    closed,
    send: text => socket.send(text),
    answer: async () => String((await once(socket, 'message'))[0]),
    drop: () => socket.disconnect(),
  }
}

/** The status that answers a handshake without credentials. */
export async function anonymousUpgrade(stack, port) {
  const path = stack === 'socket.io' ? '/socket.io/?EIO=4&transport=websocket' : '/'
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`)
  return new Promise(resolve => {
    socket.once('open', () => {
      socket.terminate()
      resolve(101)
    })
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode))
    socket.once('error', error => resolve(error.code ?? error.message))
  })
}
