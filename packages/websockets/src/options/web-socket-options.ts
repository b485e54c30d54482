import { webSocketsErrors } from '../errors/web-sockets-errors.ts'
import { WebSocketLimits } from './web-socket-limits.ts'

/** What happens to open sockets when the host stops: they are closed with 1001, or left to the application. */
export type OnStopping = 'close' | 'none'

/** How WebSockets are accepted. Times are milliseconds, sizes bytes. (ASP.NET Core: WebSocketOptions) */
export class WebSocketOptions {
  /** A ping is sent when nothing has come from the peer for so long. Default 2 minutes; 0, -1 or Infinity switches keep-alive off. */
  keepAliveInterval: number = 120_000
  /**
   * A peer that sends nothing for so long after a ping is aborted. Default 30 seconds. 0, -1 or Infinity: ASP.NET Core's default way, an unsolicited pong every `keepAliveInterval` and
   * no detection.
   */
  keepAliveTimeout: number = 30_000
  /**
   * The origins from which browsers may connect, compared with the `Origin` header as a whole; case is ignored here, not there. Default empty: host and port of the origin must be those of
   * the request. When set it replaces that rule; `*` allows every origin. Requests without an `Origin` header are always allowed.
   */
  allowedOrigins: string[] = []
  /** `close` (the default) closes open sockets with 1001 when the host stops; `none` leaves that to the application. */
  onStopping: OnStopping = 'close'
  /** How long a close waits for the peer's close frame. The time begins anew when the peer has taken what was sent before. Default 10 seconds. */
  closeTimeout: number = WebSocketLimits.closeTimeout
  /** The largest message that is received as a whole, and the largest inflated message; beyond it the socket is closed with 1009. Default 1 MiB. The buffer API streams messages of any size. */
  maxMessageSize: number = WebSocketLimits.maxMessageSize
  /** A socket whose read-ahead is full and of which nothing is received for so long is aborted. Default 2 minutes. */
  unreadTimeout: number = WebSocketLimits.unreadTimeout
  /** @deprecated Does nothing, as in ASP.NET Core since 3.0: data goes straight into the buffer of the receive. */
  receiveBufferSize?: number
}

/** A copy that nobody changes any more. Raises an argument-out-of-range error for a value that makes no sense. */
export function freezeOptions(options: Partial<WebSocketOptions>): Readonly<WebSocketOptions> {
  const defaults = new WebSocketOptions()
  const origins = options.allowedOrigins ?? defaults.allowedOrigins
  check('allowedOrigins', origins, isListOfText, 'a list of strings')
  const frozen = {
    keepAliveInterval: options.keepAliveInterval ?? defaults.keepAliveInterval,
    keepAliveTimeout: options.keepAliveTimeout ?? defaults.keepAliveTimeout,
    allowedOrigins: [...origins],
    onStopping: options.onStopping ?? defaults.onStopping,
    closeTimeout: options.closeTimeout ?? defaults.closeTimeout,
    maxMessageSize: options.maxMessageSize ?? defaults.maxMessageSize,
    unreadTimeout: options.unreadTimeout ?? defaults.unreadTimeout,
  }
  check('keepAliveInterval', frozen.keepAliveInterval, isTime, expectedTime)
  check('keepAliveTimeout', frozen.keepAliveTimeout, isTime, expectedTime)
  check('closeTimeout', frozen.closeTimeout, isPositive, 'a number of milliseconds above 0')
  check('unreadTimeout', frozen.unreadTimeout, isPositive, 'a number of milliseconds above 0')
  check('maxMessageSize', frozen.maxMessageSize, isSize, 'a whole number of bytes above 0')
  check('onStopping', frozen.onStopping, value => value === 'close' || value === 'none', '"close" or "none"')
  return Object.freeze(frozen)
}

function check(name: string, value: unknown, isValid: (value: unknown) => boolean, expected: string): void {
  if (!isValid(value)) throw webSocketsErrors.option(name, expected, value)
}

function isListOfText(value: unknown): boolean {
  return Array.isArray(value) && value.every(origin => typeof origin === 'string')
}

export const expectedTime = 'a number of milliseconds, 0 and above, or -1 for none'

/** -1 is .NET's infinite time. */
export function isTime(value: unknown): boolean {
  return typeof value === 'number' && (value >= 0 || value === -1)
}

function isPositive(value: unknown): boolean {
  return typeof value === 'number' && value > 0
}

function isSize(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0 && (value as number) <= 0x7fff_ffff
}
