import { STATUS_CODES } from 'node:http'
import { httpDate } from './http-date.ts'

/** What Node's parser has to say about bytes that are no request. */
export interface ParserError extends Error {
  readonly code?: string
  readonly reason?: string
  readonly rawPacket?: Buffer
  /** How much of the packet the parser has read. */
  readonly bytesParsed?: number
}

const statusByCode = new Map([
  ['ERR_HTTP_REQUEST_TIMEOUT', 408],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 413],
  ['HPE_HEADER_OVERFLOW', 431],
])

/** The parser's words for a request line whose last part is no version that it knows. */
const unknownVersion = /^(Invalid (HTTP|major|minor) version|Expected (HTTP\/|dot))/
/** Kestrel takes what has the length of a version for one that it does not know, and anything else for a malformed line. */
const versionSized = /^\S+ +\S+ +\S{7,8}\r?$/

/** The status that an error of Node's parser is answered with; undefined when the connection itself has failed, so that nobody hears an answer. */
export function statusOfClientError(error: ParserError, maxRequestLineSize: number): number | undefined {
  const { code = '', reason = '', rawPacket } = error
  if (code === 'HPE_HEADER_OVERFLOW' && rawPacket !== undefined && !endsLine(rawPacket, maxRequestLineSize)) return 414
  if (unknownVersion.test(reason)) return versionSized.test(lineAt(error)) ? 505 : 400
  return statusByCode.get(code) ?? (code.startsWith('HPE_') ? 400 : undefined)
}

/** The line that the parser could not read: not always the first, because requests may come several in a packet. */
function lineAt({ rawPacket = Buffer.alloc(0), bytesParsed = 0 }: ParserError): string {
  const begin = bytesParsed === 0 ? 0 : rawPacket.lastIndexOf('\n', bytesParsed - 1) + 1
  const end = rawPacket.indexOf('\n', begin)
  return rawPacket.toString('latin1', begin, end < 0 ? undefined : end)
}

function endsLine(packet: Buffer, size: number): boolean {
  const end = packet.indexOf('\n')
  return end >= 0 && end <= size
}

/** The parser's word for a client that begins with HTTP/2. */
export const http2Preface = 'HPE_PAUSED_H2_UPGRADE'

/** GOAWAY with HTTP_1_1_REQUIRED (RFC 9113 section 6.8), as Kestrel sends it. */
export const http11Required: Buffer = Buffer.from(`0000080700${'00'.repeat(8)}0000000d`, 'hex')

/** A whole response without a body, for a request that never became one. */
export function emptyAnswer(statusCode: number): string {
  return `HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode]}\r\nContent-Length: 0\r\nConnection: close\r\nDate: ${httpDate()}\r\n\r\n`
}
