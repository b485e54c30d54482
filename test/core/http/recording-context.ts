import { HttpContext, HttpResponseBodyFeature } from '@windhover/core'

/** A context that keeps what is written to its response. */
export function recordingContext(): { readonly context: HttpContext; written(): string } {
  const context = new HttpContext()
  const chunks: Buffer[] = []
  context.features.getRequired(HttpResponseBodyFeature).writeAsync = async data => void chunks.push(Buffer.from(data as string))
  return { context, written: () => Buffer.concat(chunks).toString() }
}
