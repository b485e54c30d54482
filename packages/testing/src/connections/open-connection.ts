import { MemorySocket, type MemorySocketAddresses } from './memory-socket.ts'

/** The addresses that the application sees of a connection, with the names of `context.connection`. */
export interface ConnectionOptions {
  /** Default: that of the server's options. */
  remoteIpAddress?: string
  /** Default: a port that no other connection has. */
  remotePort?: number
  /** Default `127.0.0.1`. */
  localIpAddress?: string
  /** Default: the port of the base address. */
  localPort?: number
}

const firstPort = 49_152
const lastPort = 65_535
let nextPort = firstPort

/** Both ends of a connection from a port of its own, as the system gives one to each client, to the port of the base address. */
export function openConnection(
  { baseAddress, remoteIpAddress }: { readonly baseAddress: string; readonly remoteIpAddress: string },
  options: ConnectionOptions = {},
): { client: MemorySocket; server: MemorySocket } {
  const { protocol, port } = new URL(baseAddress)
  const isSecure = protocol === 'https:'
  const addresses: MemorySocketAddresses = {
    localAddress: options.localIpAddress ?? '127.0.0.1',
    localPort: options.localPort ?? (port === '' ? (isSecure ? 443 : 80) : Number(port)),
    remoteAddress: options.remoteIpAddress ?? remoteIpAddress,
    remotePort: options.remotePort ?? nextPort,
  }
  nextPort = nextPort === lastPort ? firstPort : nextPort + 1
  const pair = MemorySocket.pair(addresses, isSecure)
  // Whoever uses the client's end learns of its death in his own way; an error that comes when nobody uses it must not end the process.
  pair.client.on('error', () => {})
  return pair
}
