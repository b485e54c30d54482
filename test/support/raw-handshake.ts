import type { Duplex } from 'node:stream'
import { text } from '../conformance/support/frames.ts'

export interface RawHandshakeOptions {
  path?: string
  headers?: readonly string[]
  /** A text message that follows the head in the same packet. */
  frames?: string
}

/** The bytes of a valid handshake, as a client sends them. */
export function handshakeBytes({ path = '/', headers = [], frames }: RawHandshakeOptions = {}): Buffer {
  const lines = [
    `GET ${path} HTTP/1.1`,
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
    '\r\n',
  ]
  const head = Buffer.from(lines.join('\r\n'), 'latin1')
  return frames === undefined ? head : Buffer.concat([head, text(frames)])
}

/** Writes a valid handshake to a connection of the test's own. */
export function startHandshake(connection: Duplex, options?: RawHandshakeOptions): void {
  connection.write(handshakeBytes(options))
}
