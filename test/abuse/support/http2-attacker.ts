import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')

/** The types of frames (RFC 9113 section 6). */
export const FrameType = { Data: 0, Headers: 1, Reset: 3, Settings: 4, Ping: 6, WindowUpdate: 8, Continuation: 9 } as const
export const endStream = 0x1
export const endHeaders = 0x4

/** `GET /` of `localhost` over `http`, compressed with what every decoder knows from the start (RFC 7541 appendix A). */
export const getRoot: Buffer = Buffer.from(`828684${literal(1, 'localhost')}`, 'hex')

/** A field whose name is number `name` of the static table, or is written out; it is not remembered. */
export function literal(name: number | string, value: string): string {
  const text = (part: string): string => {
    const bytes = Buffer.from(part)
    return (
      (bytes.length < 127
        ? Buffer.of(bytes.length)
        : Buffer.of(127, ((bytes.length - 127) & 127) | 128, (bytes.length - 127) >> 7)
      ).toString('hex') + bytes.toString('hex')
    )
  }
  return typeof name === 'number' ? `0${name.toString(16)}${text(value)}` : `00${text(name)}${text(value)}`
}

export function frame(type: number, flags: number, stream: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** A client that writes frames of HTTP/2 as it likes, and need not read. */
export class Http2Attacker {
  readonly #socket: Socket
  #hasEnded = false

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('error', () => {})
    socket.on('close', () => {
      this.#hasEnded = true
    })
  }

  /** `reads`: takes what the server answers. */
  static async connectAsync(port: number, { reads = true } = {}): Promise<Http2Attacker> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect')
    if (reads) socket.resume()
    const attacker = new Http2Attacker(socket)
    await attacker.sendAsync(Buffer.concat([preface, frame(FrameType.Settings, 0, 0)]))
    return attacker
  }

  /** The server has ended the connection. */
  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** Resolves when the system has taken the bytes, when it takes no more for half a second, or when the connection is over. */
  async sendAsync(bytes: Uint8Array): Promise<'sent' | 'full' | 'over'> {
    if (this.#hasEnded || !this.#socket.writable) return 'over'
    if (this.#socket.write(bytes)) return 'sent'
    const wait = new AbortController()
    const timer = setTimeout(() => wait.abort(), 500)
    const events = ['drain', 'close'].map(event => once(this.#socket, event, { signal: wait.signal }).then(() => event))
    const first = await Promise.race(events).catch(() => 'full')
    clearTimeout(timer)
    wait.abort()
    await Promise.allSettled(events)
    return first === 'drain' ? 'sent' : first === 'full' ? 'full' : 'over'
  }

  /** Sends what `make` gives, so many times or until the server ends the connection or reads no more. Gives how often it was sent. */
  async floodAsync(times: number, make: (i: number) => Uint8Array): Promise<number> {
    for (let i = 0; i < times; i += 100) {
      const batch = Array.from({ length: Math.min(100, times - i) }, (_, at) => make(i + at))
      if ((await this.sendAsync(Buffer.concat(batch))) !== 'sent') return i
    }
    return times
  }

  async endAsync(): Promise<void> {
    this.#socket.destroy()
    if (!this.#socket.closed) await once(this.#socket, 'close')
  }
}
