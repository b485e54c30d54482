import type { Readable } from 'node:stream'
import { TextDecoder } from 'node:util'
import { coreErrors } from '../errors/core-errors.ts'

/** Reads all that is left of a body as text. A byte order mark is dropped; bytes that the charset does not have become U+FFFD. */
export async function readText(body: Readable, charset = 'utf-8'): Promise<string> {
  const decoder = createDecoder(charset)
  let text = ''
  for await (const chunk of body) text += typeof chunk === 'string' ? chunk : decoder.decode(chunk as Uint8Array, { stream: true })
  return text + decoder.decode()
}

/** Raises a bad-request error of status 415 for a charset that the platform does not know. */
export function createDecoder(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset)
  } catch (error) {
    throw coreErrors.unknownCharset(charset, error)
  }
}

/** Ends the reading of a body, with an operation-canceled error, when the signal fires. What is left of the body is lost then. */
export async function readUnlessAborted<T>(body: Readable, signal: AbortSignal | undefined, read: () => Promise<T>): Promise<T> {
  if (signal === undefined) return read()
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
