import { atLeast } from '../limit.ts'

/**
 * What one connection of HTTP/2 may ask of the server (RFC 9113). A peer that goes beyond is answered with the error of HTTP/2 for it, RST_STREAM for its stream or GOAWAY for its
 * connection; the other connections do not notice. (ASP.NET Core: Http2Limits)
 */
export interface Http2Limits {
  /** Requests at a time; a further one is refused with REFUSED_STREAM. Default 100. */
  maxStreamsPerConnection?: number
  /** Bytes of the table that compresses headers (HPACK), each way. Default 4,096. */
  headerTableSize?: number
  /** Bytes of the largest frame that is taken, 16,384 to 16,777,215. Default 16,384. */
  maxFrameSize?: number
  /** Bytes that a client may send on all streams of a connection before anybody has read them, at least 65,535. Default 1 MiB. */
  initialConnectionWindowSize?: number
  /** The same for one stream. Default 768 KiB. */
  initialStreamWindowSize?: number
  /** Bytes that the session of a connection may hold for headers, settings and what waits to be sent; new streams are refused above. Rounded up to megabytes. Default 10,000,000. */
  maxSessionMemory?: number
  /** Entries of one SETTINGS frame; more end the connection. Default 32. */
  maxSettings?: number
  /** Frames that make no sense, such as those of streams that are over; more end the connection. Default 1,000. */
  maxInvalidFrames?: number
  /** Streams that were opened above a limit and refused; more end the connection. Default 100. */
  maxRejectedStreams?: number
  /** Streams that a client may open and reset at once (rapid reset, CVE-2023-44487); more end the connection. Default 1,000. Node 20 has this default and cannot change it. */
  streamResetBurst?: number
  /** How many of these it gets back each second. Default 33. Node 20 has this default and cannot change it. */
  streamResetRate?: number
}

export function resolveHttp2Limits(limits: Http2Limits = {}): Readonly<Required<Http2Limits>> {
  const number = (name: keyof Http2Limits, minimum: number, otherwise: number): number =>
    atLeast(minimum, `http2.${name}`, limits[name] ?? undefined, otherwise)!
  return Object.freeze({
    maxStreamsPerConnection: number('maxStreamsPerConnection', 1, 100),
    headerTableSize: number('headerTableSize', 0, 4_096),
    maxFrameSize: number('maxFrameSize', 16_384, 16_384),
    initialConnectionWindowSize: number('initialConnectionWindowSize', 65_535, 1024 * 1024),
    initialStreamWindowSize: number('initialStreamWindowSize', 65_535, 768 * 1024),
    maxSessionMemory: number('maxSessionMemory', 1_000_000, 10_000_000),
    maxSettings: number('maxSettings', 1, 32),
    maxInvalidFrames: number('maxInvalidFrames', 1, 1_000),
    maxRejectedStreams: number('maxRejectedStreams', 1, 100),
    streamResetBurst: number('streamResetBurst', 1, 1_000),
    streamResetRate: number('streamResetRate', 1, 33),
  })
}
