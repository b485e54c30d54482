/** Below this size byte by byte is fastest. */
const wordsFrom = 16
/** From this size on it is faster to copy first and to unmask in place than to do both at once. */
const copyFrom = 2048
/** Making a view of the source for one frame pays from this size on; for smaller ones it pays from the second frame in a chunk on. */
const viewFrom = 128
/** Views of larger memory are not kept, so that nothing large stays alive. */
const rememberedMemory = 128 * 1024

const highBits = 0x80808080 | 0
const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1

// A view costs more than a small frame, and frames come many from one chunk and go mostly into one buffer: the last views are kept. They are found by the identity of the array,
// because asking an array for its memory is a slow call.
let seenSource: Uint8Array | undefined
let viewedSource: Uint8Array | undefined
let sourceView: DataView = new DataView(new ArrayBuffer(0))
let viewedTarget: Uint8Array | undefined
let viewedLength = 0
let targetWords: Int32Array = new Int32Array(0)
/** Where the first byte of the target lies in its first word. */
let targetPhase = 0

/**
 * Copies `count` bytes of a masked payload to `target` and unmasks them (RFC 6455 section 5.3). `key` is the masking key, the byte for the first byte lowest.
 * Returns 0 when all bytes that came out are ASCII.
 */
export function unmask(source: Buffer, from: number, target: Uint8Array, to: number, count: number, key: number): number {
  if (count < wordsFrom || !isLittleEndian) return unmaskBytes(source, from, target, to, count, key)
  const isLarge = count >= copyFrom
  if (!isLarge && source !== viewedSource && !viewSource(source, count)) return unmaskBytes(source, from, target, to, count, key)
  if (target !== viewedTarget || target.length !== viewedLength) viewTarget(target)

  const head = -(targetPhase + to) & 3
  const length = (count - head) & ~3
  const first = (targetPhase + to + head) >>> 2
  const wordKey = rotateKey(key, head)
  let seen = unmaskBytes(source, from, target, to, head, key)
  if (isLarge) {
    source.copy(target, to + head, from + head, from + head + length)
    seen |= unmaskWords(targetWords, first, first + (length >>> 2), wordKey)
  } else seen |= moveWords(sourceView, from + head, targetWords, first, first + (length >>> 2), wordKey)
  return seen | unmaskBytes(source, from + head + length, target, to + head + length, count - head - length, wordKey)
}

/** Unmasks where the payload lies. Returns 0 when all bytes that came out are ASCII. */
export function unmaskInPlace(bytes: Buffer, from: number, count: number, key: number): number {
  if (count < wordsFrom || !isLittleEndian) return unmaskBytes(bytes, from, bytes, from, count, key)
  if (bytes !== viewedTarget || bytes.length !== viewedLength) viewTarget(bytes)
  const head = -(targetPhase + from) & 3
  const length = (count - head) & ~3
  const first = (targetPhase + from + head) >>> 2
  const wordKey = rotateKey(key, head)
  const end = from + head + length
  const seen = unmaskBytes(bytes, from, bytes, from, head, key) | unmaskWords(targetWords, first, first + (length >>> 2), wordKey)
  return seen | unmaskBytes(bytes, end, bytes, end, count - head - length, wordKey)
}

/** The key for the byte that lies `count` bytes further on. */
export function rotateKey(key: number, count: number): number {
  const bits = (count & 3) << 3
  return (key >>> bits) | (key << (32 - bits))
}

/** The same, byte by byte: neither array is asked for its memory. */
export function unmaskBytes(source: Buffer, from: number, target: Uint8Array, to: number, count: number, key: number): number {
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

/** The source lies anywhere, which a `DataView` reads as fast as if it were aligned. */
function moveWords(source: DataView, from: number, target: Int32Array, to: number, end: number, key: number): number {
  let seen = 0
  for (let i = to, at = from; i < end; i++, at += 4) {
    const word = source.getInt32(at, true) ^ key
    target[i] = word
    seen |= word
  }
  return seen & highBits
}

function unmaskWords(words: Int32Array, from: number, end: number, key: number): number {
  let seen = 0
  let i = from
  for (; i + 3 < end; i += 4) {
    const word0 = words[i]! ^ key
    const word1 = words[i + 1]! ^ key
    const word2 = words[i + 2]! ^ key
    const word3 = words[i + 3]! ^ key
    words[i] = word0
    words[i + 1] = word1
    words[i + 2] = word2
    words[i + 3] = word3
    seen |= word0 | word1 | word2 | word3
  }
  for (; i < end; i++) seen |= words[i]! ^= key
  return seen & highBits
}

/** Makes `sourceView` show this chunk if that pays. */
function viewSource(source: Uint8Array, count: number): boolean {
  const isWorthIt = count >= viewFrom || source === seenSource
  const memory = source.buffer
  seenSource = source
  if (!isWorthIt || memory.byteLength > rememberedMemory) return false
  viewedSource = source
  sourceView = new DataView(memory, source.byteOffset, source.length)
  return true
}

function viewTarget(target: Uint8Array): void {
  const memory = target.buffer
  targetPhase = target.byteOffset & 3
  targetWords = new Int32Array(memory, target.byteOffset - targetPhase, (targetPhase + target.length) >>> 2)
  viewedTarget = memory.byteLength <= rememberedMemory ? target : undefined
  viewedLength = target.length
}
