import { setImmediate } from 'node:timers'
import { coreErrors } from '../errors/core-errors.ts'
import { HttpResponseFeature } from '../features/http-response-feature.ts'
import type { HttpResponse } from './http-response.ts'

/**
 * Status and headers replace those that were set, but its cookies join those of the response. The body goes out as it comes, the head
 * before it when it keeps silent at first. A source is cancelled as soon as the client has gone.
 */
export async function sendWebResponseAsync(response: HttpResponse, web: Response): Promise<void> {
  if (web.type === 'error') throw coreErrors.argument('response', 'Response.error() has no status that could be sent.')
  if (web.bodyUsed)
    throw coreErrors.argument('response', 'The body of this Response was read before; pass a Response that nobody has read.')

  response.statusCode = web.status
  if (web.statusText !== '') response.httpContext.features.getRequired(HttpResponseFeature).reasonPhrase = web.statusText
  for (const [name, value] of web.headers) {
    if (name === 'set-cookie') response.headers.append(name, value)
    else response.headers.set(name, value)
  }
  if (web.body === null) return

  const { requestAborted } = response.httpContext
  const reader = web.body.getReader()
  const cancel = (): void => void reader.cancel(requestAborted.reason).catch(ignore)
  // What fails here fails the first write as well.
  const silence = setImmediate(() => void response.flushAsync().catch(ignore))
  requestAborted.addEventListener('abort', cancel, { once: true })
  if (requestAborted.aborted) cancel()
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      clearImmediate(silence)
      await response.writeAsync(chunk.value)
    }
  } catch (error) {
    reader.cancel(error).catch(ignore)
    throw error
  } finally {
    clearImmediate(silence)
    requestAborted.removeEventListener('abort', cancel)
  }
}

/** What the source says to being cancelled must not hide why it was. */
function ignore(): void {}
