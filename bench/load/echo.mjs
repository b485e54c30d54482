// Echo load over raw TCP: frames are built once and masked once, answers are counted in bytes. It prints how many messages came back,
// and marks the measured span by two lines, so that the caller can read the server's processor time at both ends.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createConnection } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { cpuSeconds } from '../lib/machine.mjs'

const { port, pid, connections, inFlight, size, type, warmUp, seconds } = JSON.parse(process.argv[2])

const frame = clientFrame(type === 'text' ? 1 : 2, type === 'text' ? Buffer.alloc(size, 'x') : randomBytes(size))
const burst = Buffer.concat(Array(inFlight).fill(frame))
const answerLength = headerLength(size) + size

let messages = 0
const sockets = await Promise.all(Array.from({ length: connections }, connect))
for (const socket of sockets) socket.write(burst)

await pause(warmUp * 1000)
const [startMessages, startCpu, start] = [messages, pid ? cpuSeconds(pid) : 0, performance.now()]
await pause(seconds * 1000)
const elapsed = (performance.now() - start) / 1000
const counted = messages - startMessages
console.log(
  JSON.stringify({ messagesPerSecond: counted / elapsed, cpuMicrosPerMessage: pid ? ((cpuSeconds(pid) - startCpu) * 1e6) / counted : 0 }),
)
process.exit(0)

async function connect() {
  const socket = createConnection(port, '127.0.0.1')
  socket.setNoDelay(true)
  socket.write(
    `GET /ws HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
  )
  const [head] = await once(socket, 'data')
  if (!head.toString('latin1').startsWith('HTTP/1.1 101')) throw new Error(`no 101: ${head.toString('latin1').slice(0, 200)}`)
  let partial = 0
  socket.on('data', chunk => {
    partial += chunk.length
    const complete = Math.floor(partial / answerLength)
    if (complete === 0) return
    partial -= complete * answerLength
    messages += complete
    for (let left = complete; left > 0; left -= inFlight) socket.write(burst.subarray(0, Math.min(left, inFlight) * frame.length))
  })
  return socket
}

function headerLength(length) {
  return length < 126 ? 2 : length < 65_536 ? 4 : 10
}

function clientFrame(opcode, payload) {
  const mask = randomBytes(4)
  const length = headerLength(payload.length)
  const header = Buffer.alloc(length)
  header[0] = 0x80 | opcode
  header[1] = 0x80 | (length === 2 ? payload.length : length === 4 ? 126 : 127)
  if (length === 4) header.writeUInt16BE(payload.length, 2)
  if (length === 10) header.writeBigUInt64BE(BigInt(payload.length), 2)
  return Buffer.concat([header, mask, payload.map((byte, i) => byte ^ mask[i & 3])])
}
