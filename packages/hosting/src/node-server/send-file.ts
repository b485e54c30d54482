import { open } from 'node:fs/promises'
import { hostingErrors } from '../errors/hosting-errors.ts'
import type { NodeResponse } from './node-response.ts'

interface FileRange {
  readonly path: string
  readonly offset?: number | undefined
  readonly count?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** The head alone is wanted: the file is opened and measured, not read. */
  readonly isHead: boolean
}

const readSize = 64 * 1024

/** Streams a part of a file, no faster than the client takes it. Raises an argument-out-of-range error for a range outside the file. */
export async function sendFileAsync(response: NodeResponse, { path, offset = 0, count, signal, isHead }: FileRange): Promise<void> {
  signal?.throwIfAborted()
  const file = await open(path)
  try {
    const { size } = await file.stat()
    if (offset < 0 || offset > size || (count !== undefined && (count < 0 || offset + count > size))) {
      throw hostingErrors.fileRange(path, offset, count, size)
    }
    await response.startAsync()
    let position = offset
    let rest = isHead ? 0 : (count ?? size - offset)
    while (rest > 0 && !response.isAborted) {
      signal?.throwIfAborted()
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(Math.min(readSize, rest)), 0, Math.min(readSize, rest), position)
      if (bytesRead === 0) throw hostingErrors.fileShortened(path)
      await response.writeOwnedAsync(buffer.subarray(0, bytesRead))
      position += bytesRead
      rest -= bytesRead
    }
  } finally {
    await file.close()
  }
}
