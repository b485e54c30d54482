import { hostingErrors } from '../errors/hosting-errors.ts'
import type { ExchangeConnection } from './exchange-connection.ts'
import type { IncomingRequest } from './incoming-request.ts'
import type { MinDataRate } from './node-server-options.ts'

const sweepInterval = 1_000

interface Pace {
  /** Milliseconds in which the transfer was wanted. */
  elapsed: number
  bytes: number
}

/** Cuts off peers that send a body, or take a response, so slowly that they hold the server's memory for nothing. One timer looks at all of them. */
export class DataRates {
  readonly #requestRate: MinDataRate | null
  readonly #responseRate: MinDataRate | null
  readonly #requests = new Map<IncomingRequest, Pace>()
  readonly #responses = new Map<ExchangeConnection, Pace & { readonly start: number }>()
  readonly #onResponseTooSlow: (connection: ExchangeConnection) => void
  #timer: NodeJS.Timeout | undefined

  constructor(
    requestRate: MinDataRate | null,
    responseRate: MinDataRate | null,
    onResponseTooSlow: (connection: ExchangeConnection) => void,
  ) {
    this.#requestRate = requestRate
    this.#responseRate = responseRate
    this.#onResponseTooSlow = onResponseTooSlow
  }

  /** The body is being read from now on. */
  watchRequest(message: IncomingRequest): void {
    if (this.#requestRate === null || message.complete) return
    this.#requests.set(message, { elapsed: 0, bytes: 0 })
    this.#run()
  }

  /** Its request is over. What stayed until the next sweep would outlive the young generation, which costs a busy server more than all the rest of the body. */
  forgetRequest(message: IncomingRequest): void {
    this.#requests.delete(message)
  }

  /** More was written than the peer has taken. */
  watchResponse(connection: ExchangeConnection): void {
    if (this.#responseRate === null || this.#responses.has(connection) || connection.socket.bytesWritten === undefined) return
    this.#responses.set(connection, { elapsed: 0, bytes: 0, start: sentBytes(connection) })
    this.#run()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #run(): void {
    this.#timer ??= setInterval(() => this.#sweep(), sweepInterval).unref()
  }

  #sweep(): void {
    for (const [message, pace] of this.#requests) {
      if (message.complete || message.destroyed) {
        this.#requests.delete(message)
      } else if (message.isBodyAwaited) {
        pace.elapsed += sweepInterval
        pace.bytes = message.bodyBytesReceived
        if (isTooSlow(pace, this.#requestRate!)) message.destroy(hostingErrors.requestBodyTooSlow(this.#requestRate!.bytesPerSecond))
      }
    }
    for (const [connection, pace] of this.#responses) {
      if (connection.socket.destroyed || connection.socket.writableLength === 0) {
        this.#responses.delete(connection)
      } else {
        pace.elapsed += sweepInterval
        pace.bytes = sentBytes(connection) - pace.start
        if (isTooSlow(pace, this.#responseRate!)) this.#onResponseTooSlow(connection)
      }
    }
    if (this.#requests.size + this.#responses.size === 0) this.stop()
  }
}

/** `bytesWritten` counts what waits in the process as well. */
function sentBytes({ socket }: ExchangeConnection): number {
  return socket.bytesWritten! - socket.writableLength
}

function isTooSlow({ elapsed, bytes }: Pace, { bytesPerSecond, gracePeriod }: MinDataRate): boolean {
  return elapsed > gracePeriod && (bytes * 1_000) / elapsed < bytesPerSecond
}
