// Raw TCP sockets, upgraded by hand, and frames that are built and masked once.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createConnection } from 'node:net'

/** So many sockets leave from one loopback address; the next ones leave from the next, so that ports do not run out. */
const socketsPerAddress = 4000
let opened = 0

export function connect(port) {
  const address = 1 + (Math.floor(opened++ / socketsPerAddress) % 200)
  const socket = createConnection({ port, host: '127.0.0.1', localAddress: address === 1 ? undefined : `127.0.0.${address}` })
  socket.setNoDelay(true)
  socket.on('error', error => socket.destroy(error))
  return socket
}

/** The opening handshake, as bytes. */
export function handshake(port, { path = '/ws', extensions } = {}) {
  return `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n${
    extensions === undefined ? '' : `Sec-WebSocket-Extensions: ${extensions}\r\n`
  }Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`
}

/** A socket that the server has upgraded; with `socketIo` also one whose session has begun. */
export async function open(port, { path, extensions, socketIo = false } = {}) {
  const socket = connect(port)
  socket.write(handshake(port, { path: socketIo ? '/socket.io/?EIO=4&transport=websocket' : path, extensions }))
  const head = await received(socket, text => text.includes('\r\n\r\n'))
  if (!head.startsWith('HTTP/1.1 101')) throw new Error(`no 101: ${head.slice(0, 200)}`)
  if (extensions !== undefined && !/permessage-deflate/i.test(head)) throw new Error('the server does not compress')
  if (!socketIo) return socket
  if (!head.includes('"sid"')) await received(socket, text => text.includes('"sid"'))
  socket.write(clientFrame(1, Buffer.from('40')))
  await received(socket, text => text.includes('40{"sid"'))
  return socket
}

async function received(socket, isComplete) {
  let text = ''
  while (!isComplete(text)) {
    const [chunk] = await once(socket, 'data')
    text += chunk.toString('latin1')
  }
  return text
}

/** Opens many sockets, a limited number at a time. */
export async function openMany(count, port, options) {
  const sockets = []
  while (sockets.length < count) {
    const next = Math.min(200, count - sockets.length)
    sockets.push(...(await Promise.all(Array.from({ length: next }, () => open(port, options)))))
  }
  return sockets
}

export const headerLength = length => (length < 126 ? 2 : length < 65_536 ? 4 : 10)

/** A final frame as a client sends it. */
export function clientFrame(opcode, payload, { compressed = false } = {}) {
  const mask = randomBytes(4)
  const length = headerLength(payload.length)
  const header = Buffer.alloc(length)
  header[0] = 0x80 | (compressed ? 0x40 : 0) | opcode
  header[1] = 0x80 | (length === 2 ? payload.length : length === 4 ? 126 : 127)
  if (length === 4) header.writeUInt16BE(payload.length, 2)
  if (length === 10) header.writeBigUInt64BE(BigInt(payload.length), 2)
  return Buffer.concat([header, mask, payload.map((byte, i) => byte ^ mask[i & 3])])
}
