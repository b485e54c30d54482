import { constants, deflateRawSync, type ZlibOptions } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeflatePeer } from './support/deflate-peer.ts'
import { EchoServer } from './support/echo-server.ts'
import { Echoes } from './support/echoes.ts'
import { close, continuation, opcodes, text } from './support/frames.ts'

const hex = (digits: string): Buffer => Buffer.from(digits.replaceAll(' ', ''), 'hex')
const flushMarker = hex('0000ffff')

/** The examples of RFC 7692: the messages of one connection, each as its compressed frames. */
const examples: [name: string, section: string, messages: Buffer[][], texts: string[]][] = [
  ['one block with fixed codes', '7.2.3.1', [[hex('f248cdc9c90700')]], ['Hello']],
  ['one block in two fragments', '7.2.3.1', [[hex('f248cd'), hex('c9c90700')]], ['Hello']],
  ['a message that refers to the one before', '7.2.3.2', [[hex('f248cdc9c90700')], [hex('f200110000')]], ['Hello', 'Hello']],
  ['a block that is not compressed', '7.2.3.3', [[hex('000500faff48656c6c6f00')]], ['Hello']],
  ['a final block, and an empty one behind it', '7.2.3.4', [[hex('f348cdc9c9070000')]], ['Hello']],
  ['two blocks', '7.2.3.5', [[hex('f24805000000ffffcac9c90700')]], ['Hello']],
  ['an empty message', '7.2.3.6', [[hex('00')]], ['']],
]

const fox = (size: number): Buffer => Buffer.alloc(size, 'The quick brown fox jumps over the lazy dog, größer. ')
const wholeCharacters = (bytes: Buffer): Buffer => Buffer.from(bytes.toString('utf8').replaceAll('\ufffd', 'x'))

/** What a compressor may choose (RFC 1951), all of which a receiver takes. */
const choices: [name: string, options: ZlibOptions][] = [
  ['blocks that are not compressed', { level: 0 }],
  ['the least effort', { level: 1 }],
  ['the most effort', { level: 9, memLevel: 9 }],
  ['the least memory', { memLevel: 1 }],
  ['fixed codes', { strategy: constants.Z_FIXED }],
  ['codes without references', { strategy: constants.Z_HUFFMAN_ONLY }],
  ['references to the byte before only', { strategy: constants.Z_RLE }],
  ['the smallest window', { windowBits: 9 }],
]
const sizes = [5, 300, 5000, 40_000, 140_000]

describe.each(['buffer loop', 'message loop'] as const)('whatever a compressor may send (RFC 7692 section 7.2.3), %s', loop => {
  let server: EchoServer

  beforeAll(async () => {
    server = await EchoServer.startAsync(loop)
  })
  afterAll(() => server.stopAsync())

  it.each(examples)('%s (RFC 7692 section %s)', (_, _section, messages, texts) => expectTexts(messages, texts))

  it.each(choices)('%s', async (_, options) => {
    const texts = sizes.map(size => wholeCharacters(fox(size)))
    const messages = texts.map(plain => [flushed(plain, options)])
    await expectTexts(messages, texts.map(String))
    await expectTexts(
      messages.map(([whole]) => pieces(whole!, 700)),
      texts.map(String),
    )
  })

  it.each(choices)('%s, with references to the message before', async (_, options) => {
    const texts = sizes.map(size => wholeCharacters(fox(size)))
    const messages = texts.map((plain, i) => [flushed(plain, i === 0 ? options : { ...options, dictionary: texts[i - 1]! })])
    await expectTexts(messages, texts.map(String))
  })

  it.each(sizes)('a final block at the end of each message of %i bytes, the second one with references to the first', async size => {
    const plain = wholeCharacters(fox(size))
    const first = Buffer.concat([deflateRawSync(plain), hex('00')])
    const second = Buffer.concat([deflateRawSync(plain, { dictionary: plain }), hex('00')])
    const texts = [plain.toString(), plain.toString()]
    await expectTexts([[first], [second]], texts)
    await expectTexts([pieces(first, 100), pieces(second, 3)], texts)
  })

  it.each(sizes)('a message of %i bytes in two final blocks and one that is not, each with references to the one before', async size => {
    const plain = wholeCharacters(fox(size))
    const third = Math.floor(plain.length / 3)
    const parts = [0, 1, 2].map(i => plain.subarray(i * third, i === 2 ? plain.length : (i + 1) * third))
    const blocks = [
      deflateRawSync(parts[0]!),
      deflateRawSync(parts[1]!, { dictionary: parts[0]! }),
      flushed(parts[2]!, { dictionary: Buffer.concat([parts[0]!, parts[1]!]) }),
    ]
    const next = [flushed(plain, { dictionary: plain })]
    const texts = [plain.toString(), plain.toString()]
    await expectTexts([[Buffer.concat(blocks)], next], texts)
    await expectTexts([blocks, next], texts)
    await expectTexts([pieces(Buffer.concat(blocks), 2), next], texts)
  })

  it.each(sizes)('a message of %i bytes that was flushed again and again', async size => {
    const plain = wholeCharacters(fox(size))
    const parts = pieces(plain, Math.max(1, size >> 3)).map(part => Buffer.concat([flushed(part, {}), flushMarker]))
    await expectTexts([[Buffer.concat(parts).subarray(0, -flushMarker.length)], parts], [plain.toString(), plain.toString()])
  })

  async function expectTexts(messages: Buffer[][], texts: string[]): Promise<void> {
    const { connection, agreed } = await server.openAsync('permessage-deflate')
    const echoes = new Echoes(connection)
    const peer = new DeflatePeer(agreed!)
    for (const [i, fragments] of messages.entries()) {
      connection.write(Buffer.concat(fragments.map((part, at) => frameOf(part, at, fragments.length))))
      const { opcode, data } = await echoes.nextAsync()
      expect(opcode, data.toString()).toBe(opcodes.text)
      if (peer.inflate(data).toString() !== texts[i]) expect.fail(`The echo ${i} is wrong.`)
    }
    connection.end(close(1000))
    expect((await echoes.nextAsync()).opcode).toBe(opcodes.close)
    connection.destroy()
  }
})

function frameOf(part: Buffer, at: number, count: number): Buffer {
  const fin = at === count - 1
  return at === 0 ? text(part, { fin, rsv: 4 }) : continuation(part, { fin })
}

/** Compressed as RFC 7692 section 7.2.1 says. */
function flushed(plain: Buffer, options: ZlibOptions): Buffer {
  return deflateRawSync(plain, { ...options, finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -flushMarker.length)
}

function pieces(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size))
}
