/** A part of a frame's payload, as it came. */
export type PayloadPart = { readonly opcode: number; readonly isFinal: boolean; readonly payload: Buffer; readonly isFrameEnd: boolean }

/**
 * Takes the frames of a server apart while they arrive (RFC 6455 section 5.2) and keeps nothing, so that a message may be larger than the memory. It expects
 * what a server sends: no mask, no extension.
 */
export class MessageStream {
  #header: Buffer = Buffer.alloc(0)
  #first = 0
  #left: number | undefined;

  *push(chunk: Buffer): Generator<PayloadPart> {
    let rest = chunk
    while (rest.length > 0) {
      if (this.#left === undefined) {
        rest = Buffer.concat([this.#header, rest])
        const size = headerSize(rest)
        if (size === undefined || rest.length < size) {
          this.#header = rest
          return
        }
        this.#header = Buffer.alloc(0)
        this.#first = rest[0]!
        this.#left = payloadLength(rest, size)
        rest = rest.subarray(size)
        if (this.#left === 0) yield this.#part(Buffer.alloc(0))
        continue
      }
      const payload = rest.subarray(0, this.#left)
      rest = rest.subarray(payload.length)
      yield this.#part(payload)
    }
  }

  #part(payload: Buffer): PayloadPart {
    this.#left! -= payload.length
    const isFrameEnd = this.#left === 0
    if (isFrameEnd) this.#left = undefined
    return { opcode: this.#first & 0x0f, isFinal: (this.#first & 0x80) !== 0, payload, isFrameEnd }
  }
}

function headerSize(bytes: Buffer): number | undefined {
  if (bytes.length < 2) return undefined
  const length = bytes[1]!
  return length < 126 ? 2 : length === 126 ? 4 : 10
}

function payloadLength(header: Buffer, size: number): number {
  if (size === 2) return header[1]!
  return size === 4 ? header.readUInt16BE(2) : Number(header.readBigUInt64BE(2))
}
