import { randomInt } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { type ReceivedFrame, takeFrames } from '../../conformance/support/frames.ts'
import { handshakeBytes, type RawHandshakeOptions } from '../../support/raw-handshake.ts'

export interface Answer {
  readonly status: number
  /** The status line and the header lines. */
  readonly head: string
  readonly body: string
}

/** The attacker's end of a connection: it writes any bytes, and reads answers and frames. It keeps no rule unless told to. */
export class Peer {
  readonly connection: Duplex
  #bytes: Buffer = Buffer.alloc(0)
  #frames: ReceivedFrame[] = []
  #hasEnded = false
  #wake = (): void => {}

  constructor(connection: Duplex) {
    this.connection = connection
    connection.on('data', (chunk: Buffer) => {
      this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk])
      this.#wake()
    })
    const end = (): void => {
      this.#hasEnded = true
      this.#wake()
    }
    connection.on('end', end).on('error', end).on('close', end)
  }

  /** True when the server has ended its side, or the connection is gone. */
  get hasEnded(): boolean {
    return this.#hasEnded
  }

  send(...parts: readonly (string | Uint8Array)[]): this {
    const bytes = Buffer.concat(parts.map(part => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)))
    if (this.connection.writable) this.connection.write(bytes)
    return this
  }

  /** Sends the same bytes again and again, as fast as the server takes them, until the connection ends or enough has gone. Gives the number of bytes. */
  async floodAsync(bytes: Uint8Array, isEnough: (sent: number) => boolean): Promise<number> {
    const { connection } = this
    const wake = (): void => this.#wake()
    connection.on('drain', wake)
    let sent = 0
    for (; connection.writable && !this.#hasEnded && !isEnough(sent); sent += bytes.length) {
      if (!connection.write(bytes)) await this.#more()
    }
    while (connection.writableLength > 0 && connection.writable && !this.#hasEnded) await this.#more()
    connection.off('drain', wake)
    return sent
  }

  /** Shakes hands; rejects when the answer is not 101. */
  async upgradeAsync(options?: RawHandshakeOptions): Promise<this> {
    this.send(handshakeBytes(options))
    const { status, head } = await this.answerAsync()
    if (status !== 101) throw new Error(`The handshake was refused: ${head}`)
    return this
  }

  /** Stops to look at what comes, but goes on to read it. */
  ignore(): this {
    this.connection.removeAllListeners('data').resume()
    return this
  }

  /** The next HTTP response. */
  async answerAsync(): Promise<Answer> {
    const head = (await this.#untilAsync('\r\n\r\n')).toString('latin1')
    const status = Number(head.split(' ', 2)[1])
    if (status === 101) return { status, head, body: '' }
    if (/^transfer-encoding: chunked/im.test(head)) return { status, head, body: await this.#chunksAsync() }
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0)
    await this.#moreUntil('the body of a response', () => this.#bytes.length >= length)
    return { status, head, body: this.#take(length).toString() }
  }

  async #chunksAsync(): Promise<string> {
    let body = ''
    for (;;) {
      const size = Number.parseInt((await this.#untilAsync('\r\n')).toString('latin1'), 16)
      await this.#moreUntil('the rest of a chunk', () => this.#bytes.length >= size + 2)
      const chunk = this.#take(size + 2).toString('utf8', 0, size)
      if (size === 0) return body
      body += chunk
    }
  }

  /** The next frame; undefined when the connection has ended. */
  async frameAsync(): Promise<ReceivedFrame | undefined> {
    while (!this.#takeFrames() && !this.#hasEnded) await this.#more()
    return this.#frames.shift()
  }

  /** The code of the server's close frame, 1005 for an empty one; undefined when the connection ended without. What comes before it is dropped. */
  async closeCodeAsync(): Promise<number | undefined> {
    for (;;) {
      const frame = await this.frameAsync()
      if (frame === undefined) return undefined
      if (frame.opcode === 8) return frame.payload.length === 0 ? 1005 : frame.payload.readUInt16BE(0)
    }
  }

  async endedAsync(): Promise<void> {
    while (!this.#hasEnded) await this.#more()
  }

  #takeFrames(): boolean {
    if (this.#frames.length === 0) this.#take(takeFrames(this.#bytes, this.#frames))
    return this.#frames.length > 0
  }

  async #untilAsync(mark: string): Promise<Buffer> {
    await this.#moreUntil(JSON.stringify(mark), () => this.#bytes.includes(mark))
    return this.#take(this.#bytes.indexOf(mark) + mark.length)
  }

  async #moreUntil(what: string, holds: () => boolean): Promise<void> {
    while (!holds()) {
      if (this.#hasEnded)
        throw new Error(`The connection ended before ${what}. It brought ${JSON.stringify(this.#bytes.toString('latin1'))}.`)
      await this.#more()
    }
  }

  #more(): Promise<void> {
    return new Promise(resolve => {
      this.#wake = resolve
    })
  }

  #take(length: number): Buffer {
    const taken = this.#bytes.subarray(0, length)
    this.#bytes = this.#bytes.subarray(length)
    return taken
  }

  /** Ends this side: FIN. */
  end(): void {
    this.connection.end()
  }

  /** Ends the connection by RST. */
  reset(): void {
    ;(this.connection as Duplex & { resetAndDestroy(): void }).resetAndDestroy()
  }

  destroy(): void {
    this.connection.destroy()
  }

  /** Leaves in one of the ways in which peers leave. */
  leave(): void {
    ;[() => this.end(), () => this.reset(), () => this.destroy()][randomInt(3)]!()
  }
}
