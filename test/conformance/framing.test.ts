import { randomBytes } from 'node:crypto'
import { binary, close, continuation, frame, opcodes, ping, pong, text } from './support/frames.ts'
import { type ConformanceCase, conformanceSuite } from './support/suite.ts'

const bye = close(1000)
const goodbye = { close: 1000 }
/** The lengths at which the form of the length changes, and their neighbours; the last two do not fit a 16-bit length. */
const lengths = [0, 1, 2, 124, 125, 126, 127, 128, 255, 256, 65_534, 65_535, 65_536, 65_537, 131_070]
const around = (length: number): number[] => (length < 100 ? [] : [1, 2, 3, 4, 5, 8, 13, 14, 15, length - 1, length >> 1])

const sizes: ConformanceCase[] = lengths.flatMap(length => {
  const payload = randomBytes(length)
  const letters = 'x'.repeat(length)
  const deliveries = length < 100 ? {} : { deliveries: around(length) }
  return [
    {
      name: `echoes a text of ${length} bytes`,
      section: '5.2',
      send: [text(letters), bye],
      expect: [{ text: letters }, goodbye],
      ...deliveries,
    },
    {
      name: `echoes a binary message of ${length} bytes`,
      section: '5.2',
      send: [binary(payload), bye],
      expect: [{ binary: payload }, goodbye],
      ...deliveries,
    },
  ]
})

const longForms: ConformanceCase[] = [
  {
    name: 'takes a 16-bit length for 5 bytes',
    section: '5.2',
    send: [text('hello', { lengthBits: 16 }), bye],
    expect: [{ text: 'hello' }, goodbye],
  },
  {
    name: 'takes a 64-bit length for 5 bytes',
    section: '5.2',
    send: [text('hello', { lengthBits: 64 }), bye],
    expect: [{ text: 'hello' }, goodbye],
  },
  {
    name: 'refuses a 64-bit length with its top bit set',
    section: '5.2',
    send: text('', { lengthBits: 64, announced: 1n << 63n }),
    expect: [{ close: 1002 }],
  },
]

const reservedBits: ConformanceCase[] = [1, 2, 3, 4, 5, 6, 7].flatMap(rsv => [
  { name: `refuses the reserved bits ${rsv} on a text frame`, section: '5.2', send: text('hello', { rsv }), expect: [{ close: 1002 }] },
  { name: `refuses the reserved bits ${rsv} on a binary frame`, section: '5.2', send: binary('hello', { rsv }), expect: [{ close: 1002 }] },
  { name: `refuses the reserved bits ${rsv} on a ping`, section: '5.2', send: ping('', { rsv }), expect: [{ close: 1002 }] },
  { name: `refuses the reserved bits ${rsv} on a pong`, section: '5.2', send: pong('', { rsv }), expect: [{ close: 1002 }] },
  { name: `refuses the reserved bits ${rsv} on a close frame`, section: '5.2', send: close(1000, '', { rsv }), expect: [{ close: 1002 }] },
  {
    name: `echoes what came before the reserved bits ${rsv}`,
    section: '5.2',
    send: [text('first'), text('second', { rsv })],
    expect: [{ text: 'first' }, { close: 1002 }],
  },
  {
    name: `looks at nothing behind the reserved bits ${rsv}`,
    section: '7.1.7',
    send: [text('first'), text('second', { rsv }), ping('p')],
    expect: [{ text: 'first' }, { close: 1002 }],
  },
])

const reservedOpcodes: ConformanceCase[] = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].flatMap(opcode => [
  { name: `refuses the reserved opcode ${opcode}`, section: '5.2', send: frame(opcode), expect: [{ close: 1002 }] },
  {
    name: `refuses the reserved opcode ${opcode} with a payload behind a message`,
    section: '5.2',
    send: [text('first'), frame(opcode, 'hello')],
    expect: [{ text: 'first' }, { close: 1002 }],
  },
  {
    name: `looks at nothing behind the reserved opcode ${opcode}`,
    section: '7.1.7',
    send: [text('first'), frame(opcode), ping('p')],
    expect: [{ text: 'first' }, { close: 1002 }],
  },
])

const masks: ConformanceCase[] = [
  { name: 'refuses an unmasked text frame', section: '5.1', send: text('hello', { mask: false }), expect: [{ close: 1002 }] },
  { name: 'refuses an unmasked empty frame', section: '5.1', send: text('', { mask: false }), expect: [{ close: 1002 }] },
  { name: 'refuses an unmasked ping', section: '5.1', send: ping('', { mask: false }), expect: [{ close: 1002 }] },
  { name: 'refuses an unmasked close frame', section: '5.1', send: close(1000, '', { mask: false }), expect: [{ close: 1002 }] },
]

const fragments: ConformanceCase[] = [
  {
    name: 'joins two fragments',
    section: '5.4',
    send: [text('hel', { fin: false }), continuation('lo'), bye],
    expect: [{ text: 'hello' }, goodbye],
  },
  {
    name: 'joins three fragments of 2, 2 and 7 bytes',
    section: '5.4',
    send: [binary('ab', { fin: false }), continuation('cd', { fin: false }), continuation('efghijk'), bye],
    expect: [{ binary: Buffer.from('abcdefghijk') }, goodbye],
  },
  {
    name: 'joins empty fragments to an empty message',
    section: '5.4',
    send: [text('', { fin: false }), continuation('', { fin: false }), continuation(''), bye],
    expect: [{ text: '' }, goodbye],
  },
  {
    name: 'joins an empty first, a full middle and an empty last fragment',
    section: '5.4',
    send: [text('', { fin: false }), continuation('middle', { fin: false }), continuation(''), bye],
    expect: [{ text: 'middle' }, goodbye],
  },
  {
    name: 'joins fragments of one byte',
    section: '5.4',
    send: [text('h', { fin: false }), ...[...'ell'].map(letter => continuation(letter, { fin: false })), continuation('o'), bye],
    expect: [{ text: 'hello' }, goodbye],
  },
  {
    name: 'answers a ping between two fragments',
    section: '5.4',
    send: [text('hel', { fin: false }), ping('p'), continuation('lo'), bye],
    expect: [{ pong: 'p' }, { text: 'hello' }, goodbye],
  },
  {
    name: 'answers pings between all fragments',
    section: '5.5.2',
    send: [text('a', { fin: false }), ping('1'), continuation('b', { fin: false }), ping('2'), continuation('c'), bye],
    expect: [{ pong: '1' }, { pong: '2' }, { text: 'abc' }, goodbye],
  },
  {
    name: 'ignores a pong between two fragments',
    section: '5.5.3',
    send: [text('hel', { fin: false }), pong('p'), continuation('lo'), bye],
    expect: [{ text: 'hello' }, goodbye],
  },
  {
    name: 'takes a close frame between two fragments',
    section: '5.5.1',
    send: [text('hel', { fin: false }), close(1000)],
    expect: [goodbye],
  },
  { name: 'refuses a continuation without a message', section: '5.4', send: continuation('hello'), expect: [{ close: 1002 }] },
  {
    name: 'refuses a continuation that is not final without a message',
    section: '5.4',
    send: continuation('hello', { fin: false }),
    expect: [{ close: 1002 }],
  },
  {
    name: 'refuses a continuation behind a complete message',
    section: '5.4',
    send: [text('first'), continuation('more')],
    expect: [{ text: 'first' }, { close: 1002 }],
  },
  ...[true, false].flatMap(fin => [
    {
      name: `refuses a ${fin ? 'final' : 'first'} continuation before a message, which is not looked at`,
      section: '5.4',
      send: [continuation('stray', { fin }), text('hello')],
      expect: [{ close: 1002 }],
    },
    {
      name: `echoes a fragmented message before a ${fin ? 'final' : 'first'} continuation that belongs to none`,
      section: '5.4',
      send: [text('hel', { fin: false }), continuation('lo'), continuation('stray', { fin }), text('more')],
      expect: [{ text: 'hello' }, { close: 1002 }],
    },
  ]),
  {
    name: 'echoes the messages between fragmented ones in order',
    section: '5.4',
    send: [
      text('a', { fin: false }),
      continuation('b'),
      text('c'),
      binary('d', { fin: false }),
      continuation('', { fin: false }),
      continuation('e'),
      bye,
    ],
    expect: [{ text: 'ab' }, { text: 'c' }, { binary: Buffer.from('de') }, goodbye],
  },
  {
    name: 'refuses a text frame inside a message',
    section: '5.4',
    send: [text('hel', { fin: false }), text('lo')],
    expect: [{ close: 1002 }],
  },
  {
    name: 'refuses a binary frame inside a text message',
    section: '5.4',
    send: [text('hel', { fin: false }), binary('lo')],
    expect: [{ close: 1002 }],
  },
]

const control: ConformanceCase[] = [
  { name: 'answers a ping without payload', section: '5.5.2', send: [ping(), bye], expect: [{ pong: '' }, goodbye] },
  { name: 'answers a ping with its payload', section: '5.5.3', send: [ping('hello'), bye], expect: [{ pong: 'hello' }, goodbye] },
  {
    name: 'answers a ping with binary payload',
    section: '5.5.3',
    send: [ping(Buffer.from([0, 255, 254, 253, 252, 251, 0])), bye],
    expect: [{ pong: Buffer.from([0, 255, 254, 253, 252, 251, 0]) }, goodbye],
  },
  { name: 'answers a ping of 125 bytes', section: '5.5', send: [ping('p'.repeat(125)), bye], expect: [{ pong: 'p'.repeat(125) }, goodbye] },
  {
    name: 'answers ten pings in order',
    section: '5.5.2',
    send: [...Array.from({ length: 10 }, (_, i) => ping(`ping ${i}`)), bye],
    expect: [...Array.from({ length: 10 }, (_, i) => ({ pong: `ping ${i}` })), goodbye],
  },
  { name: 'ignores a pong', section: '5.5.3', send: [pong('unasked'), bye], expect: [goodbye] },
  {
    name: 'answers the ping behind a pong',
    section: '5.5.3',
    send: [pong('unasked'), ping('asked'), bye],
    expect: [{ pong: 'asked' }, goodbye],
  },
  { name: 'refuses a ping of 126 bytes', section: '5.5', send: ping('p'.repeat(126)), expect: [{ close: 1002 }] },
  { name: 'refuses a pong of 126 bytes', section: '5.5', send: pong('p'.repeat(126)), expect: [{ close: 1002 }] },
  { name: 'refuses a fragmented ping', section: '5.5', send: [ping('a', { fin: false }), continuation('b')], expect: [{ close: 1002 }] },
  { name: 'refuses a fragmented pong', section: '5.5', send: [pong('a', { fin: false }), continuation('b')], expect: [{ close: 1002 }] },
  {
    name: 'refuses a fragmented close frame',
    section: '5.5',
    send: [close(1000, '', { fin: false }), continuation('b')],
    expect: [{ close: 1002 }],
  },
  {
    name: 'refuses a continuation with a reserved opcode between',
    section: '5.2',
    send: [text('hel', { fin: false }), frame(opcodes.close + 3), continuation('lo')],
    expect: [{ close: 1002 }],
  },
]

conformanceSuite('lengths', [...sizes, ...longForms])
conformanceSuite('reserved bits, opcodes and masks', [...reservedBits, ...reservedOpcodes, ...masks])
conformanceSuite('fragmentation', fragments)
conformanceSuite('control frames', control)
