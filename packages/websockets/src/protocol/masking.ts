/** From this size on it is faster to copy first and to unmask whole words in place. */
const wordsFrom = 48
const highBits = 0x80808080 | 0
const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1

/** The words of the memory that was unmasked last: receives mostly fill the same buffer again, and a view costs more than a small frame. */
let lastMemory: ArrayBufferLike | undefined
let lastWords = new Int32Array(0)
/** Larger memory is not remembered, so that the cache cannot keep it alive. */
const rememberedMemory = 128 * 1024

/**
 * Copies `count` bytes of a masked payload to `target` and unmasks them (RFC 6455 section 5.3). `key` is the masking key, the byte for the first byte lowest.
 * Returns 0 when all bytes that came out are ASCII.
 */
export function unmask(source: Buffer, from: number, target: Uint8Array, to: number, count: number, key: number): number {
  if (count < wordsFrom || !isLittleEndian) return unmaskBytes(source, from, target, to, count, key)
  const head = -(target.byteOffset + to) & 3
  let seen = unmaskBytes(source, from, target, to, head, key)
  const length = (count - head) & ~3
  seen |= unmaskWords(source, from + head, target, to + head, length, rotateKey(key, head))
  return seen | unmaskBytes(source, from + head + length, target, to + head + length, count - head - length, rotateKey(key, head))
}

/** The key for the byte that lies `count` bytes further on. */
export function rotateKey(key: number, count: number): number {
  const bits = (count & 3) << 3
  return (key >>> bits) | (key << (32 - bits))
}

function unmaskBytes(source: Buffer, from: number, target: Uint8Array, to: number, count: number, key: number): number {
  const key0 = key & 0xff
  const key1 = (key >>> 8) & 0xff
  const key2 = (key >>> 16) & 0xff
  const key3 = key >>> 24
  let seen = 0
  let i = 0
  for (; i + 3 < count; i += 4) {
    const byte0 = source[from + i]! ^ key0
    const byte1 = source[from + i + 1]! ^ key1
    const byte2 = source[from + i + 2]! ^ key2
    const byte3 = source[from + i + 3]! ^ key3
    target[to + i] = byte0
    target[to + i + 1] = byte1
    target[to + i + 2] = byte2
    target[to + i + 3] = byte3
    seen |= byte0 | byte1 | byte2 | byte3
  }
  if (i < count) seen |= target[to + i] = source[from + i]! ^ key0
  if (i + 1 < count) seen |= target[to + i + 1] = source[from + i + 1]! ^ key1
  if (i + 2 < count) seen |= target[to + i + 2] = source[from + i + 2]! ^ key2
  return seen & 0x80
}

function unmaskWords(source: Buffer, from: number, target: Uint8Array, to: number, count: number, key: number): number {
  source.copy(target, to, from, from + count)
  const words = wordsOf(target.buffer)
  const first = (target.byteOffset + to) >>> 2
  const end = first + (count >>> 2)
  let seen = 0
  for (let i = first; i < end; i++) {
    const word = words[i]! ^ key
    words[i] = word
    seen |= word
  }
  return seen & highBits
}

function wordsOf(memory: ArrayBufferLike): Int32Array {
  const length = memory.byteLength >>> 2
  if (memory === lastMemory && lastWords.length === length) return lastWords
  const words = new Int32Array(memory, 0, length)
  if (memory.byteLength <= rememberedMemory) {
    lastMemory = memory
    lastWords = words as Int32Array<ArrayBuffer>
  }
  return words
}
