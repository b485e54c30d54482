import type { Duplex } from 'node:stream'
import type { HttpExtendedConnectFeature } from '@windhover/core'
import { hostingErrors } from '../../errors/hosting-errors.ts'
import type { NodeExchange } from '../node-exchange.ts'
import { endTaken, Takeover } from '../takeover.ts'
import { type CountingStream, StreamReply } from './stream-reply.ts'

/** Answers for every request that is no extended CONNECT. */
export const noExtendedConnect: HttpExtendedConnectFeature = Object.freeze({
  isExtendedConnect: false,
  protocol: undefined,
  acceptAsync: () => Promise.reject(hostingErrors.notExtendedConnect()),
})

/**
 * The extended CONNECT of a stream (RFC 8441). `acceptAsync` answers 200, without an end, and hands over the stream itself. Its owner ends it with `end()`, which is END_STREAM; what ends in
 * another way resets it.
 */
export class StreamTunnel extends Takeover implements HttpExtendedConnectFeature {
  readonly isExtendedConnect: boolean = true
  readonly protocol: string
  readonly #stream: CountingStream

  constructor(stream: CountingStream, protocol: string) {
    super(200)
    this.#stream = stream
    this.protocol = protocol
  }

  openReply(): StreamReply {
    return new StreamReply(this.#stream)
  }

  acceptAsync(): Promise<Duplex> {
    return this.takeAsync('acceptAsync()')
  }

  protected open(exchange: NodeExchange): Duplex {
    const reply = this.openReply()
    const { headers } = exchange.response
    reply.writeHead(200, '', headers.rawHeaders)
    reply.flushHeaders()
    headers.compact()
    return this.#stream.on('end', () => exchange.peerEnded())
  }

  protected close({ engine, connection, failure }: NodeExchange): void {
    if (failure !== undefined && !this.#stream.writableEnded) connection.abort()
    else endTaken(this.#stream, engine.options.limits.upgradedCloseTimeout, () => connection.endSoon())
  }
}
