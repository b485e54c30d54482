import type { Duplex } from 'node:stream'
import { type ReceivedFrame, takeFrames } from './frames.ts'

export interface Echo {
  readonly opcode: number
  /** RSV1 of the first frame. */
  readonly isCompressed: boolean
  readonly data: Buffer
}

/** The messages and control frames of a server, one after the other, their fragments joined. */
export class Echoes {
  readonly #chunks: AsyncIterator<Buffer>
  readonly #frames: ReceivedFrame[] = []
  #pending: Buffer[] = []
  #size = 0
  #wanted = 0

  constructor(connection: Duplex) {
    this.#chunks = connection[Symbol.asyncIterator]()
  }

  async nextAsync(): Promise<Echo> {
    const parts: ReceivedFrame[] = []
    for (;;) {
      parts.push(await this.#frameAsync())
      const { opcode, rsv } = parts[0]!
      if (parts.at(-1)!.fin) return { opcode, isCompressed: rsv === 4, data: Buffer.concat(parts.map(({ payload }) => payload)) }
    }
  }

  async #frameAsync(): Promise<ReceivedFrame> {
    for (;;) {
      const frame = this.#frames.shift()
      if (frame !== undefined) return frame
      const { value, done } = await this.#chunks.next()
      if (done === true) throw new Error('The connection has ended.')
      this.#pending.push(value)
      this.#size += value.length
      if (this.#size >= this.#wanted) this.#take()
    }
  }

  /** A large frame is joined each time that what has come has doubled, not with every piece. */
  #take(): void {
    const all = Buffer.concat(this.#pending)
    const rest = all.subarray(takeFrames(all, this.#frames))
    this.#pending = [rest]
    this.#size = rest.length
    this.#wanted = this.#frames.length > 0 ? 0 : Math.min(2 * rest.length, rest.length + lengthOf(rest))
  }
}

/** How much of the frame that begins here is missing at the most; 0 when that is not known. */
function lengthOf(bytes: Buffer): number {
  if (bytes.length < 10 || (bytes[1]! & 0x7f) < 127) return 0
  return Math.max(0, Number(bytes.readBigUInt64BE(2)) + 10 - bytes.length)
}
