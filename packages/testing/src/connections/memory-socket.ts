import { Buffer } from 'node:buffer'
import { Duplex } from 'node:stream'
import { Wire } from './wire.ts'

/** The addresses that one end of a connection in memory reports, with the names of `net.Socket`. */
export interface MemorySocketAddresses {
  readonly localAddress: string
  readonly localPort: number
  readonly remoteAddress: string
  readonly remotePort: number
}

/**
 * One end of a connection in memory. It behaves like a `net.Socket` where a server or a client can tell: bytes arrive in a later turn, `end()` is a FIN that leaves
 * the other direction open, `destroy()` lets what was written arrive, `resetAndDestroy()` is an RST, and writing to a peer that is gone fails with EPIPE.
 * (`stream.duplexPair` does none of these on all lines of Node, and hands the peer the very buffer that was written.)
 */
export class MemorySocket extends Duplex implements MemorySocketAddresses {
  readonly localAddress: string
  readonly localPort: number
  readonly remoteAddress: string
  readonly remotePort: number
  readonly remoteFamily: string
  /** True lets a server take the connection for TLS: the scheme of its requests is `https`. */
  readonly encrypted: boolean
  #peer!: MemorySocket
  #outgoing!: Wire

  private constructor(addresses: MemorySocketAddresses, encrypted: boolean, allowHalfOpen: boolean) {
    super({ allowHalfOpen })
    this.localAddress = addresses.localAddress
    this.localPort = addresses.localPort
    this.remoteAddress = addresses.remoteAddress
    this.remotePort = addresses.remotePort
    this.remoteFamily = addresses.remoteAddress.includes(':') ? 'IPv6' : 'IPv4'
    this.encrypted = encrypted
  }

  /**
   * Both ends of a new connection. The addresses are those that the server's end reports. As with `node:net`, a client answers the end of the server with its own, while the
   * sockets of an HTTP server are half-open.
   */
  static pair(server: MemorySocketAddresses, encrypted = false): { client: MemorySocket; server: MemorySocket } {
    const serverEnd = new MemorySocket(server, encrypted, true)
    const clientEnd = new MemorySocket(
      {
        localAddress: server.remoteAddress,
        localPort: server.remotePort,
        remoteAddress: server.localAddress,
        remotePort: server.localPort,
      },
      encrypted,
      false,
    )
    serverEnd.#join(clientEnd)
    clientEnd.#join(serverEnd)
    return { client: clientEnd, server: serverEnd }
  }

  #join(peer: MemorySocket): void {
    this.#peer = peer
    this.#outgoing = new Wire(peer)
  }

  /** Ends the connection at once; the peer gets ECONNRESET, also in place of bytes that were still under way. */
  resetAndDestroy(): this {
    if (this.destroyed) return this
    this.#outgoing.reset(socketError('ECONNRESET', 'read'))
    return this.destroy()
  }

  /** Ends the connection when everything has been written. */
  destroySoon(): void {
    if (this.writable) this.end()
    if (this.writableFinished) this.destroy()
    else this.once('finish', () => this.destroy())
  }

  // What else servers and clients call on a socket has no meaning in memory.
  setNoDelay(): this {
    return this
  }

  setKeepAlive(): this {
    return this
  }

  setTimeout(): this {
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  override _read(): void {
    this.#peer.#outgoing.resume()
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    this.#send(chunk, done)
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error) => void): void {
    this.#send(Buffer.concat(chunks.map(({ chunk }) => chunk)), done, true)
  }

  #send(chunk: Buffer, done: (error?: Error) => void, owned = false): void {
    if (this.#peer.destroyed) {
      done(socketError('EPIPE', 'write'))
      return
    }
    // A copy, as the kernel makes one: the writer may reuse its memory as soon as the write is done.
    this.#outgoing.write(owned ? chunk : Buffer.from(chunk), done)
  }

  override _final(done: () => void): void {
    this.#outgoing.end()
    done()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#outgoing.end()
    this.#outgoing.release()
    this.#peer.#outgoing.release()
    done(error)
  }
}

function socketError(code: 'ECONNRESET' | 'EPIPE', syscall: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${syscall} ${code}`), { code, syscall })
}
