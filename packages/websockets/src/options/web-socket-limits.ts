/** Every limit of the WebSocket engine, in one place. Sizes are bytes, times milliseconds. */
export interface WebSocketLimits {
  /** The largest message that is received as a whole, and the largest inflated message on a socket that compresses; beyond it 1009. Can be set in `WebSocketOptions`. */
  readonly maxMessageSize: number
  /** How long a close waits for the peer's close frame and the end of its half of TCP. Can be set in `WebSocketOptions`. */
  readonly closeTimeout: number
  /** How long a full read-ahead may stay unread before the socket is aborted. Can be set in `WebSocketOptions`. */
  readonly unreadTimeout: number
  /** Nothing more is read from a connection while more than this is unread, ... */
  readonly readAhead: number
  /** ... until it has fallen below this. */
  readonly readAheadResume: number
  /** Unread chunks below this size are gathered in one buffer: a peer that sends single bytes costs single bytes. */
  readonly gatheredChunk: number
  /** Frames that follow the first one in a tick are gathered in a slab of this size. */
  readonly slab: number
  /** So many slabs may be under way in the process; beyond it frames are written one by one. */
  readonly slabs: number
  /** Payloads up to this size are copied when they are sent; larger ones are written from the caller's memory. */
  readonly copiedPayload: number
  /** So many messages one socket may receive in one turn of the event loop before the others get theirs. */
  readonly messagesPerTurn: number
  /** So long one socket may receive in one turn of the event loop. */
  readonly turn: number
  /** Messages up to this size are compressed in the call that sends them, and compressed ones expanded in the receive; larger ones in the thread pool. */
  readonly compressedInTurn: number
  /** What expands to more than this is expanded in the thread pool. */
  readonly expandedInTurn: number
  /** So long the process may compress in one turn of the event loop; what is sent after that waits for the next one. */
  readonly compressionTurn: number
  /** A message is compressed with a look at so many bytes of those before it. */
  readonly compressionHistory: number
  /** So many offers of `Sec-WebSocket-Extensions` are looked at. */
  readonly extensionOffers: number
}

const kibi = 1024
const mebi = 1024 * kibi

/** The defaults, which are the limits wherever `WebSocketOptions` does not say otherwise. */
export const WebSocketLimits: WebSocketLimits = Object.freeze({
  maxMessageSize: mebi,
  closeTimeout: 10_000,
  unreadTimeout: 120_000,
  readAhead: 64 * kibi,
  readAheadResume: 16 * kibi,
  gatheredChunk: 4 * kibi,
  slab: 64 * kibi,
  slabs: 128,
  copiedPayload: 16 * kibi,
  messagesPerTurn: 128,
  turn: 1,
  compressedInTurn: 16 * kibi,
  expandedInTurn: 64 * kibi,
  compressionTurn: 10,
  compressionHistory: 8 * kibi,
  extensionOffers: 16,
})
