import { createServer, isIPv4, isIPv6, type Server as NetServer, type Socket } from 'node:net'
import { hostingErrors } from '../errors/hosting-errors.ts'
import type { BindingAddress } from './binding-address.ts'

/** Takes over a connection that a listener has accepted. */
export type AcceptConnection = (socket: Socket) => void

type SocketOptions = { readonly path: string } | { readonly host: string; readonly port: number }

/** How often an address of both loopback families is tried before the free port of one counts as free in both. */
const sharedPortAttempts = 10

/** One socket that listens, and the address that it has got. */
export class Listener {
  readonly #server: NetServer
  /** With the port that was really bound. */
  readonly url: string

  private constructor(server: NetServer, url: string) {
    this.#server = server
    this.url = url
  }

  /** `origin` is the address without its port. Rejects with an I/O error. */
  static async startAsync(origin: string, where: SocketOptions, accept: AcceptConnection): Promise<Listener> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, accept)
    await new Promise<void>((resolve, reject) => {
      server.once('error', error => reject(hostingErrors.addressNotBound('port' in where ? `${origin}:${where.port}` : origin, error)))
      server.listen(where, resolve)
    })
    // Accepting can fail later too, when the process has no file descriptors left; the next connection may succeed again.
    server.on('error', () => {})
    const bound = server.address()
    return new Listener(server, typeof bound === 'object' && bound !== null ? `${origin}:${bound.port}` : origin)
  }

  /** Stops to listen; connections that were accepted stay. */
  close(): void {
    this.#server.close()
  }
}

/**
 * Listens as the address says: `localhost` on both loopback families, of which one may be missing (`onMissing` hears of it); `*`, `+` and other names on
 * every interface; a socket file; else on the one IP address. Rejects with an I/O error when the address is in use or not ours.
 */
export async function bindAsync(
  address: BindingAddress,
  accept: AcceptConnection,
  onMissing: (error: unknown) => void,
): Promise<Listener[]> {
  checkAddress(address)
  const { unixPipePath, host, port } = address
  const scheme = address.scheme.toLowerCase()
  if (unixPipePath !== undefined) return [await Listener.startAsync(`${scheme}://${host}`, { path: unixPipePath }, accept)]
  if (host.toLowerCase() === 'localhost') return bindLoopbackAsync(scheme, port, accept, onMissing)
  const ip = host.startsWith('[') ? host.slice(1, -1) : host
  if (isIPv4(ip) || isIPv6(ip)) return [await Listener.startAsync(`${scheme}://${host}`, { host: ip, port }, accept)]
  return [await bindAnyAsync(scheme, port, accept)]
}

async function bindLoopbackAsync(
  scheme: string,
  port: number,
  accept: AcceptConnection,
  onMissing: (error: unknown) => void,
): Promise<Listener[]> {
  const origin = `${scheme}://localhost`
  for (let attempt = 1; ; attempt++) {
    const listeners: Listener[] = []
    const failures: unknown[] = []
    let shared = port
    for (const host of ['127.0.0.1', '::1']) {
      try {
        const listener = await Listener.startAsync(origin, { host, port: shared }, accept)
        listeners.push(listener)
        shared = Number(listener.url.slice(origin.length + 1))
      } catch (error) {
        failures.push(error)
      }
    }
    const inUse = failures.find(isInUse)
    if (listeners.length > 0 && inUse === undefined) {
      for (const failure of failures) onMissing(failure)
      return listeners
    }
    for (const listener of listeners) listener.close()
    if (port !== 0 || inUse === undefined || attempt === sharedPortAttempts) throw inUse ?? failures[0]
  }
}

function isInUse(error: unknown): boolean {
  return ((error as Error).cause as NodeJS.ErrnoException).code === 'EADDRINUSE'
}

/** IPv6's wildcard takes IPv4 as well; without IPv6 it is IPv4's own. */
async function bindAnyAsync(scheme: string, port: number, accept: AcceptConnection): Promise<Listener> {
  try {
    return await Listener.startAsync(`${scheme}://[::]`, { host: '::', port }, accept)
  } catch (error) {
    if (isInUse(error)) throw error
    return Listener.startAsync(`${scheme}://0.0.0.0`, { host: '0.0.0.0', port }, accept)
  }
}

function checkAddress(address: BindingAddress): void {
  const { scheme, host, port, pathBase } = address
  const text = address.toString()
  if (!/^https?$/i.test(scheme)) throw hostingErrors.addressSchemeUnknown(text)
  if (pathBase !== '') throw hostingErrors.addressWithPath(text)
  if (address.isUnixPipe) return
  if (port < 0 || port > 65_535) throw hostingErrors.addressPortOutOfRange(text)
  const isLiteral = host.startsWith('[') ? isIPv6(host.slice(1, -1)) : /^[*+]$|^[A-Za-z0-9._-]+$/.test(host)
  if (!isLiteral) throw hostingErrors.addressHostMalformed(text)
}
