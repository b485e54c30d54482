import { once } from 'node:events'
import type { ClientHttp2Stream } from 'node:http2'
import type { Duplex } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import { type ClientConnection, connectAsync } from './client-connection.ts'

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const
export type FrameKind = keyof typeof opcodes

export interface FrameOptions {
  readonly fin?: boolean
  readonly rsv1?: boolean
  readonly masked?: boolean
}

/** A frame as the server sent it. */
export interface SeenFrame {
  readonly kind: FrameKind
  readonly fin: boolean
  readonly rsv1: boolean
  readonly payload: Buffer
}

const key = Buffer.from('37fa213d', 'hex')
const openHead = 'HTTP/2 200'

/** Builds the frame of a client. */
export function frame(
  kind: FrameKind,
  data: string | Uint8Array = '',
  { fin = true, rsv1 = false, masked = true }: FrameOptions = {},
): Buffer {
  const payload = Buffer.from(data as Uint8Array)
  const { length } = payload
  const header = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10)
  header[0] = (fin ? 0x80 : 0) | (rsv1 ? 0x40 : 0) | opcodes[kind]
  header[1] = (masked ? 0x80 : 0) | (header.length === 2 ? length : header.length === 4 ? 126 : 127)
  if (header.length === 4) header.writeUInt16BE(length, 2)
  if (header.length === 10) header.writeBigUInt64BE(BigInt(length), 2)
  return masked ? Buffer.concat([header, key, payload.map((byte, i) => byte ^ key[i & 3]!)]) : Buffer.concat([header, payload])
}

export function closeFrame(code?: number, reason = ''): Buffer {
  if (code === undefined) return frame('close')
  const status = Buffer.alloc(2)
  status.writeUInt16BE(code)
  return frame('close', Buffer.concat([status, Buffer.from(reason)]))
}

/** A client that speaks raw bytes over the transport of the test, and shows what comes back frame by frame. */
export class Peer {
  readonly #connection: ClientConnection
  readonly #frames: SeenFrame[] = []
  #bytes = Buffer.alloc(0)
  /** The chunks of a long frame are joined once, when the last one has come. */
  #chunks: Buffer[] = []
  #missing = 0
  #head: string | undefined
  #end: 'eof' | 'reset' | undefined
  #wake: (() => void) | undefined

  private constructor(connection: ClientConnection) {
    this.#connection = connection
    if (connection.handshakeAsync === undefined) this.#listen(connection.stream)
  }

  #listen(stream: Duplex): void {
    stream.on('data', chunk => this.#arrived(chunk))
    stream.on('end', () => {
      // A stream of HTTP/2 that is reset ends as well.
      if (!((stream as ClientHttp2Stream).rstCode > 0)) this.#ended('eof')
    })
    stream.on('error', () => this.#ended('reset'))
    stream.on('close', () => this.#ended('eof'))
  }

  static async connectAsync(port: number): Promise<Peer> {
    return new Peer(await connectAsync(port))
  }

  get #stream(): Duplex {
    return this.#connection.stream
  }

  /** Sends a request; without a header that is null. Resolves with the head of the answer. */
  async requestAsync(headers: Record<string, string | null> = {}, path = '/', method = 'GET'): Promise<string> {
    const lines = Object.entries(headers).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}\r\n`]))
    this.send(Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`))
    await this.#untilAsync(() => this.#head !== undefined || this.#end !== undefined)
    return this.#head ?? ''
  }

  /** Sends a valid opening handshake, in which these headers replace its own. */
  async handshakeAsync(headers: Record<string, string | null> = {}, path = '/'): Promise<string> {
    const all = {
      Host: 'test.example',
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      ...headers,
    }
    if (this.#connection.handshakeAsync === undefined) return this.requestAsync(all, path)
    // Frames may come right behind the head.
    this.#head = openHead
    this.#head = await this.#connection.handshakeAsync(all, path, stream => this.#listen(stream))
    return this.#head
  }

  send(...frames: readonly Uint8Array[]): void {
    if (this.#stream.writable) this.#stream.write(Buffer.concat(frames))
  }

  /** Resolves when the system has taken what was sent. */
  async sentAsync(bytes: Uint8Array): Promise<void> {
    if (!this.#stream.write(bytes)) await once(this.#stream, 'drain')
  }

  /** The next frame that the server sends; undefined when the connection ends before. */
  async nextAsync(): Promise<SeenFrame | undefined> {
    await this.#untilAsync(() => this.#frames.length > 0 || this.#end !== undefined)
    return this.#frames.shift()
  }

  /** The next frame as text, for example `text:hello`, `close:1000:bye` or `pong:`; `eof` or `reset` when the connection ended. */
  async seeAsync(): Promise<string> {
    const seen = await this.nextAsync()
    if (seen === undefined) return this.#end!
    const { kind, fin, payload } = seen
    const name = fin ? kind : `${kind}…`
    if (kind !== 'close' || payload.length === 0) return `${name}:${payload}`
    return `${name}:${payload.readUInt16BE(0)}:${payload.subarray(2)}`
  }

  /** How the server ended the connection; frames that come before are dropped. */
  async endAsync(): Promise<'eof' | 'reset'> {
    await this.#untilAsync(() => this.#end !== undefined)
    return this.#end!
  }

  /** Frames that have arrived and were not taken. */
  get waiting(): readonly SeenFrame[] {
    return this.#frames
  }

  pause(): void {
    this.#stream.pause()
  }

  resume(): void {
    this.#stream.resume()
  }

  /** Ends our half of the connection. */
  finish(): void {
    this.#stream.end()
  }

  reset(): void {
    this.#connection.reset()
  }

  destroy(): void {
    this.#connection.destroy()
  }

  #arrived(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#missing -= chunk.length
    if (this.#missing > 0) return
    this.#bytes = Buffer.concat([this.#bytes, ...this.#chunks])
    this.#chunks = []
    if (this.#head === undefined) {
      const end = this.#bytes.indexOf('\r\n\r\n')
      if (end < 0) return
      this.#head = this.#bytes.subarray(0, end).toString('latin1')
      this.#bytes = this.#bytes.subarray(end + 4)
    }
    if (isAccepted(this.#head)) while (this.#takeFrame());
    this.#wake?.()
  }

  #takeFrame(): boolean {
    const bytes = this.#bytes
    if (!this.#has(2)) return false
    const form = bytes[1]! & 0x7f
    const start = form < 126 ? 2 : form === 126 ? 4 : 10
    if (!this.#has(start)) return false
    const length = form < 126 ? form : form === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
    if (!this.#has(start + length)) return false
    const opcode = bytes[0]! & 0x0f
    const kind = (Object.keys(opcodes) as FrameKind[]).find(name => opcodes[name] === opcode)!
    this.#frames.push({ kind, fin: bytes[0]! >= 0x80, rsv1: (bytes[0]! & 0x40) !== 0, payload: bytes.subarray(start, start + length) })
    this.#bytes = bytes.subarray(start + length)
    return true
  }

  #has(length: number): boolean {
    this.#missing = length - this.#bytes.length
    return this.#missing <= 0
  }

  #ended(how: 'eof' | 'reset'): void {
    this.#end ??= how
    this.#wake?.()
  }

  async #untilAsync(isDone: () => boolean): Promise<void> {
    while (!isDone()) {
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
  }
}

/** The headers of an answer, by name in lower case. */
export function headersOf(head: string): Record<string, string> {
  const lines = head.split('\r\n').slice(1)
  return Object.fromEntries(lines.map(line => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]))
}

/** True for the answer to a handshake that was accepted. */
export function isAccepted(head: string): boolean {
  return head.startsWith('HTTP/1.1 101') || head.startsWith(openHead)
}

/** The status of an answer. */
export function statusOf(head: string): number {
  return Number(head.split(' ')[1])
}

export function isEmptyFrame(seen: SeenFrame | undefined, kind: FrameKind): boolean {
  return seen !== undefined && isDeepStrictEqual({ ...seen, payload: seen.payload.length }, { kind, fin: true, rsv1: false, payload: 0 })
}
