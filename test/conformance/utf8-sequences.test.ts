import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Expected, listen } from './support/conversation.ts'
import { EchoServer } from './support/echo-server.ts'
import { close, continuation, text } from './support/frames.ts'

/** The first bytes at which the rules change (Unicode 15, table 3-7), and their neighbours. */
const leads = [
  0x7f, 0x80, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf7, 0xf8, 0xfb, 0xfc, 0xfd,
  0xfe, 0xff,
]
/** What may follow: nothing, ASCII, the bounds of each range of second bytes, another first byte. */
const seconds = [[], [0x20], [0x7f], [0x80], [0x8f], [0x90], [0x9f], [0xa0], [0xbf], [0xc2]]
/** And then: too little, enough and too much for characters of three and of four bytes, and for those of five and six that UTF-8 once had. */
const rests = [
  [],
  [0x80],
  [0xbf],
  [0xbe],
  [0x80, 0x80],
  [0xbf, 0xbf],
  [0x80, 0x20],
  [0xbf, 0xbe],
  [0x80, 0x80, 0x80],
  [0xbf, 0xbf, 0xbf, 0xbf],
]

const sequences = (lead: number): Buffer[] => seconds.flatMap(second => rests.map(rest => Buffer.from([lead, ...second, ...rest])))
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

describe.each(['buffer loop', 'message loop'] as const)(
  'text is taken when it is UTF-8, and only then (RFC 6455 section 8.1), %s',
  loop => {
    let server: EchoServer

    beforeAll(async () => {
      server = await EchoServer.startAsync(loop)
    })
    afterAll(() => server.stopAsync())

    it.each(leads.map(lead => lead.toString(16)))('whatever follows the byte %s', async lead => {
      for (const sequence of sequences(Number.parseInt(lead, 16))) {
        const expected = expectedFor(sequence)
        expect(await echoAsync(text(sequence)), sequence.toString('hex')).toEqual(expected)
        expect(await echoAsync(inSingleBytes(sequence)), `${sequence.toString('hex')} in fragments of one byte`).toEqual(expected)
      }
    })

    it('at every length to which a text of all lengths of characters can be cut', async () => {
      const whole = Buffer.from('aß€\u{1f44b}\u{10ffff}\uffffé\u0000')
      for (let length = 0; length <= whole.length; length++) {
        const part = whole.subarray(0, length)
        expect(await echoAsync(text(part)), `${length} bytes`).toEqual(expectedFor(part))
      }
    })

    it('with the last two code points of every plane, which are not characters', async () => {
      const nonCharacters = Array.from({ length: 17 }, (_, plane) =>
        String.fromCodePoint(plane * 0x10000 + 0xfffe, plane * 0x10000 + 0xffff),
      )
      expect(await echoAsync(text(nonCharacters.join('')))).toEqual([{ text: nonCharacters.join('') }, { close: 1000 }])
    })

    async function echoAsync(message: Buffer): Promise<Expected[]> {
      const connection = await server.connectAsync()
      const answer = listen(connection)
      connection.write(Buffer.concat([message, close(1000)]))
      const messages = await answer
      connection.destroy()
      return messages
    }
  },
)

/** The decoder of the platform is the judge. */
function expectedFor(bytes: Buffer): Expected[] {
  try {
    return [{ text: decoder.decode(bytes) }, { close: 1000 }]
  } catch {
    return [{ close: 1007 }]
  }
}

function inSingleBytes(bytes: Buffer): Buffer {
  const fragments = Array.from(bytes, (byte, i) => (i === 0 ? text : continuation)(Buffer.of(byte), { fin: i === bytes.length - 1 }))
  return Buffer.concat(fragments)
}
