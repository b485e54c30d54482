/** What the sockets of a test run over. The files below `transports` set it before anything connects. */
export type TransportName = 'http1' | 'tls' | 'http2'

let current: TransportName = 'http1'

export function useTransport(name: TransportName): void {
  current = name
}

export const transport = {
  get name(): TransportName {
    return current
  },
  get isSecure(): boolean {
    return current === 'tls'
  },
  get isHttp2(): boolean {
    return current === 'http2'
  },
}
