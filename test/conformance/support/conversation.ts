import type { Duplex } from 'node:stream'
import { inflateRawSync } from 'node:zlib'
import { close, opcodes, type ReceivedFrame, takeFrames } from './frames.ts'

/** What the peer is to send back: whole messages, pongs, and one close frame at the end. */
export type Expected = { text: string } | { binary: string | Buffer } | { pong: string | Buffer } | { close: number | null }

/** How the client's bytes reach the server. `number` cuts them at that offset. */
export type Delivery = 'whole' | 'byte by byte' | number

/** Lets the server do what it can with what it has. */
export async function turnsAsync(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise<void>(resolve => setImmediate(resolve))
}

/** Sends the bytes in the given pieces. Each piece is read by the server before the next one comes. */
export async function deliver(connection: Duplex, bytes: Buffer, delivery: Delivery): Promise<void> {
  if (delivery === 'whole') {
    connection.write(bytes)
    return
  }
  const cuts = typeof delivery === 'number' ? [delivery] : Array.from({ length: bytes.length - 1 }, (_, i) => i + 1)
  let at = 0
  for (const cut of [...cuts, bytes.length]) {
    if (cut > at && connection.writable) connection.write(bytes.subarray(at, cut))
    at = cut
    await turnsAsync(2)
  }
}

/** Collects frames until the server has sent its close frame or ended the connection; resolves with what came as messages. */
export function listen(connection: Duplex, options: { inflate?: boolean } = {}): Promise<Expected[]> {
  return new Promise((resolve, reject) => {
    let pending = Buffer.alloc(0)
    const frames: ReceivedFrame[] = []
    connection.on('data', (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk])
      pending = pending.subarray(takeFrames(pending, frames))
      // A client answers a close frame, so that the server need not wait for it.
      if (frames.at(-1)?.opcode === opcodes.close && !connection.writableEnded) connection.end(close(1000))
    })
    connection.on('error', () => finish())
    connection.on('end', () => finish())
    connection.on('close', () => finish())

    function finish(): void {
      try {
        if (pending.length > 0) throw new Error(`The connection ended inside a frame: ${pending.toString('hex').slice(0, 40)}`)
        resolve(toMessages(frames, options.inflate ?? false))
      } catch (error) {
        reject(error)
      }
    }
  })
}

function toMessages(frames: ReceivedFrame[], inflate: boolean): Expected[] {
  const messages: Expected[] = []
  let parts: Buffer[] = []
  let type = 0
  let compressed = false
  for (const { opcode, fin, rsv, masked, payload } of frames) {
    if (masked) throw new Error('A server must not mask its frames (RFC 6455 section 5.1).')
    if (rsv !== 0 && !(inflate && rsv === 4 && (opcode === opcodes.text || opcode === opcodes.binary)))
      throw new Error(`The frame has reserved bits: ${rsv}`)
    if (opcode === opcodes.pong) messages.push({ pong: payload.toString('latin1') })
    else if (opcode === opcodes.close) messages.push({ close: payload.length === 0 ? null : payload.readUInt16BE(0) })
    else if (opcode === opcodes.ping) throw new Error('A ping came unasked.')
    else {
      if (opcode !== opcodes.continuation) {
        type = opcode
        compressed = rsv === 4
      }
      parts.push(payload)
      if (!fin) continue
      let whole = Buffer.concat(parts)
      if (compressed) whole = inflateRawSync(Buffer.concat([whole, Buffer.from([0, 0, 0xff, 0xff])]), { finishFlush: 2 })
      messages.push(type === opcodes.text ? { text: whole.toString() } : { binary: whole.toString('latin1') })
      parts = []
    }
  }
  return messages
}

/** Bytes compare as latin1: any payload is one string, and an assertion on a large one takes no seconds. */
export function comparable(expected: Expected): Expected {
  if ('pong' in expected) return { pong: Buffer.from(expected.pong as string).toString('latin1') }
  if ('binary' in expected) return { binary: Buffer.from(expected.binary as string).toString('latin1') }
  return expected
}
