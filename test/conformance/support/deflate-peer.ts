import { constants, deflateRawSync, inflateRawSync } from 'node:zlib'

const options = { finishFlush: constants.Z_SYNC_FLUSH }
const flushMarker = Buffer.from([0, 0, 0xff, 0xff])

/** A client that does what was agreed on (RFC 7692 section 7.1), and nothing more: it cannot expand what a server sends beyond it. */
export class DeflatePeer {
  readonly #sent: Direction
  readonly #received: Direction

  /** `agreed` is the value of the server's `Sec-WebSocket-Extensions`. */
  constructor(agreed: string) {
    this.#sent = new Direction(agreed, 'client')
    this.#received = new Direction(agreed, 'server')
  }

  deflate(payload: Buffer): Buffer {
    const { windowBits, dictionary } = this.#sent
    const deflated = deflateRawSync(payload, { ...options, windowBits, ...dictionary }).subarray(0, -flushMarker.length)
    this.#sent.remember(payload)
    return deflated
  }

  inflate(deflated: Buffer): Buffer {
    const { windowBits, dictionary } = this.#received
    const payload = inflateRawSync(Buffer.concat([deflated, flushMarker]), { ...options, windowBits, ...dictionary })
    this.#received.remember(payload)
    return payload
  }
}

/** The context of one direction: the last bytes that it may refer to. */
class Direction {
  readonly windowBits: number
  readonly #takesOver: boolean
  #history: Buffer = Buffer.alloc(0)

  constructor(agreed: string, side: 'client' | 'server') {
    this.windowBits = Number(new RegExp(`${side}_max_window_bits=(\\d+)`).exec(agreed)?.[1] ?? 15)
    this.#takesOver = !agreed.includes(`${side}_no_context_takeover`)
  }

  get dictionary(): { dictionary?: Buffer } {
    return this.#history.length === 0 ? {} : { dictionary: this.#history }
  }

  remember(payload: Buffer): void {
    if (this.#takesOver) this.#history = Buffer.concat([this.#history, payload]).subarray(-(1 << this.windowBits))
  }
}
