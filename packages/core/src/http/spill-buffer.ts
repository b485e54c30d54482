import { randomUUID } from 'node:crypto'
import { type FileHandle, open, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { coreErrors } from '../errors/core-errors.ts'

const pieceSize = 64 * 1024

/**
 * Keeps bytes in memory up to a threshold and in a temporary file beyond it, so that a large upload costs disk and not memory. The file is
 * in the system's folder for temporary files, readable by this process's user only, and loses its name as soon as it is open: a crash
 * leaves nothing behind.
 */
export class SpillBuffer implements AsyncDisposable {
  readonly #memoryThreshold: number
  #memory: Buffer = Buffer.alloc(0)
  #file: FileHandle | undefined
  #length = 0
  #isDisposed = false

  /** In bytes. */
  constructor(memoryThreshold: number) {
    this.#memoryThreshold = memoryThreshold
  }

  /** In bytes. */
  get length(): number {
    return this.#length
  }

  /** Copies the bytes. One append at a time; reading may go on meanwhile. Raises an object-disposed error after disposal. */
  async append(bytes: Uint8Array): Promise<void> {
    if (this.#isDisposed) throw coreErrors.contextEnded()
    const length = this.#length + bytes.length
    if (this.#file === undefined && length > this.#memoryThreshold) await this.#moveToFile()
    if (this.#file === undefined) this.#appendToMemory(bytes, length)
    else await this.#file.appendFile(bytes)
    this.#length = length
  }

  /** A copy of some bytes from `position`, at most 64 KiB; none at the end. Raises an object-disposed error after disposal. */
  async read(position: number): Promise<Buffer> {
    if (this.#isDisposed) throw coreErrors.contextEnded()
    const size = Math.min(pieceSize, this.#length - position)
    if (this.#file === undefined) return Buffer.from(this.#memory.subarray(position, position + size))
    const { buffer, bytesRead } = await this.#file.read(Buffer.allocUnsafe(size), 0, size, position)
    return buffer.subarray(0, bytesRead)
  }

  /** All that was appended, from the beginning. Several can be read side by side. */
  createReadStream(): Readable {
    return readableOf(this.#pieces())
  }

  async *#pieces(): AsyncGenerator<Buffer> {
    for (let position = 0; ; ) {
      const piece = await this.read(position)
      if (piece.length === 0) return
      position += piece.length
      yield piece
    }
  }

  #appendToMemory(bytes: Uint8Array, length: number): void {
    if (length > this.#memory.length) {
      const grown = Buffer.allocUnsafe(Math.min(Math.max(length, 2 * this.#memory.length), this.#memoryThreshold))
      this.#memory.copy(grown, 0, 0, this.#length)
      this.#memory = grown
    }
    this.#memory.set(bytes, this.#length)
  }

  async #moveToFile(): Promise<void> {
    const path = join(tmpdir(), `windhover-${randomUUID()}`)
    const file = await open(path, 'wx+', 0o600)
    try {
      await unlink(path)
      await file.appendFile(this.#memory.subarray(0, this.#length))
      if (this.#isDisposed) throw coreErrors.contextEnded()
    } catch (error) {
      await file.close()
      throw error
    }
    this.#file = file
    this.#memory = Buffer.alloc(0)
  }

  /** Frees memory and file; nothing can be read any more. Harmless to call twice. */
  async [Symbol.asyncDispose](): Promise<void> {
    const file = this.#file
    this.#isDisposed = true
    this.#length = 0
    this.#memory = Buffer.alloc(0)
    this.#file = undefined
    await file?.close()
  }
}

/** Whoever reads the stream sees its errors; one that nobody reads any more must not end the process. */
export function readableOf(pieces: AsyncIterable<Buffer>): Readable {
  return Readable.from(pieces, { objectMode: false }).on('error', () => {})
}
