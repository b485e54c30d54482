import { randomBytes } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeflatePeer } from './support/deflate-peer.ts'
import { EchoServer } from './support/echo-server.ts'
import { Echoes } from './support/echoes.ts'
import { binary, close, opcodes, text } from './support/frames.ts'

const kibi = 1024
const takeover = 'permessage-deflate; client_max_window_bits'
const negotiations: [name: string, offer: string][] = [
  ['contexts that last', takeover],
  [
    'a new context for each message and the smallest window',
    'permessage-deflate; client_no_context_takeover; client_max_window_bits; server_no_context_takeover; server_max_window_bits=9',
  ],
]

/** What compresses well, a little, and not at all; each longer than the largest window. */
const kinds: Record<string, Buffer> = {
  'the same again and again': Buffer.alloc(160 * kibi, 'The quick brown fox jumps over the lazy dog. '),
  'text in several scripts': Buffer.from(
    Array.from({ length: 9000 }, (_, i) => `${(i * 7919) % 10_007} größer ${i % 13} κόσμε Привет;`).join('\n'),
  ),
  'a picture with grain': Buffer.from(
    Uint8Array.from({ length: 160 * kibi }, (_, i) => 128 + 90 * Math.sin((i % 512) / 40) + ((i * 7919) % 11)),
  ),
  noise: randomBytes(160 * kibi),
  'data that is compressed already': deflateRawSync(randomBytes(90 * kibi).toString('hex')),
  zeros: Buffer.alloc(160 * kibi),
}
const sizes = [1, 16, 64, 256, kibi, 4 * kibi, 8 * kibi, 16 * kibi, 32 * kibi, 64 * kibi, 128 * kibi]

describe.each(['buffer loop', 'message loop'] as const)('much traffic under permessage-deflate (RFC 7692 section 7.2), %s', loop => {
  let server: EchoServer

  beforeAll(async () => {
    server = await EchoServer.startAsync(loop)
  })
  afterAll(() => server.stopAsync())

  describe.each(negotiations)('with %s', (_, offer) => {
    it.each(Object.keys(kinds))('echoes %s in messages of 1 byte to 128 KiB', async kind => {
      const data = kinds[kind]!
      const messages = sizes.flatMap(size => [0, 1, 2].map(i => slice(data, i * 40_503, size)))
      await expectEchoes(offer, messages, opcodes.binary)
    })

    it.each([0, 16, 64, 1000])('echoes 1,000 texts of %i bytes', async size => {
      const data = kinds['text in several scripts']!
      const messages = Array.from({ length: 1000 }, (_, i) => wholeCharacters(slice(data, i * size, size)))
      await expectEchoes(offer, messages, opcodes.text)
    })
  })

  it('echoes what would grow by the compression', async () => {
    await expectEchoes(
      takeover,
      [1, 2, 5, 100, 65_535, 65_536].map(size => randomBytes(size)),
      opcodes.binary,
    )
  })

  async function expectEchoes(offer: string, messages: Buffer[], opcode: number): Promise<void> {
    const { connection, agreed } = await server.openAsync(offer)
    const peer = new DeflatePeer(agreed!)
    const echoes = new Echoes(connection)
    for (const [i, message] of messages.entries()) {
      connection.write((opcode === opcodes.text ? text : binary)(peer.deflate(message), { rsv: 4 }))
      const echo = await echoes.nextAsync()
      expect(echo.opcode).toBe(opcode)
      const data = echo.isCompressed ? peer.inflate(echo.data) : echo.data
      if (!data.equals(message)) expect.fail(`The echo ${i} is wrong.`)
    }
    connection.end(close(1000))
    expect((await echoes.nextAsync()).opcode).toBe(opcodes.close)
    connection.destroy()
  }
})

/** The data is read as a ring. */
function slice(data: Buffer, from: number, size: number): Buffer {
  const at = from % data.length
  const part = data.subarray(at, at + size)
  return part.length === size ? part : Buffer.concat([part, data.subarray(0, size - part.length)])
}

function wholeCharacters(payload: Buffer): Buffer {
  return Buffer.from(payload.toString('utf8').replaceAll('\ufffd', 'x'))
}
