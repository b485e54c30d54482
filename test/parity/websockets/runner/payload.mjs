// Payloads in scenarios (text, hex, pattern, repeat) and in recordings. The server has the same two functions.

import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'

/** The bytes that a step describes; `{}` is the empty payload. Only the client knows `noise`, which does not compress. */
export function parsePayload({ text, hex, pattern, repeat, noise }) {
  if (text !== undefined) return Buffer.from(text)
  if (hex !== undefined) return Buffer.from(hex.replaceAll(' ', ''), 'hex')
  if (pattern !== undefined)
    return Buffer.alloc(
      pattern,
      Uint8Array.from({ length: 251 }, (_, i) => i),
    )
  if (repeat !== undefined) return Buffer.from(repeat[0].repeat(repeat[1]))
  if (noise !== undefined) return Buffer.concat(Array(noise[1]).fill(makeNoise(noise[0])))
  return Buffer.alloc(0)
}

/** Always the same pseudo-random bytes. */
function makeNoise(length) {
  let state = 1
  const next = () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return state >>> 16
  }
  return Buffer.from(Array.from({ length }, next))
}

/** Short readable text as it is, short bytes as `hex:...`, all else as `sha256:.../length`. */
export function describePayload(bytes) {
  if (bytes.length <= 128 && isPrintable(bytes)) return bytes.toString()
  if (bytes.length <= 64) return `hex:${bytes.toString('hex')}`
  return `sha256:${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}/${bytes.length}`
}

function isPrintable(bytes) {
  return isUtf8(bytes) && !bytes.some(byte => byte < 0x20 || byte === 0x7f)
}
