import { EventId, type Logger, type LoggerFactory, LogLevel } from '@windhover/core'
import type { NodeExchange } from './node-exchange.ts'

/** The category of what the server logs. (ASP.NET Core: Microsoft.AspNetCore.Server.Kestrel) */
export const serverCategory = 'Windhover.Server'

/** Numbers and names are those of Kestrel's events, where it has them. */
const events = {
  addressOverridden: new EventId(0, 'AddressOverridden'),
  loopbackMissing: new EventId(0, 'LoopbackMissing'),
  applicationError: new EventId(13, 'ApplicationError'),
  connectionBadRequest: new EventId(17, 'ConnectionBadRequest'),
  requestAborted: new EventId(19, 'RequestAborted'),
  notAllConnectionsAborted: new EventId(21, 'NotAllConnectionsAborted'),
  handshakeFailed: new EventId(1, 'AuthenticationFailed'),
  http2ConnectionError: new EventId(36, 'Http2ConnectionError'),
  connectionRejected: new EventId(24, 'ConnectionRejected'),
  responseTooSlow: new EventId(28, 'ResponseMinimumDataRateNotSatisfied'),
}

/** What the server has to say about connections and requests. */
export class ServerLog {
  readonly #logger: Logger | undefined

  constructor(loggerFactory: LoggerFactory | undefined) {
    this.#logger = loggerFactory?.createLogger(serverCategory)
  }

  addressOverridden(overridden: readonly string[], used: string): void {
    const message = 'Overriding address(es) "{Addresses}". Binding to {Used} instead.'
    this.#write(LogLevel.Warning, events.addressOverridden, undefined, message, overridden.join(', '), used)
  }

  loopbackMissing(address: string, error: unknown): void {
    this.#write(
      LogLevel.Warning,
      events.loopbackMissing,
      asError(error),
      'One of the two loopback interfaces cannot be used for {Address}.',
      address,
    )
  }

  applicationError({ connection, traceIdentifier }: NodeExchange, error: unknown): void {
    const message = 'Connection id "{ConnectionId}", Request id "{TraceIdentifier}": An unhandled exception was thrown by the application.'
    this.#write(LogLevel.Error, events.applicationError, asError(error), message, connection.id, traceIdentifier)
  }

  /** What a client does wrong is no Error of the application: it could fill the log at will. */
  badRequest({ connection }: NodeExchange, error: Error): void {
    const message = 'Connection id "{ConnectionId}" bad request data: {Message}'
    this.#write(LogLevel.Debug, events.connectionBadRequest, error, message, connection.id, error.message)
  }

  requestRefused(connection: { readonly id: string }, statusCode: number): void {
    const message = 'Connection id "{ConnectionId}" bad request data: answered with {StatusCode}.'
    this.#write(LogLevel.Debug, events.connectionBadRequest, undefined, message, connection.id, statusCode)
  }

  requestAborted({ connection, traceIdentifier }: NodeExchange, error: unknown): void {
    const message = 'Connection id "{ConnectionId}", Request id "{TraceIdentifier}": The request was aborted by the client.'
    this.#write(LogLevel.Debug, events.requestAborted, asError(error), message, connection.id, traceIdentifier)
  }

  connectionRejected(limit: number): void {
    const message = 'A connection was closed because {Limit} are open. The limit is maxConcurrentConnections.'
    this.#write(LogLevel.Warning, events.connectionRejected, undefined, message, limit)
  }

  responseTooSlow({ id }: { readonly id: string }): void {
    const message = 'Connection id "{ConnectionId}" was closed because its client takes the response too slowly.'
    this.#write(LogLevel.Debug, events.responseTooSlow, undefined, message, id)
  }

  handshakeFailed(error: Error): void {
    this.#write(LogLevel.Debug, events.handshakeFailed, error, 'Failed to authenticate HTTPS connection.')
  }

  sessionFailed({ id }: { readonly id: string }, error: Error): void {
    this.#write(LogLevel.Debug, events.http2ConnectionError, error, 'Connection id "{ConnectionId}": HTTP/2 connection error.', id)
  }

  connectionsAborted(count: number): void {
    const message = '{Count} connection(s) were destroyed because they did not end within the time of the stop.'
    this.#write(LogLevel.Debug, events.notAllConnectionsAborted, undefined, message, count)
  }

  #write(level: LogLevel, event: EventId, error: Error | undefined, message: string, ...args: readonly unknown[]): void {
    try {
      if (error === undefined) this.#logger?.log(level, event, message, ...args)
      else this.#logger?.log(level, event, error, message, ...args)
    } catch {
      // A logger that fails has nobody here whom it could tell, and must not take a request or the process with it.
    }
  }
}

/** A logger tells what was thrown from a message by its type. */
function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(`A value that is no error was thrown: ${String(error)}`)
}
