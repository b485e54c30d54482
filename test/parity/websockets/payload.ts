import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'

/** A payload of a scenario, see the README. */
export interface PayloadSpec {
  readonly text?: string
  readonly hex?: string
  readonly pattern?: number
  readonly repeat?: readonly [string, number]
}

export function parsePayload({ text, hex, pattern, repeat }: PayloadSpec): Buffer {
  if (text !== undefined) return Buffer.from(text)
  if (hex !== undefined) return Buffer.from(hex.replaceAll(' ', ''), 'hex')
  if (pattern !== undefined)
    return Buffer.alloc(
      pattern,
      Uint8Array.from({ length: 251 }, (_, i) => i),
    )
  if (repeat !== undefined) return Buffer.from(repeat[0].repeat(repeat[1]))
  return Buffer.alloc(0)
}

/** Short readable text as it is, short bytes as `hex:...`, all else as `sha256:.../length`. */
export function describePayload(bytes: Buffer): string {
  if (bytes.length <= 128 && isReadable(bytes)) return bytes.toString()
  if (bytes.length <= 64) return `hex:${bytes.toString('hex')}`
  return `sha256:${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}/${bytes.length}`
}

function isReadable(bytes: Buffer): boolean {
  return isUtf8(bytes) && !bytes.some(byte => byte < 0x20 || byte === 0x7f)
}
