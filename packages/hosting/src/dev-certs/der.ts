/** Bytes in the Distinguished Encoding Rules of ASN.1 (ITU-T X.690): as much as a certificate needs. */
export function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents)
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(content.length)
  const digits = length.subarray(length.findIndex(byte => byte !== 0))
  return Buffer.concat([Buffer.from([tag, 0x80 | digits.length]), digits, content])
}

export function sequence(...contents: readonly Uint8Array[]): Buffer {
  return der(0x30, ...contents)
}

export function set(...contents: readonly Uint8Array[]): Buffer {
  return der(0x31, ...contents)
}

/** A tag of the structure that it stands in. */
export function tagged(number: number, ...contents: readonly Uint8Array[]): Buffer {
  return der(0xa0 | number, ...contents)
}

/** `bytes` are those of a positive number. */
export function integer(bytes: Uint8Array): Buffer {
  return der(0x02, bytes[0]! >= 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes)
}

export function boolean(value: boolean): Buffer {
  return der(0x01, Buffer.from([value ? 0xff : 0]))
}

export function octets(...contents: readonly Uint8Array[]): Buffer {
  return der(0x04, ...contents)
}

/** `unused` is the number of bits at the end that do not count. */
export function bits(bytes: Uint8Array, unused = 0): Buffer {
  return der(0x03, Buffer.from([unused]), bytes)
}

export function utf8(text: string): Buffer {
  return der(0x0c, Buffer.from(text))
}

/** RFC 5280 section 4.1.2.5.2: with a year of four digits, as it must be from 2050 on and may not be before; so this takes the other form up to then. */
export function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, '')
  return date.getUTCFullYear() < 2050 ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits))
}

/** An object identifier as people write it, such as `2.5.4.3`. */
export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

function base128(number: number): number[] {
  const digits = [number & 0x7f]
  for (let rest = number >>> 7; rest > 0; rest >>>= 7) digits.unshift(0x80 | (rest & 0x7f))
  return digits
}
