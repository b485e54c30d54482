/** RFC 6455 section 5.2. */
export const Opcode = { Continuation: 0, Text: 1, Binary: 2, Close: 8, Ping: 9, Pong: 10 } as const

export const finalBit = 0x80
/** The bit that permessage-deflate uses (RFC 7692 section 6). */
export const compressedBit = 0x40
