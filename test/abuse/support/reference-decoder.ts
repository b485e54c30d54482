import { opcodes } from '../../conformance/support/frames.ts'

export interface DecodedFrame {
  readonly opcode: number
  readonly final: boolean
  readonly compressed: boolean
  /** Unmasked; of the last frame as much as has come. */
  readonly payload: string
  readonly isWhole: boolean
}

export interface Decoded {
  readonly frames: DecodedFrame[]
  /** The bytes behind these frames break RFC 6455. */
  readonly isViolated: boolean
}

/**
 * What a server has to make of the bytes of a client, as RFC 6455 section 5.2 says and in the plainest way: from the first byte to the last, with everything in memory. A control frame counts when it is
 * whole. It ends behind a close frame.
 */
export function decode(bytes: Buffer, allowsCompression: boolean): Decoded {
  const frames: DecodedFrame[] = []
  let inMessage = false
  for (let at = 0; at < bytes.length; ) {
    const [first, second] = [bytes[at]!, bytes[at + 1]]
    const opcode = first & 15
    const final = (first & 128) !== 0
    const isControl = opcode >= 8
    if ((first & 0x30) !== 0) return violation()
    if ((opcode > 2 && opcode < 8) || opcode > 10) return violation()
    if (isControl && (!final || (first & 64) !== 0)) return violation()

    if (second === undefined) return incomplete()
    if ((second & 128) === 0) return violation()
    let length = BigInt(second & 127)
    let size = 2
    if (length === 126n) {
      size = 4
      if (bytes.length - at < size) return incomplete()
      length = BigInt(bytes.readUInt16BE(at + 2))
    } else if (length === 127n) {
      size = 10
      if (bytes.length - at > 2 && bytes[at + 2]! >= 128) return violation()
      if (bytes.length - at < size) return incomplete()
      length = bytes.readBigUInt64BE(at + 2)
    }
    if (isControl && length > 125n) return violation()
    if (bytes.length - at < size + 4) return incomplete()

    const compressed = (first & 64) !== 0
    if (!isControl) {
      if (opcode === opcodes.continuation ? !inMessage || compressed : inMessage || (compressed && !allowsCompression)) return violation()
      inMessage = !final
    }
    const mask = bytes.subarray(at + size, at + size + 4)
    const arrived = bytes.subarray(at + size + 4, at + size + 4 + Number(length < 1_000_000n ? length : 1_000_000n))
    const isWhole = BigInt(arrived.length) === length
    if (isControl && !isWhole) return incomplete()
    frames.push({
      opcode,
      final,
      compressed,
      payload: Buffer.from(arrived.map((byte, i) => byte ^ mask[i % 4]!)).toString('latin1'),
      isWhole,
    })
    if (opcode === opcodes.close) return incomplete()
    at += size + 4 + arrived.length
  }
  return incomplete()

  function violation(): Decoded {
    return { frames, isViolated: true }
  }

  function incomplete(): Decoded {
    return { frames, isViolated: false }
  }
}
