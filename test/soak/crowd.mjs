import { randomInt } from 'node:crypto'
import { connect } from 'node:net'

const handshake = [
  'GET /echo HTTP/1.1',
  'Host: localhost',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  '\r\n',
].join('\r\n')
/** The mask is zero, so that the bytes on the wire are those of the text. */
const mask = Buffer.alloc(4)
const message = Buffer.from('x'.repeat(32))
const frame = Buffer.concat([Buffer.from([0x81, 0x80 | message.length]), mask, message])
const echoed = 2 + message.length
const close = Buffer.concat([Buffer.from([0x88, 0x82]), mask, Buffer.from([0x03, 0xe8])])
/** So many connections are made at a time. */
const concurrentConnects = 200

/** How a client leaves, in equal parts. */
const departures = {
  'close well': socket => socket.write(close),
  vanish: socket => socket.destroy(),
  abort: socket => socket.resetAndDestroy(),
  'vanish in a frame': socket => socket.write(frame.subarray(0, 9), () => socket.destroy()),
}

/** Clients that come, echo and leave; there are as many as were asked for, as soon as that is possible. */
export class Crowd {
  #port
  #wanted
  #isEnding = false
  #connecting = 0
  #leaving = 0
  #open = []
  counts = { connected: 0, echoes: 0, refused: 0, ...Object.fromEntries(Object.keys(departures).map(name => [name, 0])) }

  constructor(port, wanted) {
    this.#port = port
    this.#wanted = wanted
  }

  get open() {
    return this.#open.length
  }

  /** True when everyone is there and nobody is about to leave. */
  get isQuiet() {
    return this.#open.length === this.#wanted && this.#leaving === 0
  }

  /** Connects what is missing. */
  fill() {
    while (!this.#isEnding && this.#connecting < concurrentConnects && this.#open.length + this.#connecting < this.#wanted) this.#connect()
  }

  #connect() {
    this.#connecting++
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true })
    let isOpen = false
    let awaited = 0
    socket.on('error', () => {})
    socket.on('connect', () => socket.write(handshake))
    socket.on('data', chunk => {
      if (!isOpen) {
        isOpen = true
        this.#connecting--
        if (chunk.toString('latin1', 0, 12) !== 'HTTP/1.1 101') {
          this.counts.refused++
          socket.destroy()
          return
        }
        if (this.#isEnding) {
          socket.destroy()
          return
        }
        this.counts.connected++
        socket.place = this.#open.push(socket) - 1
        this.fill()
        return
      }
      awaited -= chunk.length
      if (awaited <= 0) this.counts.echoes++
      // The close frame of the server: it waits for our end.
      if (socket.isLeaving) socket.end()
    })
    socket.on('close', () => {
      if (socket.isLeaving) this.#leaving--
      if (!isOpen) this.#connecting--
      this.#remove(socket)
      this.fill()
    })
    socket.echo = () => {
      if (awaited > 0) return
      awaited = echoed
      socket.write(frame)
    }
  }

  #remove(socket) {
    if (socket.place === undefined) return
    const last = this.#open.pop()
    if (last !== socket) {
      this.#open[socket.place] = last
      last.place = socket.place
    }
    socket.place = undefined
  }

  #any() {
    return this.#open[randomInt(this.#open.length)]
  }

  /** Some echo, some leave and are followed by others. */
  stir(echoes, departing) {
    if (this.#open.length === 0) return
    for (let i = 0; i < echoes; i++) this.#any().echo()
    const names = Object.keys(departures)
    for (let i = 0; i < departing && this.#open.length > 0; i++) {
      const socket = this.#any()
      const name = names[randomInt(names.length)]
      if (socket.isLeaving) continue
      socket.isLeaving = true
      this.#leaving++
      this.counts[name]++
      departures[name](socket)
    }
    this.fill()
  }

  /** Everyone leaves. */
  async endAsync() {
    this.#isEnding = true
    for (const socket of [...this.#open]) socket.resetAndDestroy()
    while (this.#open.length + this.#connecting > 0) await new Promise(setImmediate)
  }
}
