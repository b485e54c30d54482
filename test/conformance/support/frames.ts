import { deflateRawSync } from 'node:zlib'

export interface FrameOptions {
  fin?: boolean
  rsv?: number
  mask?: boolean
  /** The form of the length: 7, 16 or 64 bits. Default the shortest. */
  lengthBits?: 7 | 16 | 64
  /** The length that the header announces, when it is not that of the payload. */
  announced?: bigint
}

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

/** A frame as a client sends it (RFC 6455 section 5.2), legal unless the options say otherwise. */
export function frame(opcode: number, payload: string | Uint8Array = '', options: FrameOptions = {}): Buffer {
  const { fin = true, rsv = 0, mask = true } = options
  const bytes = Buffer.from(payload as string)
  const announced = options.announced ?? BigInt(bytes.length)
  const bits = options.lengthBits ?? (announced < 126n ? 7 : announced < 65_536n ? 16 : 64)
  const header = Buffer.alloc(bits === 7 ? 2 : bits === 16 ? 4 : 10)
  header[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode
  header[1] = (mask ? 0x80 : 0) | (bits === 7 ? Number(announced) : bits === 16 ? 126 : 127)
  if (bits === 16) header.writeUInt16BE(Number(announced), 2)
  if (bits === 64) header.writeBigUInt64BE(announced, 2)
  if (!mask) return Buffer.concat([header, bytes])
  const key = Buffer.from([0x37, 0xfa, 0x21, 0x3d])
  return Buffer.concat([header, key, bytes.map((byte, i) => byte ^ key[i & 3]!)])
}

export const text = (payload: string | Uint8Array, options?: FrameOptions): Buffer => frame(opcodes.text, payload, options)
export const binary = (payload: string | Uint8Array, options?: FrameOptions): Buffer => frame(opcodes.binary, payload, options)
export const continuation = (payload: string | Uint8Array, options?: FrameOptions): Buffer => frame(opcodes.continuation, payload, options)
export const ping = (payload: string | Uint8Array = '', options?: FrameOptions): Buffer => frame(opcodes.ping, payload, options)
export const pong = (payload: string | Uint8Array = '', options?: FrameOptions): Buffer => frame(opcodes.pong, payload, options)

export function close(code?: number, reason: string | Uint8Array = '', options?: FrameOptions): Buffer {
  if (code === undefined) return frame(opcodes.close, '', options)
  return frame(opcodes.close, Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason as string)]), options)
}

/** A payload compressed as RFC 7692 section 7.2.1 says. */
export function deflated(payload: string | Uint8Array, windowBits = 15): Buffer {
  const compressed = deflateRawSync(Buffer.from(payload as string), { windowBits, finishFlush: 2 /* Z_SYNC_FLUSH */ })
  return compressed.subarray(0, -4)
}

export interface ReceivedFrame {
  opcode: number
  fin: boolean
  rsv: number
  masked: boolean
  payload: Buffer
}

/** Takes the complete frames off the front of what has come; returns how many bytes they took. */
export function takeFrames(bytes: Buffer, into: ReceivedFrame[]): number {
  let at = 0
  while (bytes.length - at >= 2) {
    const masked = bytes[at + 1]! >= 0x80
    let length = bytes[at + 1]! & 0x7f
    let size = 2
    if (length === 126) {
      if (bytes.length - at < 4) break
      length = bytes.readUInt16BE(at + 2)
      size = 4
    } else if (length === 127) {
      if (bytes.length - at < 10) break
      length = Number(bytes.readBigUInt64BE(at + 2))
      size = 10
    }
    if (bytes.length - at < size + length) break
    const first = bytes[at]!
    into.push({
      opcode: first & 0x0f,
      fin: first >= 0x80,
      rsv: (first >> 4) & 7,
      masked,
      payload: bytes.subarray(at + size, at + size + length),
    })
    at += size + length
  }
  return at
}
