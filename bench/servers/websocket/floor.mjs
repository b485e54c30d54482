// The floor: an upgraded node:net socket that answers prebuilt bytes without reading what came. No server on node:net can be faster.
import { createServer } from 'node:http'
import { ready, work } from './contract.mjs'

const sockets = new Set()
const headerLength = size => (size < 126 ? 2 : size < 65_536 ? 4 : 10)

const server = createServer().on('upgrade', (request, socket) => {
  const query = new URLSearchParams(request.url.slice(4))
  const size = Number(query.get('size'))
  const requestLength = headerLength(size) + 4 + size
  const answer = answers(size, query.get('type') ?? 'text')
  sockets.add(socket)
  socket.on('error', () => {})
  socket.on('close', () => sockets.delete(socket))
  socket.setNoDelay(true)
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  let partial = 0
  socket.on('data', chunk => {
    partial += chunk.length
    let complete = Math.floor(partial / requestLength)
    partial -= complete * requestLength
    if (work === 'broadcast') for (const other of sockets) other.write(answer.one)
    else
      for (; complete > 0; complete -= answer.count)
        socket.write(answer.many.subarray(0, Math.min(complete, answer.count) * answer.one.length))
  })
})

/** As many prebuilt answers as one write may need, for each size of message. */
const prebuilt = new Map()
function answers(size, type) {
  let answer = prebuilt.get(`${type} ${size}`)
  if (answer === undefined) {
    const one = Buffer.alloc(headerLength(size) + size)
    one[0] = type === 'text' ? 0x81 : 0x82
    one[1] = size < 126 ? size : size < 65_536 ? 126 : 127
    if (one[1] === 126) one.writeUInt16BE(size, 2)
    if (one[1] === 127) one.writeBigUInt64BE(BigInt(size), 2)
    const count = size <= 1024 ? 256 : 1
    answer = { one, count, many: Buffer.concat(Array(count).fill(one)) }
    prebuilt.set(`${type} ${size}`, answer)
  }
  return answer
}

server.listen(0, '127.0.0.1', () => ready(server.address().port))
