import { compressedBit, finalBit, Opcode } from './opcode.ts'
import { protocolViolation } from './violation.ts'

export const maskedBit = 0x80
const reservedBits = 0x30

/** The longest header of a client's frame: two bytes, a length of 64 bits, the mask. */
export const longestHeader = 14

/** The fields of one frame's header (RFC 6455 section 5.2). */
export interface FrameHeader {
  opcode: number
  final: boolean
  compressed: boolean
  /** How many bytes of payload follow. */
  remaining: number
  /** The masking key, its first byte lowest. */
  key: number
}

/**
 * Reads the header of a client's frame and returns its size, or 0 when it is not complete yet. Throws a `Violation` as soon as a byte shows one, also in an
 * incomplete header. What depends on other frames (fragmentation, compression) is checked by the caller.
 */
export function parseFrameHeader(bytes: Uint8Array, at: number, available: number, header: FrameHeader): number {
  if (available === 0) return 0
  const first = bytes[at]!
  const opcode = first & 0x0f
  if ((first & reservedBits) !== 0) throw protocolViolation('The peer sent a frame with RSV2 or RSV3 set.')
  if (opcode > Opcode.Binary) checkControl(opcode, first)
  if (available === 1) return 0

  const second = bytes[at + 1]!
  if (second < maskedBit) throw protocolViolation('The peer sent an unmasked frame. A client masks every frame (RFC 6455 section 5.1).')
  let length = second & 0x7f
  let size = 6
  if (length === 126) {
    if (available < 4) return 0
    length = (bytes[at + 2]! << 8) | bytes[at + 3]!
    size = 8
  } else if (length === 127) {
    if (available > 2 && bytes[at + 2]! > 0x7f)
      throw protocolViolation('The peer sent a frame whose length has its most significant bit set.')
    if (available < 10) return 0
    length = uint32(bytes, at + 2) * 0x1_0000_0000 + uint32(bytes, at + 6)
    size = 14
  }
  if (opcode >= Opcode.Close && length > 125) throw protocolViolation(`The peer sent a control frame of ${length} bytes; 125 are allowed.`)
  if (available < size) return 0

  const mask = at + size - 4
  header.opcode = opcode
  header.final = first >= finalBit
  header.compressed = (first & compressedBit) !== 0
  header.remaining = length
  header.key = bytes[mask]! | (bytes[mask + 1]! << 8) | (bytes[mask + 2]! << 16) | (bytes[mask + 3]! << 24)
  return size
}

function checkControl(opcode: number, first: number): void {
  if (opcode < Opcode.Close || opcode > Opcode.Pong) throw protocolViolation(`The peer sent a frame with the reserved opcode ${opcode}.`)
  if (first < finalBit) throw protocolViolation('The peer sent a fragmented control frame.')
  if ((first & compressedBit) !== 0) throw protocolViolation('The peer sent a control frame with RSV1 set.')
}

function uint32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
}

/** The size of the header of a server's frame: it is unmasked, and its length takes the shortest form. */
export function frameHeaderSize(length: number): number {
  return length < 126 ? 2 : length < 65_536 ? 4 : 10
}

/** Writes the header of a server's frame and returns where its payload begins. */
export function writeFrameHeader(target: Uint8Array, at: number, first: number, length: number): number {
  target[at] = first
  if (length < 126) {
    target[at + 1] = length
    return at + 2
  }
  if (length < 65_536) {
    target[at + 1] = 126
    target[at + 2] = length >>> 8
    target[at + 3] = length & 0xff
    return at + 4
  }
  target[at + 1] = 127
  for (let i = 9, rest = length; i > 1; i--, rest = Math.floor(rest / 256)) target[at + i] = rest % 256
  return at + 10
}
