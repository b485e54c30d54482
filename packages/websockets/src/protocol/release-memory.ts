/** Below this size it costs more than it saves. */
const releasedFrom = 16 * 1024

type Transfer = (this: ArrayBufferLike, length: number) => unknown

/** ES2024; Node 20 lacks it. */
const transfer = (ArrayBuffer.prototype as { transfer?: Transfer }).transfer

/**
 * Frees large memory at once that nobody reads any more. Left to the garbage collector it is counted against V8's old generation, and tens of megabytes a second of it make V8 collect that again and
 * again: a third of the processor time of a large message. Does nothing for memory that has other views, and on Node 20.
 */
export const releaseMemory: (bytes: Uint8Array) => void = transfer === undefined ? () => {} : bytes => release(bytes, transfer)

function release(bytes: Uint8Array, transferTo: Transfer): void {
  if (bytes.length < releasedFrom) return
  const memory = bytes.buffer
  if (memory.byteLength === bytes.length) transferTo.call(memory, 0)
}
