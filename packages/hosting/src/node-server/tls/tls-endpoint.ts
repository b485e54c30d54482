import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { TLSSocket, type TLSSocketOptions } from 'node:tls'
import type { HttpEngine } from '../http-engine.ts'
import { HttpProtocol, HttpProtocols } from '../http-protocols.ts'
import { atLeast } from '../limit.ts'
import type { OpenConnection } from '../open-connections.ts'
import type { HttpsOptions } from './https-options.ts'
import { SecureContexts } from './secure-contexts.ts'

const applicationProtocols: Record<HttpProtocols, string[]> = {
  http1: ['http/1.1'],
  http2: ['h2'],
  http1AndHttp2: ['h2', 'http/1.1'],
}

/**
 * Makes connections secure and hands them to the engine with the protocol that was agreed on (RFC 7301). It does not listen: whoever has a connection brings it. One whose handshake is under way counts as
 * open, and the stop of the server does not wait for it.
 */
export class TlsEndpoint {
  readonly #engine: HttpEngine
  readonly #protocols: HttpProtocols
  readonly #socketOptions: TLSSocketOptions
  readonly #handshakeTimeout: number

  /** Raises an invalid-operation error for a certificate that cannot be used. */
  constructor(engine: HttpEngine, options: HttpsOptions, protocols: HttpProtocols) {
    this.#engine = engine
    this.#protocols = protocols
    this.#handshakeTimeout = atLeast(1, 'handshakeTimeout', options.handshakeTimeout, 10_000)!
    const contexts = new SecureContexts(options)
    this.#socketOptions = {
      isServer: true,
      secureContext: contexts.default,
      ALPNProtocols: applicationProtocols[protocols],
      SNICallback: (serverName, done) => {
        try {
          done(null, contexts.select(serverName))
        } catch (error) {
          engine.log.handshakeFailed(error as Error)
          done(error as Error)
        }
      },
    }
  }

  accept(socket: Duplex): void {
    if (!this.#engine.admits(socket)) return
    const { connections, log } = this.#engine
    const secure: TLSSocket & { secureConnecting?: boolean } = new TLSSocket(socket as Socket, this.#socketOptions)
    const handshake: OpenConnection = { socket: secure, stop: () => secure.destroy() }
    const timer = setTimeout(() => secure.destroy(), this.#handshakeTimeout).unref()
    const onEnd = (): void => void secure.destroy()
    const onError = (error: Error): void => log.handshakeFailed(error)
    const onOver = (): void => {
      clearTimeout(timer)
      secure.off('end', onEnd).off('close', onOver)
      connections.delete(handshake)
    }
    connections.add(handshake)
    secure.on('end', onEnd).on('close', onOver).on('error', onError)
    secure.once('secure', () => {
      onOver()
      // As Node's own server does: a session of HTTP/2 would wait for it.
      secure.secureConnecting = false
      this.#secured(secure)
      secure.off('error', onError)
    })
  }

  #secured(socket: TLSSocket): void {
    const isHttp2 = socket.alpnProtocol === 'h2'
    // A client that does not negotiate speaks HTTP/1.1, which is not offered here.
    if (!isHttp2 && this.#protocols === HttpProtocols.Http2) socket.destroy()
    else this.#engine.accept(socket, undefined, isHttp2 ? HttpProtocol.Http2 : HttpProtocol.Http11)
  }
}
