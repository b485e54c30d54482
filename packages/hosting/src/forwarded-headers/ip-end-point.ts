import { isIP, isIPv6 } from 'node:net'

/** An address of the Internet with the port that was named with it. (.NET: IPEndPoint) */
export interface IpEndPoint {
  readonly address: string
  readonly port: number | undefined
}

const withPort = /^(?:\[(?<six>[^\]]*)\]|(?<four>[^:]*))(?::(?<port>\d{1,5}))?$/

/** Reads `1.2.3.4`, `1.2.3.4:80`, `::1`, `[::1]` and `[::1]:80`; undefined for anything else. */
export function parseIpEndPoint(text: string): IpEndPoint | undefined {
  if (isIP(text) !== 0) return { address: text, port: undefined }
  const { six, four, port } = withPort.exec(text)?.groups ?? {}
  if (six === undefined ? isIP(four ?? '') !== 4 : !isIPv6(six)) return undefined
  if (Number(port ?? 0) > 65_535) return undefined
  return { address: (six ?? four) as string, port: port === undefined ? undefined : Number(port) }
}

export function formatIpEndPoint({ address, port }: IpEndPoint): string {
  const host = isIPv6(address) ? `[${address}]` : address
  return `${host}:${port ?? 0}`
}
