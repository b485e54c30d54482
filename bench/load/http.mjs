// HTTP/1.1 keep-alive load, one request in flight on each connection: the request is built once, answers are counted in bytes, because every answer of
// one server has the same length.
import { once } from 'node:events'
import { connect } from './raw-socket.mjs'
import { measureSpan } from './span.mjs'

export async function http({ port, pid, connections, method = 'GET', path = '/', body = '', warmUp, seconds }) {
  const request = Buffer.from(
    `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAccept: */*\r\nUser-Agent: bench\r\n${
      body === '' ? '' : `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`
    }\r\n${body}`,
  )
  let answers = 0
  const sockets = await Promise.all(Array.from({ length: connections }, connection))
  for (const socket of sockets) socket.write(request)
  const result = await measureSpan({ pid, warmUp, seconds }, () => answers)
  for (const socket of sockets) socket.destroy()
  return result

  async function connection() {
    const socket = connect(port)
    socket.write(request)
    const length = await firstAnswer(socket)
    let received = 0
    socket.on('data', chunk => {
      received += chunk.length
      while (received >= length) {
        received -= length
        answers++
        socket.write(request)
      }
    })
    return socket
  }
}

/** Reads one answer to its end and returns its length. */
async function firstAnswer(socket) {
  let text = ''
  for (;;) {
    const [chunk] = await once(socket, 'data')
    text += chunk.toString('latin1')
    const end = text.indexOf('\r\n\r\n')
    if (end < 0) continue
    if (!text.startsWith('HTTP/1.1 200')) throw new Error(`unexpected answer: ${text.slice(0, 200)}`)
    const length = /\r\ncontent-length: (\d+)/i.exec(text)
    if (length !== null && text.length >= end + 4 + Number(length[1])) return end + 4 + Number(length[1])
    if (length === null && text.endsWith('0\r\n\r\n')) return text.length
  }
}
