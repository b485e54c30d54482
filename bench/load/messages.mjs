// What the load sends: messages as frames that are built once, with the length and the first byte of their answer.
import { randomBytes } from 'node:crypto'
import { constants, deflateRawSync } from 'node:zlib'
import { clientFrame, headerLength } from './raw-socket.mjs'

export function plainMessage(size, type) {
  const opcode = type === 'text' ? 1 : 2
  const payload = type === 'text' ? Buffer.alloc(size, 'x') : randomBytes(size)
  return { frames: clientFrame(opcode, payload), answerLength: headerLength(size) + size, firstByte: 0x80 | opcode }
}

/** The same payload as an event of socket.io: a text frame, and for binary data a second one. */
export function socketIoMessage(size, type) {
  const event = Buffer.from(type === 'text' ? `42["message","${'x'.repeat(size)}"]` : '451-["message",{"_placeholder":true,"num":0}]')
  const frames = [clientFrame(1, event)]
  let answerLength = headerLength(event.length) + event.length
  if (type === 'binary') {
    frames.push(clientFrame(2, randomBytes(size)))
    answerLength += headerLength(size) + size
  }
  return { frames: Buffer.concat(frames), answerLength, firstByte: 0x81 }
}

/** Sixteen different JSON texts, each compressed by itself, which is allowed on a connection that keeps its window too. */
export function compressedMessages(size) {
  return Array.from({ length: 16 }, (_, i) => {
    const list = Array.from({ length: 40 }, (_, j) => ({
      id: i * 1000 + j,
      name: `sensor ${(i * 7 + j * 13) % 97}`,
      value: Math.round(Math.sin(i + j) * 1e4) / 1e4,
    }))
    const text = JSON.stringify({ list })
      .slice(0, size - 1)
      .padEnd(size, ']')
    const compressed = deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4)
    return { frames: clientFrame(1, compressed, { compressed: true }) }
  })
}

/** The offer of a browser. */
export const deflateOffer = 'permessage-deflate; client_max_window_bits'
