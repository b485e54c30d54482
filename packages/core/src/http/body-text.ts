import type { Readable } from 'node:stream'
import { TextDecoder } from 'node:util'
import { coreErrors } from '../errors/core-errors.ts'
import { type BodySink, type DrainableBody, drainTo } from './body-sink.ts'

const utf8 = /^utf-?8$/i
const byteOrderMark = 0xfeff

/** Reads all that is left of a body as text. A byte order mark is dropped; bytes that the charset does not have become U+FFFD. */
export async function readText(body: Readable, charset = 'utf-8'): Promise<string> {
  // A decoder costs more than a short body, and Node needs none for UTF-8.
  const decoder = utf8.test(charset) ? undefined : createDecoder(charset)
  const bytes = await readBytes(body)
  if (decoder !== undefined) return decoder.decode(bytes)
  const text = bytes.toString()
  return text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text
}

/** Raises a bad-request error of status 415 for a charset that the platform does not know. */
export function createDecoder(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset)
  } catch (error) {
    throw coreErrors.unknownCharset(charset, error)
  }
}

/** Not by an async iterator, which costs several times as much as all the rest of a small request. */
function readBytes(body: Readable & Partial<DrainableBody>): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const bytes = new GrowingBytes()
    const sink = {
      take: (chunk: Buffer) => bytes.append(chunk),
      end: () => resolve(bytes.value),
      // AbortError is what Node makes of a loop over the body that was left early.
      fail: (error: Error | null) => reject(error === null || error.name === 'AbortError' ? coreErrors.bodyIncomplete() : error),
    }
    if (body.readableEnded) sink.end()
    else if (body.destroyed) sink.fail(body.errored)
    else if (!body[drainTo]?.(sink)) readByEvents(body, sink)
  })
}

function readByEvents(body: Readable, sink: BodySink): void {
  const take = (chunk: Buffer | string): void => sink.take(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
  const stop = (): Readable => body.off('data', take).off('end', end).off('error', fail).off('close', close)
  const end = (): void => {
    stop()
    sink.end()
  }
  const fail = (error: Error | null): void => {
    stop()
    sink.fail(error)
  }
  const close = (): void => fail(body.errored)
  body.on('data', take).on('end', end).on('error', fail).on('close', close).resume()
}

/** Ends the reading of a body, with an operation-canceled error, when the signal fires. What is left of the body is lost then. */
export function readUnlessAborted<T>(body: Readable, signal: AbortSignal | undefined, read: () => Promise<T>): Promise<T> {
  return signal === undefined ? read() : readUntilAborted(body, signal, read)
}

async function readUntilAborted<T>(body: Readable, signal: AbortSignal, read: () => Promise<T>): Promise<T> {
  if (signal.aborted) throw coreErrors.operationCanceled('Reading the body', signal.reason)
  const cancel = (): void => {
    // Whoever reads at this moment gets the error; it must not end the process when nobody does.
    body.on('error', () => {}).destroy(coreErrors.operationCanceled('Reading the body', signal.reason))
  }
  signal.addEventListener('abort', cancel)
  try {
    return await read()
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

/** Chunks in one piece of memory. Each of them costs some hundred bytes when it is kept, and a client may send a body as chunks of one byte. */
class GrowingBytes {
  #bytes: Buffer = Buffer.alloc(0)
  #length = 0

  get value(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  append(chunk: Buffer): void {
    const length = this.#length + chunk.length
    if (this.#length === 0) this.#bytes = chunk
    else if (length > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(length, 2 * this.#bytes.length))
      this.#bytes.copy(grown, 0, 0, this.#length)
      this.#bytes = grown
    }
    if (this.#length > 0) chunk.copy(this.#bytes, this.#length)
    this.#length = length
  }
}
