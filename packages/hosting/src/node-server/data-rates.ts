import type { Duplex } from 'node:stream'
import { hostingErrors } from '../errors/hosting-errors.ts'
import type { MinDataRate } from './node-server-options.ts'
import type { RequestMessage } from './request-message.ts'

const sweepInterval = 1_000

interface Pace {
  /** Milliseconds in which the transfer was wanted. */
  elapsed: number
  bytes: number
}

/** A socket that counts what it has sent. */
type SendingSocket = Duplex & { readonly bytesWritten?: number }

/** Cuts off peers that send a body, or take a response, so slowly that they hold the server's memory for nothing. One timer looks at all of them. */
export class DataRates {
  readonly #requestRate: MinDataRate | null
  readonly #responseRate: MinDataRate | null
  readonly #requests = new Map<RequestMessage, Pace>()
  readonly #responses = new Map<SendingSocket, Pace & { readonly start: number }>()
  readonly #onResponseTooSlow: (socket: Duplex) => void
  #timer: NodeJS.Timeout | undefined

  constructor(requestRate: MinDataRate | null, responseRate: MinDataRate | null, onResponseTooSlow: (socket: Duplex) => void) {
    this.#requestRate = requestRate
    this.#responseRate = responseRate
    this.#onResponseTooSlow = onResponseTooSlow
  }

  /** The body is being read from now on. */
  watchRequest(message: RequestMessage): void {
    if (this.#requestRate === null || message.complete) return
    this.#requests.set(message, { elapsed: 0, bytes: 0 })
    this.#run()
  }

  /** Its request is over. What stayed until the next sweep would outlive the young generation, which costs a busy server more than all the rest of the body. */
  forgetRequest(message: RequestMessage): void {
    this.#requests.delete(message)
  }

  /** More was written than the peer has taken. */
  watchResponse(socket: SendingSocket): void {
    if (this.#responseRate === null || this.#responses.has(socket) || socket.bytesWritten === undefined) return
    this.#responses.set(socket, { elapsed: 0, bytes: 0, start: sentBytes(socket) })
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
    for (const [socket, pace] of this.#responses) {
      if (socket.destroyed || socket.writableLength === 0) {
        this.#responses.delete(socket)
      } else {
        pace.elapsed += sweepInterval
        pace.bytes = sentBytes(socket) - pace.start
        if (isTooSlow(pace, this.#responseRate!)) this.#onResponseTooSlow(socket)
      }
    }
    if (this.#requests.size + this.#responses.size === 0) this.stop()
  }
}

/** `bytesWritten` counts what waits in the process as well. */
function sentBytes(socket: SendingSocket): number {
  return socket.bytesWritten! - socket.writableLength
}

function isTooSlow({ elapsed, bytes }: Pace, { bytesPerSecond, gracePeriod }: MinDataRate): boolean {
  return elapsed > gracePeriod && (bytes * 1_000) / elapsed < bytesPerSecond
}
