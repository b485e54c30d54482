import { isUtf8 } from 'node:buffer'

/**
 * Checks text that comes in parts, and finds the first wrong byte in the part that brings it (RFC 6455 section 8.1). Between parts it remembers what an incomplete character
 * still needs, as the UTF-8 decoder of the WHATWG Encoding Standard does.
 */
export class Utf8Validator {
  /** How many continuation bytes the last character still needs, and the bounds of the next one. */
  #needed = 0
  #lower = 0x80
  #upper = 0xbf

  /** True at the end of a character: the text may end here, and a part that is ASCII needs no check. */
  get isComplete(): boolean {
    return this.#needed === 0
  }

  /** False when the text can no longer become valid. */
  accept(bytes: Uint8Array, from: number, to: number): boolean {
    let at = from
    while (this.#needed > 0 && at < to) if (!this.#step(bytes[at++]!)) return false
    const last = lastCharacter(bytes, at, to)
    if (!isUtf8(bytes.subarray(at, last))) return false
    for (at = last; at < to; at++) if (!this.#step(bytes[at]!)) return false
    return true
  }

  reset(): void {
    this.#needed = 0
  }

  #step(byte: number): boolean {
    if (this.#needed > 0) {
      if (byte < this.#lower || byte > this.#upper) return false
      this.#needed--
    } else {
      const needed = continuationBytes(byte)
      if (needed < 0) return false
      this.#needed = needed
    }
    // No overlong forms, no surrogates, nothing above U+10FFFF: only the first continuation byte has narrower bounds.
    this.#lower = byte === 0xe0 ? 0xa0 : byte === 0xf0 ? 0x90 : 0x80
    this.#upper = byte === 0xed ? 0x9f : byte === 0xf4 ? 0x8f : 0xbf
    return true
  }
}

/** -1 for a byte with which no character begins. */
function continuationBytes(lead: number): number {
  if (lead < 0x80) return 0
  if (lead < 0xc2 || lead > 0xf4) return -1
  return lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3
}

/** Where the last character begins if it may be incomplete: a lead byte among the last three bytes. Otherwise the end. */
function lastCharacter(bytes: Uint8Array, from: number, to: number): number {
  for (let at = to - 1; at >= from && at >= to - 3; at--) {
    const byte = bytes[at]!
    if (byte >= 0xc0) return at
    if (byte < 0x80) return to
  }
  return to
}
