import type { Logger, LoggerFactory } from '@windhover/core'
import type { NodeConnection } from './node-connection.ts'
import type { NodeExchange } from './node-exchange.ts'

/** The category of what the server logs. (ASP.NET Core: Microsoft.AspNetCore.Server.Kestrel) */
export const serverCategory = 'Windhover.Server'

/** Kestrel's numbers. */
const events = {
  addressOverridden: 0,
  loopbackMissing: 0,
  applicationError: 13,
  connectionBadRequest: 17,
  requestAborted: 19,
  notAllConnectionsAborted: 21,
  connectionRejected: 24,
  responseTooSlow: 28,
}

/** What the server has to say about connections and requests. */
export class ServerLog {
  readonly #logger: Logger | undefined

  constructor(loggerFactory: LoggerFactory | undefined) {
    this.#logger = loggerFactory?.createLogger(serverCategory)
  }

  addressOverridden(overridden: readonly string[], used: string): void {
    this.#logger?.logWarning(
      events.addressOverridden,
      'Overriding address(es) "{Addresses}". Binding to {Used} instead.',
      overridden.join(', '),
      used,
    )
  }

  loopbackMissing(address: string, error: unknown): void {
    this.#logger?.logWarning(
      events.loopbackMissing,
      asError(error),
      'One of the two loopback interfaces is not available for {Address}.',
      address,
    )
  }

  applicationError({ connection, traceIdentifier }: NodeExchange, error: unknown): void {
    this.#logger?.logError(
      events.applicationError,
      asError(error),
      'Connection id "{ConnectionId}", Request id "{TraceIdentifier}": An unhandled exception was thrown by the application.',
      connection.id,
      traceIdentifier,
    )
  }

  badRequest({ connection }: NodeExchange, error: Error): void {
    this.#logger?.logDebug(
      events.connectionBadRequest,
      error,
      'Connection id "{ConnectionId}" bad request data: {Message}',
      connection.id,
      error.message,
    )
  }

  requestRefused(connection: NodeConnection, statusCode: number): void {
    this.#logger?.logDebug(
      events.connectionBadRequest,
      'Connection id "{ConnectionId}" bad request data: answered with {StatusCode}.',
      connection.id,
      statusCode,
    )
  }

  requestAborted({ connection, traceIdentifier }: NodeExchange, error: unknown): void {
    this.#logger?.logDebug(
      events.requestAborted,
      asError(error),
      'Connection id "{ConnectionId}", Request id "{TraceIdentifier}": The request was aborted by the client.',
      connection.id,
      traceIdentifier,
    )
  }

  connectionRejected(limit: number): void {
    this.#logger?.logWarning(
      events.connectionRejected,
      'A connection was closed because {Limit} are open. The limit is maxConcurrentConnections.',
      limit,
    )
  }

  responseTooSlow({ id }: NodeConnection): void {
    this.#logger?.logDebug(
      events.responseTooSlow,
      'Connection id "{ConnectionId}" was closed because its client takes the response too slowly.',
      id,
    )
  }

  connectionsAborted(count: number): void {
    this.#logger?.logDebug(
      events.notAllConnectionsAborted,
      '{Count} connection(s) were destroyed because they did not end within the time of the stop.',
      count,
    )
  }
}

/** A logger tells an exception from a message by its type. */
function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(`A value that is no error was thrown: ${String(error)}`)
}
