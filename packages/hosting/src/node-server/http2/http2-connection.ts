import { constants, type ServerHttp2Session } from 'node:http2'
import type { Duplex } from 'node:stream'
import { setImmediate } from 'node:timers'
import { connectionId, takeConnectionNumber } from '../connection-number.ts'
import type { ConnectionAddresses } from '../node-connection.ts'
import type { ResolvedNodeServerLimits } from '../node-server-options.ts'
import type { OpenConnection } from '../open-connections.ts'
import { ResetBudget } from './reset-budget.ts'

/** A connection of HTTP/2: many streams, one session. */
export class Http2Connection implements OpenConnection {
  readonly socket: Duplex & ConnectionAddresses & { readonly encrypted?: boolean; destroySoon?(): void }
  readonly session: ServerHttp2Session
  readonly #number = takeConnectionNumber()
  readonly #addresses: ConnectionAddresses | undefined
  readonly #keepAliveTimeout: number
  readonly #resets: ResetBudget
  #exchanges = 0
  #isCalmed = false
  #timer: NodeJS.Timeout

  constructor(socket: Duplex, session: ServerHttp2Session, addresses: ConnectionAddresses | undefined, limits: ResolvedNodeServerLimits) {
    this.socket = socket
    this.session = session
    this.#addresses = addresses
    this.#keepAliveTimeout = limits.keepAliveTimeout
    this.#resets = new ResetBudget(limits.http2.streamResetBurst, limits.http2.streamResetRate)
    // A peer that has not even said that it speaks HTTP/2 gets the time of a request's head.
    this.#timer = setTimeout(() => session.destroy(), limits.requestHeadersTimeout).unref()
    session.once('remoteSettings', () => this.#idle())
    // Half a connection is none for HTTP/2, and nobody else looks at the end of a socket that may be half-open.
    socket.once('end', () => session.destroy())
  }

  get id(): string {
    return connectionId(this.#number)
  }

  get scheme(): 'http' | 'https' {
    return this.socket.encrypted === true ? 'https' : 'http'
  }

  get addresses(): ConnectionAddresses {
    return this.#addresses ?? this.socket
  }

  exchangeBegins(): void {
    this.#exchanges++
    clearTimeout(this.#timer)
  }

  exchangeEnded(): void {
    this.#exchanges--
    this.#idle()
  }

  /** Nobody asks for anything: after a while the connection ends. */
  #idle(): void {
    clearTimeout(this.#timer)
    if (this.#exchanges === 0 && !this.session.destroyed) this.#timer = setTimeout(() => this.stop(), this.#keepAliveTimeout).unref()
  }

  /** The client has reset a stream before its answer was complete. */
  streamReset(): void {
    if (this.#isCalmed || this.#resets.take(performance.now())) return
    this.#isCalmed = true
    // Node ends the process when a session is destroyed while it reads, and this may be called from there.
    setImmediate(() => this.session.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM))
  }

  /** GOAWAY; streams that are open go on, and the connection ends behind the last one. */
  stop(): void {
    if (!this.session.closed && !this.session.destroyed) this.session.close()
  }

  /** The session is over. A peer that does not end its side of the socket is not waited for. */
  closed(): void {
    clearTimeout(this.#timer)
    if (this.socket.destroySoon !== undefined) this.socket.destroySoon()
    else this.socket.end(() => this.socket.destroy())
  }
}
