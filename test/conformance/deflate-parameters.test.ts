import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeflatePeer } from './support/deflate-peer.ts'
import { EchoServer } from './support/echo-server.ts'
import { Echoes } from './support/echoes.ts'
import { binary, close, continuation, opcodes, text } from './support/frames.ts'

const offer = 'permessage-deflate; client_no_context_takeover; client_max_window_bits'
const answer = 'permessage-deflate; client_no_context_takeover; client_max_window_bits=15'
/** What clients ask for, and what they get: takeover and window, each on both sides. */
const negotiations: [offer: string, answer: string][] = [
  ['permessage-deflate', 'permessage-deflate'],
  ['permessage-deflate; client_max_window_bits', 'permessage-deflate; client_max_window_bits=15'],
  ['permessage-deflate; client_max_window_bits=9', 'permessage-deflate; client_max_window_bits=9'],
  [offer, answer],
  [`${offer}; server_no_context_takeover`, `${answer}; server_no_context_takeover`],
  [`${offer}; server_max_window_bits=9`, `${answer}; server_max_window_bits=9`],
  [`${offer}; server_max_window_bits=15`, `${answer}; server_max_window_bits=15`],
  [`${offer}; server_no_context_takeover; server_max_window_bits=9`, `${answer}; server_no_context_takeover; server_max_window_bits=9`],
  [`${offer}; server_no_context_takeover; server_max_window_bits=15`, `${answer}; server_no_context_takeover; server_max_window_bits=15`],
  [
    `${offer}; server_no_context_takeover; server_max_window_bits=9, ${offer}; server_no_context_takeover, ${offer}`,
    `${answer}; server_no_context_takeover; server_max_window_bits=9`,
  ],
]
/** Size of a message, how many of them, and the size of its fragments. */
const traffic: [size: number, count: number, fragment: number][] = [
  [0, 20, 0],
  [16, 100, 0],
  [1024, 50, 0],
  [8192, 20, 0],
  [8192, 20, 256],
  [131_072, 5, 0],
  [131_072, 5, 1000],
  [131_072, 5, 32_768],
]
/** Around the sizes at which a window is full and at which zlib works in the thread pool. */
const mixture = [100, 512, 511, 513, 40, 8192, 10, 16_384, 16_385, 300, 65_536, 65_537, 5, 0, 32_768, 32_769, 70_000, 1, 100_000, 200, 200]
const json = Buffer.from(
  JSON.stringify(Array.from({ length: 6000 }, (_, id) => ({ id, name: `größe ${(id * 7919) % 1000}`, tags: ['a', 'b'] }))),
)

describe.each(['buffer loop', 'message loop'] as const)(
  'permessage-deflate with every set of parameters (RFC 7692 section 7.1), %s',
  loop => {
    let server: EchoServer

    beforeAll(async () => {
      server = await EchoServer.startAsync(loop)
    })
    afterAll(() => server.stopAsync())

    describe.each(negotiations)('%s', (offered, expected) => {
      it('is answered with parameters that the client can meet', async () => {
        const { connection, agreed } = await server.openAsync(offered)
        expect(agreed).toBe(expected)
        connection.destroy()
      })

      it.each(traffic)('echoes messages of %i bytes, %i of them, in fragments of %i', async (size, count, fragment) => {
        const { connection, agreed } = await server.openAsync(offered)
        const peer = new DeflatePeer(agreed!)
        const echoes = new Echoes(connection)
        for (let i = 0; i < count; i++) {
          const isText = i % 2 === 0
          const payload = isText ? wholeCharacters(json.subarray(i * 31, i * 31 + size)) : json.subarray(i * 37, i * 37 + size)
          connection.write(framed(peer.deflate(payload), isText, fragment))
          const { opcode, isCompressed, data } = await echoes.nextAsync()
          expect([opcode, isCompressed]).toEqual([isText ? opcodes.text : opcodes.binary, true])
          if (!peer.inflate(data).equals(payload)) expect.fail(`The echo ${i} is wrong.`)
        }
        connection.end(close(1000))
        expect((await echoes.nextAsync()).opcode).toBe(opcodes.close)
        connection.destroy()
      })

      it('echoes small and large messages in turn, all of them sent at once', async () => {
        const { connection, agreed } = await server.openAsync(offered)
        const peer = new DeflatePeer(agreed!)
        const echoes = new Echoes(connection)
        const payloads = mixture.map((size, i) => json.subarray(i * 37, i * 37 + size))
        for (const payload of payloads) connection.write(framed(peer.deflate(payload), false, 0))
        for (const payload of payloads) {
          const { data } = await echoes.nextAsync()
          if (!peer.inflate(data).equals(payload)) expect.fail(`The echo of ${payload.length} bytes is wrong.`)
        }
        connection.destroy()
      })
    })
  },
)

function framed(payload: Buffer, isText: boolean, fragment: number): Buffer {
  const size = fragment === 0 ? Math.max(1, payload.length) : fragment
  const frames = []
  for (let at = 0; at === 0 || at < payload.length; at += size) {
    const part = payload.subarray(at, at + size)
    const fin = at + size >= payload.length
    const options = { fin, rsv: at === 0 ? 4 : 0 }
    frames.push(at > 0 ? continuation(part, options) : isText ? text(part, options) : binary(part, options))
  }
  return Buffer.concat(frames)
}

/** The slice may begin and end within a character. */
function wholeCharacters(payload: Buffer): Buffer {
  return Buffer.from(payload.toString('utf8').replaceAll('\ufffd', 'x'))
}
