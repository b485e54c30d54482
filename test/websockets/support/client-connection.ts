import { once } from 'node:events'
import { type ClientHttp2Stream, connect as connectHttp2, type OutgoingHttpHeaders } from 'node:http2'
import { connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { transport } from './transport.ts'

/** What is HTTP/1.1's alone in a handshake (RFC 8441 section 5). */
const upgradeHeaders = new Set(['host', 'connection', 'upgrade', 'sec-websocket-key'])

/** The client's side of a connection, before and after the opening handshake. */
export interface ClientConnection {
  /** Its bytes; over HTTP/2 those of the one stream, from the handshake on. */
  readonly stream: Duplex
  /** Resolves with the head of the answer when that does not come with the bytes. */
  handshakeAsync?(headers: Record<string, string | null>, path: string, onStream: (stream: Duplex) => void): Promise<string>
  reset(): void
  destroy(): void
}

export async function connectAsync(port: number): Promise<ClientConnection> {
  if (transport.isHttp2) return Http2ClientConnection.openAsync(port)
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
  await once(socket, 'connect')
  return transport.isSecure
    ? secureAsync(socket)
    : { stream: socket, reset: () => socket.resetAndDestroy(), destroy: () => socket.destroy() }
}

async function secureAsync(socket: Socket): Promise<ClientConnection> {
  const stream = connectTls({ socket, rejectUnauthorized: false })
  await once(stream, 'secureConnect')
  return { stream, reset: () => socket.resetAndDestroy(), destroy: () => stream.destroy() }
}

/** A connection of HTTP/2 with one stream. */
class Http2ClientConnection implements ClientConnection {
  readonly #session: ReturnType<typeof connectHttp2>
  readonly #reset = new AbortController()
  #stream: ClientHttp2Stream | undefined

  private constructor(session: ReturnType<typeof connectHttp2>) {
    this.#session = session
    session.on('error', () => {})
  }

  static async openAsync(port: number): Promise<ClientConnection> {
    const session = connectHttp2(`http://127.0.0.1:${port}`)
    await once(session, 'remoteSettings')
    return new Http2ClientConnection(session)
  }

  get stream(): Duplex {
    return this.#stream!
  }

  async handshakeAsync(headers: Record<string, string | null>, path: string, onStream: (stream: Duplex) => void): Promise<string> {
    const lines = Object.entries(headers).filter(([name, value]) => value !== null && !upgradeHeaders.has(name.toLowerCase()))
    const head: OutgoingHttpHeaders = {
      ':method': 'CONNECT',
      ':protocol': 'websocket',
      ':path': path,
      ':scheme': 'http',
      ':authority': headers.Host ?? 'test.example',
      ...(Object.fromEntries(lines) as Record<string, string>),
    }
    const stream = this.#session.request(head, { endStream: false, signal: this.#reset.signal })
    this.#stream = stream
    stream.on('error', () => {})
    const answer = once(stream, 'response')
    onStream(stream)
    const [{ ':status': status, ...fields }] = await answer
    return [`HTTP/2 ${status} `, ...Object.entries(fields).map(([name, value]) => `${name}: ${value}`)].join('\r\n')
  }

  /** RST_STREAM without END_STREAM before it. */
  reset(): void {
    this.#reset.abort()
  }

  destroy(): void {
    this.#session.destroy()
  }
}
