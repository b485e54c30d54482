import { coreErrors } from '../errors/core-errors.ts'

/** A message whose frame was encoded once, to be sent to many sockets: made by `WebSocketMessage.prepare`. */
export class PreparedWebSocketMessage {
  readonly type: 'text' | 'binary'
  /** The unmasked frame of a server, header and payload, in bytes. Sockets that compress take `payload` in its place. */
  readonly frame: Uint8Array
  readonly payload: Uint8Array

  constructor(data: string | Uint8Array, type: 'text' | 'binary' = typeof data === 'string' ? 'text' : 'binary') {
    if (type !== 'text' && type !== 'binary') throw coreErrors.argument('type', `A message is of type "text" or "binary", not "${type}".`)
    if (typeof data !== 'string' && !(data instanceof Uint8Array)) throw coreErrors.messageData(data)
    const payload = typeof data === 'string' ? Buffer.from(data) : data
    const header = frameHeader(type, payload.length)
    const frame = new Uint8Array(header.length + payload.length)
    frame.set(header)
    frame.set(payload, header.length)
    this.type = type
    this.frame = frame
    this.payload = frame.subarray(header.length)
  }
}

/** RFC 6455 section 5.2: final, unmasked, with the shortest form of the length. */
function frameHeader(type: 'text' | 'binary', length: number): Uint8Array {
  const first = 0x80 | (type === 'text' ? 1 : 2)
  if (length < 126) return Uint8Array.of(first, length)
  if (length < 65_536) return Uint8Array.of(first, 126, length >>> 8, length & 0xff)
  const header = Buffer.alloc(10)
  header[0] = first
  header[1] = 127
  header.writeBigUInt64BE(BigInt(length), 2)
  return header
}
