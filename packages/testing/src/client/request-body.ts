import type { ReadableStream } from 'node:stream/web'

/** A body that goes out with its Content-Length, or a stream that goes out in chunks. */
export type OutgoingBody = { readonly bytes: Uint8Array } | { readonly stream: ReadableStream<Uint8Array> }

/** Like fetch: what is known in full has a length, a stream has none, and POST and PUT without a body say so by a length of 0. */
export async function outgoingBody(request: Request, given: unknown): Promise<OutgoingBody | undefined> {
  if (request.body === null) return request.method === 'POST' || request.method === 'PUT' ? { bytes: new Uint8Array() } : undefined
  if (isOfKnownLength(given)) return { bytes: new Uint8Array(await request.arrayBuffer()) }
  return { stream: request.body as ReadableStream<Uint8Array> }
}

function isOfKnownLength(body: unknown): boolean {
  return (
    typeof body === 'string' ||
    body instanceof ArrayBuffer ||
    ArrayBuffer.isView(body) ||
    body instanceof Blob ||
    body instanceof URLSearchParams ||
    body instanceof FormData
  )
}
