import { type ClientRequest, type IncomingMessage, request as openRequest } from 'node:http'
import { pipeline, Readable } from 'node:stream'
import { testingErrors } from '../errors/testing-errors.ts'
import type { Exchange } from '../exchanges/exchange.ts'
import type { OutgoingBody } from './request-body.ts'
import { responseBody } from './response-body.ts'
import { headersOf, isNullBodyStatus } from './response-head.ts'

/** Sends one request over the exchange's connection and resolves when the response starts. */
export function fetchOver(exchange: Exchange, request: Request, body?: OutgoingBody): Promise<Response> {
  const { signal } = request
  return new Promise((resolve, reject) => {
    const outgoing = openRequest({
      createConnection: () => exchange.connection,
      method: request.method,
      path: targetOf(request),
      headers: headerFields(request, body),
    })

    function fail(error: unknown): void {
      exchange.observe()
      reject(error)
      outgoing.destroy()
    }

    function abort(): void {
      fail(signal.reason)
    }

    signal.addEventListener('abort', abort, { once: true })
    exchange.connection.once('close', () => signal.removeEventListener('abort', abort))

    outgoing.on('error', error => reject(testingErrors.connectionEnded(exchange.name, error)))
    outgoing.on('upgrade', () => fail(testingErrors.unexpectedUpgrade(exchange.name)))
    outgoing.on('response', incoming => {
      const status = incoming.statusCode!
      if (status < 200 || status > 599) return fail(testingErrors.statusWithoutResponse(exchange.name, status))
      // The outcome, which follows at once, says more than the server's answer to it.
      if (exchange.failsInPlaceOfAnswer) return
      exchange.answer()
      resolve(toWebResponse(exchange, request, incoming))
    })
    exchange.outcome.catch(error => {
      if (exchange.failsInPlaceOfAnswer) fail(error)
    })
    sendBody(outgoing, body, fail)
  })
}

function targetOf(request: Request): string {
  const { pathname, search } = new URL(request.url)
  return pathname + search
}

function headerFields(request: Request, body: OutgoingBody | undefined): string[] {
  const { headers } = request
  const fields = headers.has('host') ? [] : ['Host', new URL(request.url).host]
  // Like fetch: the client would use the connection again, so that the server is not told to end it.
  if (!headers.has('connection')) fields.push('Connection', 'keep-alive')
  for (const [name, value] of headers) fields.push(name, value)
  if (body === undefined || headers.has('content-length') || headers.has('transfer-encoding')) return fields
  if ('bytes' in body) fields.push('Content-Length', String(body.bytes.length))
  else fields.push('Transfer-Encoding', 'chunked')
  return fields
}

function sendBody(outgoing: ClientRequest, body: OutgoingBody | undefined, fail: (error: unknown) => void): void {
  if (body === undefined || 'bytes' in body) {
    outgoing.end(body?.bytes)
    return
  }
  // The application may answer before the first byte of the body is known.
  outgoing.flushHeaders()
  const source = Readable.fromWeb(body.stream)
  source.once('error', fail)
  // How the connection ends reaches the caller through the request.
  pipeline(source, outgoing, () => {})
}

function toWebResponse(exchange: Exchange, request: Request, incoming: IncomingMessage): Response {
  const status = incoming.statusCode!
  const head = { status, statusText: incoming.statusMessage ?? '', headers: headersOf(incoming) }
  incoming.once('close', () => closeWhenEnded(exchange))
  if (request.method !== 'HEAD' && !isNullBodyStatus(status)) {
    return new Response(responseBody(exchange, incoming, request.signal), head)
  }
  incoming.on('error', () => {})
  incoming.resume()
  return new Response(null, head)
}

/** The connection outlives its response until the application has ended, which would otherwise take the end for a client that went away. */
function closeWhenEnded(exchange: Exchange): void {
  const close = () => exchange.connection.destroySoon()
  exchange.outcome.then(close, close)
}
