import { close, continuation, frame, opcodes, ping, text } from './support/frames.ts'
import { type ConformanceCase, conformanceSuite } from './support/suite.ts'

const allowed = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999]
const forbidden = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 9999, 65_535]

const codes: ConformanceCase[] = [
  { name: 'answers an empty close frame with an empty one', section: '5.5.1', send: close(), expect: [{ close: null }] },
  ...allowed.map(code => ({ name: `echoes the code ${code}`, section: '7.4', send: close(code), expect: [{ close: code }] })),
  ...forbidden.map(code => ({ name: `refuses the code ${code}`, section: '7.4', send: close(code), expect: [{ close: 1002 }] })),
  ...allowed.slice(0, 2).map(code => ({
    name: `takes the code ${code} with a reason`,
    section: '7.1.6',
    send: close(code, 'because'),
    expect: [{ close: code }],
  })),
  { name: 'takes a reason of 123 bytes', section: '5.5', send: close(1000, 'r'.repeat(123)), expect: [{ close: 1000 }] },
  { name: 'refuses a reason of 124 bytes', section: '5.5', send: close(1000, 'r'.repeat(124)), expect: [{ close: 1002 }] },
  { name: 'takes a reason in UTF-8', section: '7.1.6', send: close(1000, 'Grüße \u{1f44b}'), expect: [{ close: 1000 }] },
  { name: 'refuses a payload of one byte', section: '5.5.1', send: frame(opcodes.close, Buffer.from([3])), expect: [{ close: 1002 }] },
]

const badReasons: ConformanceCase[] = [
  ['an overlong form', [0xc0, 0xaf]],
  ['a surrogate', [0xed, 0xa0, 0x80]],
  ['a truncated character', [0xe2, 0x82]],
  ['a stray continuation byte', [0x80]],
].map(([name, bytes]) => ({
  name: `refuses a reason with ${name}`,
  section: '8.1',
  send: close(1000, Buffer.from(bytes as number[])),
  expect: [{ close: 1002 }],
}))

const order: ConformanceCase[] = [
  {
    name: 'echoes messages before the close frame',
    section: '7.1.2',
    send: [text('one'), text('two'), close(1000)],
    expect: [{ text: 'one' }, { text: 'two' }, { close: 1000 }],
  },
  { name: 'ignores a text behind the close frame', section: '5.5.1', send: [close(1000), text('late')], expect: [{ close: 1000 }] },
  { name: 'does not answer a ping behind the close frame', section: '5.5.1', send: [close(1000), ping('late')], expect: [{ close: 1000 }] },
  { name: 'sends one close frame for two', section: '5.5.1', send: [close(1000), close(1001)], expect: [{ close: 1000 }] },
  {
    name: 'ignores the rest of a message behind the close frame',
    section: '5.5.1',
    send: [text('unfinished', { fin: false }), close(1000), continuation('late')],
    expect: [{ close: 1000 }],
  },
  {
    name: 'echoes 256 KiB and a short text before the close frame, and answers no ping behind it',
    section: '7.1.2',
    send: [text('x'.repeat(262_144)), text('short'), close(1000), ping('late')],
    expect: [{ text: 'x'.repeat(262_144) }, { text: 'short' }, { close: 1000 }],
  },
  {
    name: 'drops an unfinished message at the close frame',
    section: '5.4',
    send: [text('unfinished', { fin: false }), close(1001)],
    expect: [{ close: 1001 }],
  },
]

conformanceSuite('close frames', [...codes, ...badReasons])
conformanceSuite('the order of the close handshake', order)
