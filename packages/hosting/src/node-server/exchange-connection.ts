import type { Duplex } from 'node:stream'
import type { IncomingRequest } from './incoming-request.ts'
import type { ConnectionAddresses } from './node-connection.ts'

/** What an exchange needs of the connection that it came on: all of it for HTTP/1, one stream of it for HTTP/2. */
export interface ExchangeConnection {
  readonly id: string
  readonly scheme: 'http' | 'https'
  readonly addresses: ConnectionAddresses
  /** What the bytes of this exchange go through, and what closes when it is lost. */
  readonly socket: Duplex & { readonly bytesWritten?: number }
  /** The owner of an upgraded stream has ended it. */
  readonly isEndedHere: boolean
  /** No request may follow the response that is on its way. */
  closesWhenFinished: boolean
  nextRequestNumber(): number
  /** Sends what is written and ends: in the middle of a response, so that the client can tell. */
  endSoon(isPeerSending?: boolean): void
  /** Ends at once. */
  abort(): void
  /** The response is out, but the body of the request is still coming. */
  drainBody(message: IncomingRequest): void
  /** The delegate has ended. */
  end(): void
}
