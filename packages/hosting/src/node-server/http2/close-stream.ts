import { constants, type ServerHttp2Stream } from 'node:http2'
import { setImmediate } from 'node:timers'

/**
 * Gives up the rest of a request whose response has ended (RFC 9113 section 8.1), once that is out: newer Node would drop what it has not sent.
 */
export function closeBehindResponse(stream: ServerHttp2Stream): void {
  if (stream.writableFinished) setImmediate(close, stream)
  else stream.once('finish', () => setImmediate(close, stream))
}

function close(stream: ServerHttp2Stream): void {
  if (!stream.closed && !stream.destroyed) stream.close(constants.NGHTTP2_NO_ERROR)
}
