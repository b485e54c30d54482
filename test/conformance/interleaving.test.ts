import type { Duplex } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeflatePeer } from './support/deflate-peer.ts'
import { EchoServer } from './support/echo-server.ts'
import { close, continuation, deflated, opcodes, ping, type ReceivedFrame, takeFrames, text } from './support/frames.ts'

/** What has been sent of a message when the ping comes, and what completes it. */
const messages: [name: string, begun: Buffer[], rest: Buffer[], whole: string, extensions?: string][] = [
  ['whose first fragment came', [text('one ', { fin: false })], [continuation('two')], 'one two'],
  [
    'of which two fragments came',
    [text('one ', { fin: false }), continuation('two ', { fin: false })],
    [continuation('three ', { fin: false }), continuation('four')],
    'one two three four',
  ],
  ['whose fragments are empty so far', [text('', { fin: false }), continuation('', { fin: false })], [continuation('all')], 'all'],
  ['that is cut within a character', [text(Buffer.of(0xe2, 0x82), { fin: false })], [continuation(Buffer.of(0xac))], '€'],
  [
    'that is compressed',
    [text(deflated('one two').subarray(0, 4), { fin: false, rsv: 4 })],
    [continuation(deflated('one two').subarray(4))],
    'one two',
    'permessage-deflate; server_no_context_takeover',
  ],
]

describe.each(['buffer loop', 'message loop'] as const)(
  'a ping is answered at once though the message around it goes on (RFC 6455 sections 5.4 and 5.5.2), %s',
  loop => {
    let server: EchoServer

    beforeAll(async () => {
      server = await EchoServer.startAsync(loop)
    })
    afterAll(() => server.stopAsync())

    it.each(messages)('within a message %s', async (_, begun, rest, whole, extensions) => {
      const { connection, agreed } = await server.openAsync(extensions)
      const frames = new Frames(connection)

      connection.write(Buffer.concat([...begun, ping('first')]))
      // The rest of the message is sent only when the answer is here.
      expect((await frames.untilAsync(opcodes.pong)).toString()).toBe('first')
      connection.write(Buffer.concat([...rest.slice(0, -1), ping('second')]))
      expect((await frames.untilAsync(opcodes.pong)).toString()).toBe('second')
      connection.write(Buffer.concat([...rest.slice(-1), close(1000)]))

      expect((await frames.untilAsync(opcodes.close)).readUInt16BE(0)).toBe(1000)
      expect(frames.messageCount).toBe(1)
      const data = agreed === undefined ? frames.data : new DeflatePeer(agreed).inflate(frames.data)
      expect(data.toString()).toBe(whole)
      connection.destroy()
    })
  },
)

class Frames {
  readonly #chunks: AsyncIterator<Buffer>
  readonly #received: ReceivedFrame[] = []
  #pending: Buffer = Buffer.alloc(0)
  /** The payloads of all data frames so far. */
  data: Buffer = Buffer.alloc(0)
  messageCount = 0

  constructor(connection: Duplex) {
    this.#chunks = connection[Symbol.asyncIterator]()
  }

  /** The payload of the next frame of this kind, which must be the next that is not of a message. */
  async untilAsync(opcode: number): Promise<Buffer> {
    for (;;) {
      const frame = await this.#nextAsync()
      if (frame.opcode === opcode) return frame.payload
      expect(frame.opcode).toBeLessThan(opcodes.close)
      this.data = Buffer.concat([this.data, frame.payload])
      if (frame.fin) this.messageCount++
    }
  }

  async #nextAsync(): Promise<ReceivedFrame> {
    for (;;) {
      const frame = this.#received.shift()
      if (frame !== undefined) return frame
      const { value, done } = await this.#chunks.next()
      if (done === true) throw new Error('The connection has ended.')
      const bytes = Buffer.concat([this.#pending, value])
      this.#pending = bytes.subarray(takeFrames(bytes, this.#received))
    }
  }
}
