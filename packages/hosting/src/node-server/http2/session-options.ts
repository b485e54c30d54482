import { constants, type ServerOptions } from 'node:http2'
import type { ResolvedNodeServerLimits } from '../node-server-options.ts'

/** What Node has from version 20.19 or 22 on, and its types not everywhere. */
interface LaterOptions {
  readonly streamResetBurst: number
  readonly streamResetRate: number
}

/** Method, path, scheme, authority, protocol and status. */
const pseudoHeaders = 6

/**
 * Every limit of `node:http2`, so that none is left to its version. A head above the server's limits is let in up to twice their size, because only what has come in can be answered
 * with 431.
 */
export function sessionOptions({
  maxRequestHeaderCount,
  maxRequestHeadersTotalSize,
  http2,
}: ResolvedNodeServerLimits): ServerOptions & LaterOptions {
  return Object.freeze({
    settings: {
      headerTableSize: http2.headerTableSize,
      initialWindowSize: http2.initialStreamWindowSize,
      maxFrameSize: http2.maxFrameSize,
      maxConcurrentStreams: http2.maxStreamsPerConnection,
      maxHeaderListSize: maxRequestHeadersTotalSize * 2,
      enablePush: false,
      enableConnectProtocol: true,
    },
    maxDeflateDynamicTableSize: http2.headerTableSize,
    maxHeaderListPairs: maxRequestHeaderCount * 2 + pseudoHeaders,
    maxSettings: http2.maxSettings,
    maxSessionMemory: Math.ceil(http2.maxSessionMemory / 1_000_000),
    maxSessionInvalidFrames: http2.maxInvalidFrames,
    maxSessionRejectedStreams: http2.maxRejectedStreams,
    streamResetBurst: http2.streamResetBurst,
    streamResetRate: http2.streamResetRate,
    maxOutstandingPings: 10,
    peerMaxConcurrentStreams: http2.maxStreamsPerConnection,
    paddingStrategy: constants.PADDING_STRATEGY_NONE,
  })
}
