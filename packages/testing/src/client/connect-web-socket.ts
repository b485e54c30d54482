import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import type { PerMessageDeflateOptions } from 'ws'
import type { ConnectionOptions } from '../connections/open-connection.ts'
import { testingErrors } from '../errors/testing-errors.ts'
import type { Exchange } from '../exchanges/exchange.ts'
import { headersOf } from './response-head.ts'
import { TestWebSocket } from './test-web-socket.ts'

/** What the client's side of a WebSocket asks for in its handshake. */
export interface TestWebSocketOptions {
  /** The sub-protocols that the client offers. Default none. */
  protocols?: string | readonly string[]
  /** Further headers of the handshake, such as Cookie or Authorization. */
  headers?: NonNullable<RequestInit['headers']>
  /** The value of the Origin header, which only browsers send. Default none. */
  origin?: string
  /** Whether, and with which parameters, the client offers permessage-deflate (RFC 7692). Default false. */
  perMessageDeflate?: boolean | PerMessageDeflateOptions
  /** The largest message that the client takes, in bytes; a larger one closes with 1009. Default 100 MiB. */
  maxPayload?: number
  /** The addresses that the connection shows. */
  connection?: ConnectionOptions
}

/** Runs the handshake over the exchange's connection and resolves with the open socket. */
export function connectWebSocketOver(exchange: Exchange, url: URL, options: TestWebSocketOptions): Promise<TestWebSocket> {
  const { protocols = [], headers, origin, perMessageDeflate = false, maxPayload = 100 * 1024 * 1024 } = options
  const socket = new TestWebSocket(
    url,
    typeof protocols === 'string' ? [protocols] : [...protocols],
    {
      createConnection: (() => exchange.connection) as never,
      headers: Object.fromEntries(new Headers(headers)),
      ...(origin === undefined ? {} : { origin }),
      perMessageDeflate,
      maxPayload,
      followRedirects: false,
    },
    exchange,
  )
  // `waitForHandlerAsync` and the close code tell what became of the handler.
  exchange.observe()

  return new Promise((resolve, reject) => {
    function fail(error: unknown): void {
      reject(error)
      socket.terminate()
    }

    socket.once('open', () => {
      exchange.answer()
      resolve(socket)
    })
    socket.once('error', error => fail(testingErrors.handshakeBroken(exchange.name, error)))
    socket.once('unexpected-response', (_request, response) => {
      if (exchange.failsInPlaceOfAnswer) return
      rejectionOf(exchange, response).then(fail, fail)
    })
    exchange.outcome.catch(error => {
      if (exchange.failsInPlaceOfAnswer) fail(error)
    })
  })
}

async function rejectionOf(exchange: Exchange, response: IncomingMessage): Promise<Error> {
  const body = await text(response)
  return testingErrors.handshakeRejected(exchange.name, response.statusCode!, response.statusMessage ?? '', headersOf(response), body)
}
