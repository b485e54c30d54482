/** The times that matter for a connection, in milliseconds. */
export interface LivenessTimes {
  readonly mode: 'off' | 'pong' | 'ping'
  readonly interval: number
  readonly timeout: number
  readonly unreadTimeout: number
}

/** What is due: a PONG or a PING to be sent, or the end of a connection whose peer does not answer or whose application does not receive. */
export type Due = 'pong' | 'ping' | 'no answer' | 'unread' | undefined

const never = -1

/** Whether the peer of one socket gives signs of life, and its application receives. */
export class Liveness {
  /** Something has come from the peer since the last sweep. */
  heard = false
  #heardAt: number
  #pingedAt = never
  #pings = 0
  #fullSince = never
  #unreadThen = 0

  constructor(now: number) {
    this.#heardAt = now
  }

  /** What is due at this time, for a connection that is being read. */
  sweep(now: number, { mode, interval, timeout }: LivenessTimes): Due {
    if (mode === 'off') return undefined
    if (mode === 'pong') {
      if (now - this.#heardAt < interval) return undefined
      this.#heardAt = now
      return 'pong'
    }
    if (this.heard) {
      this.heard = false
      this.#heardAt = now
      this.#pingedAt = never
    }
    if (this.#pingedAt !== never) return now - this.#pingedAt >= timeout ? 'no answer' : undefined
    if (now - this.#heardAt < interval) return undefined
    this.#pingedAt = now
    return 'ping'
  }

  /** The same while the read-ahead is full, with so many bytes: nothing is heard of the peer, so its clock stands still; the application's runs. */
  sweepUnread(now: number, { unreadTimeout }: LivenessTimes, unread: number): Due {
    this.heard = true
    if (this.#fullSince !== never && unread === this.#unreadThen) return now - this.#fullSince >= unreadTimeout ? 'unread' : undefined
    this.#fullSince = now
    this.#unreadThen = unread
    return undefined
  }

  /** The connection is being read again. */
  resumed(): void {
    this.#fullSince = never
  }

  /** The payload of the next ping: a number that grows. */
  nextPing(): Buffer {
    const payload = Buffer.alloc(8)
    payload.writeUInt32BE(++this.#pings, 4)
    return payload
  }
}
