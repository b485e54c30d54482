import { once } from 'node:events'
import { connect, type NetConnectOpts, type Socket } from 'node:net'

/** A TCP client that writes bytes as they are and waits for what comes. */
export class RawClient {
  readonly socket: Socket
  #text = ''
  #isEnded = false
  #wake = (): void => {}

  private constructor(socket: Socket) {
    this.socket = socket
    const end = (): void => {
      this.#isEnded = true
      this.#wake()
    }
    socket.setEncoding('latin1').on('data', text => {
      this.#text += text
      this.#wake()
    })
    // A reset is an end as well: what came before it is what counts.
    socket.on('end', end).on('error', end).on('close', end)
  }

  static async connectAsync(where: number | NetConnectOpts): Promise<RawClient> {
    const socket = typeof where === 'number' ? connect({ port: where, host: '127.0.0.1', allowHalfOpen: true }) : connect(where)
    await once(socket, 'connect')
    return new RawClient(socket)
  }

  /** What has come and was not taken yet. */
  get text(): string {
    return this.#text
  }

  send(bytes: string | Uint8Array): void {
    if (typeof bytes === 'string') this.socket.write(bytes, 'latin1')
    else this.socket.write(bytes)
  }

  /** Waits until what has come contains `mark`, and takes everything up to its end. Rejects when the connection ends before. */
  async untilAsync(mark: string): Promise<string> {
    // What was looked through is not looked through again: a body of megabytes comes in hundreds of pieces.
    for (let from = 0; ; from = Math.max(0, this.#text.length - mark.length + 1), await this.#more()) {
      const at = this.#text.indexOf(mark, from)
      if (at >= 0) {
        const taken = this.#text.slice(0, at + mark.length)
        this.#text = this.#text.slice(at + mark.length)
        return taken
      }
      if (this.#isEnded) throw new Error(`The connection ended before ${JSON.stringify(mark)} came, after ${JSON.stringify(this.#text)}.`)
    }
  }

  /** Everything that comes until the server ends the connection. */
  async restAsync(): Promise<string> {
    while (!this.#isEnded) await this.#more()
    const rest = this.#text
    this.#text = ''
    return rest
  }

  #more(): Promise<void> {
    return new Promise(resolve => {
      this.#wake = resolve
    })
  }

  /** Ends this side only. */
  end(): void {
    this.socket.end()
  }

  /** Ends the connection by a RST. */
  reset(): void {
    this.socket.resetAndDestroy()
  }

  destroy(): void {
    this.socket.destroy()
  }
}
