import type { IncomingMessage } from 'node:http'
import type { Exchange } from '../exchanges/exchange.ts'

/**
 * The body of a response, taken from the connection only when the test reads. A connection that ends too early fails the stream with what the application threw, else
 * with the error of the connection.
 */
export function responseBody(exchange: Exchange, incoming: IncomingMessage, signal: AbortSignal): ReadableStream<Uint8Array> {
  const chunks: AsyncIterator<Uint8Array> = incoming[Symbol.asyncIterator]()
  // The iterator listens only once somebody reads.
  incoming.on('error', () => {})
  exchange.isUnread = true

  function reasonOf(error: unknown): unknown {
    if (signal.aborted) return signal.reason
    if (exchange.failure === undefined) return error
    exchange.observe()
    return exchange.failure.error
  }

  return new ReadableStream(
    {
      async pull(controller) {
        exchange.isUnread = false
        try {
          const { done, value } = await exchange.within(`more of the response to ${exchange.name}`, chunks.next())
          if (done) {
            controller.close()
            return
          }
          controller.enqueue(value)
          exchange.isUnread = true
        } catch (error) {
          controller.error(reasonOf(error))
        }
      },
      cancel() {
        exchange.isUnread = false
        exchange.abandon()
      },
    },
    { highWaterMark: 0 },
  )
}
