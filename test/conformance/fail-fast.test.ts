import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listen, turnsAsync } from './support/conversation.ts'
import { EchoServer } from './support/echo-server.ts'
import { close, continuation, text } from './support/frames.ts'

/** Bytes that may still become text, and the one that ends all hope. */
const wrongOctets: [name: string, good: number[], bad: number][] = [
  ['a stray continuation byte', [], 0x80],
  ['a lead byte of overlong forms', [], 0xc0],
  ['a lead byte above U+10FFFF', [], 0xf5],
  ['0xFF', [], 0xff],
  ['a blank within a character of two bytes', [0xc3], 0x20],
  ['an overlong form of three bytes', [0xe0], 0x9f],
  ['a surrogate', [0xed], 0xa0],
  ['a blank within a character of three bytes', [0xe2, 0x82], 0x20],
  ['an overlong form of four bytes', [0xf0], 0x8f],
  ['U+110000', [0xf4], 0x90],
  ['a blank within a character of four bytes', [0xf0, 0x9f, 0x91], 0x20],
]
/** Greek, of two and three bytes a character: more than one buffer of the echo. */
const greek = Buffer.from('κόσμε'.repeat(900))

describe.each(['buffer loop', 'message loop'] as const)('invalid UTF-8 is noticed at its octet (RFC 6455 section 8.1), %s', loop => {
  let server: EchoServer

  beforeAll(async () => {
    server = await EchoServer.startAsync(loop)
  })
  afterAll(() => server.stopAsync())

  /** Sends all but the last byte, which must bring no close frame, then that. */
  async function expectCloseAtLastByte(bytes: Buffer): Promise<void> {
    const connection = await server.connectAsync()
    const answer = listen(connection)
    let isOver = false
    void answer.then(() => {
      isOver = true
    })
    connection.write(bytes.subarray(0, -1))
    await turnsAsync(4)
    expect(isOver).toBe(false)
    connection.write(bytes.subarray(-1))
    expect(await answer).toEqual([{ close: 1007 }])
    connection.destroy()
  }

  it.each(wrongOctets)('%s, in a frame that is not complete', (_, good, bad) =>
    expectCloseAtLastByte(text(Buffer.from([...good, bad]), { announced: 20n })),
  )

  it.each(wrongOctets)('%s, behind 10 KB of a frame that is not complete', (_, good, bad) =>
    expectCloseAtLastByte(text(Buffer.concat([greek, Buffer.from([...good, bad])]), { announced: 20_000n })),
  )

  it.each(wrongOctets)('%s, in the second fragment of a message that is not complete', (_, good, bad) =>
    expectCloseAtLastByte(
      Buffer.concat([
        text(Buffer.from([...greek, ...good]), { fin: false }),
        continuation(Buffer.from([bad, 0x61]), { fin: false }).subarray(0, -1),
      ]),
    ),
  )

  it('no sooner than at the end when the last character is cut off', async () => {
    const bytes = Buffer.concat([text(Buffer.from([0x61, 0xe2, 0x82]), { fin: false }), continuation('')])
    await expectCloseAtLastByte(bytes)
  })

  it('and not at all in a message that is good', async () => {
    const connection = await server.connectAsync()
    const answer = listen(connection)
    for (const byte of Buffer.concat([text(greek.subarray(0, 120)), close(1000)])) connection.write(Buffer.of(byte))
    expect(await answer).toEqual([{ text: greek.toString('utf8', 0, 120) }, { close: 1000 }])
    connection.destroy()
  })
})
