// The floor: an upgraded node:net socket that answers prebuilt bytes without reading what came. No server on node:net can be faster.
import { createServer } from 'node:http'

const size = Number(process.env.SIZE)
const header = size < 126 ? 2 : size < 65_536 ? 4 : 10
const requestLength = header + 4 + size
const answerLength = header + size
const answers = Buffer.alloc(answerLength * 256)

const server = createServer().on('upgrade', (_request, socket) => {
  socket.on('error', () => {})
  socket.setNoDelay(true)
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  let partial = 0
  socket.on('data', chunk => {
    partial += chunk.length
    let complete = Math.floor(partial / requestLength)
    partial -= complete * requestLength
    for (; complete > 0; complete -= 256) socket.write(answers.subarray(0, Math.min(complete, 256) * answerLength))
  })
})
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })))
