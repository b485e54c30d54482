import { close, continuation, ping, text } from './support/frames.ts'
import { type ConformanceCase, conformanceSuite } from './support/suite.ts'

const bye = close(1000)

const validTexts: [string, string][] = [
  ['the greeting in five scripts', 'Hello κόσμε Привет 世界 नमस्ते'],
  ['the first character of each length', '\u0001\u0080\u0800\u{10000}'],
  ['the last character of each length', '\u007f\u07ff\uffff\u{10ffff}'],
  ['U+D7FF and U+E000, the neighbours of the surrogates', '\ud7ff\ue000'],
  ['U+FFFD, the replacement character', '\ufffd'],
  ['non-characters', '\ufffe\uffff\u{1fffe}\u{10ffff}'],
  ['a byte order mark', '\ufeffabc'],
  ['NUL', 'a\u0000b'],
]

const invalidTexts: [string, number[]][] = [
  ['a stray continuation byte', [0x80]],
  ['the last continuation byte', [0xbf]],
  ['six continuation bytes', [0x80, 0xbf, 0x80, 0xbf, 0x80, 0xbf]],
  ['a lead byte of two followed by a blank', [0xc2, 0x20]],
  ['a lead byte of three followed by a blank', [0xe1, 0x20]],
  ['a lead byte of four followed by a blank', [0xf1, 0x20]],
  ['a truncated character of two bytes', [0xc3]],
  ['a truncated character of three bytes', [0xe2, 0x82]],
  ['a truncated character of four bytes', [0xf0, 0x9f, 0x91]],
  ['0xFE', [0xfe]],
  ['0xFF', [0xff]],
  ['an overlong slash in two bytes', [0xc0, 0xaf]],
  ['an overlong slash in three bytes', [0xe0, 0x80, 0xaf]],
  ['an overlong slash in four bytes', [0xf0, 0x80, 0x80, 0xaf]],
  ['the largest overlong form of two bytes', [0xc1, 0xbf]],
  ['the largest overlong form of three bytes', [0xe0, 0x9f, 0xbf]],
  ['the largest overlong form of four bytes', [0xf0, 0x8f, 0xbf, 0xbf]],
  ['an overlong NUL', [0xc0, 0x80]],
  ['the first high surrogate', [0xed, 0xa0, 0x80]],
  ['the last low surrogate', [0xed, 0xbf, 0xbf]],
  ['a pair of surrogates', [0xed, 0xa0, 0x80, 0xed, 0xb0, 0x80]],
  ['U+110000', [0xf4, 0x90, 0x80, 0x80]],
  ['a form of five bytes', [0xf8, 0x88, 0x80, 0x80, 0x80]],
  ['a form of six bytes', [0xfc, 0x84, 0x80, 0x80, 0x80, 0x80]],
]

const valid: ConformanceCase[] = validTexts.flatMap(([name, value]) => [
  { name: `echoes ${name}`, section: '8.1', send: [text(value), bye], expect: [{ text: value }, { close: 1000 }] },
  {
    name: `echoes ${name} in fragments of one byte`,
    section: '5.6',
    send: [
      text('', { fin: false }),
      ...[...Buffer.from(value)].map(byte => continuation(Buffer.from([byte]), { fin: false })),
      continuation(''),
      bye,
    ],
    expect: [{ text: value }, { close: 1000 }],
    deliveries: ['byte by byte'],
  },
])

const invalid: ConformanceCase[] = invalidTexts.flatMap(([name, bytes]) => [
  { name: `refuses ${name}`, section: '8.1', send: text(Buffer.from(bytes)), expect: [{ close: 1007 }] },
  {
    name: `refuses ${name} behind 60 good bytes`,
    section: '8.1',
    send: text(Buffer.from([...Buffer.alloc(60, 'x'), ...bytes])),
    expect: [{ close: 1007 }],
    deliveries: ['byte by byte'],
  },
  {
    name: `refuses ${name} in fragments of one byte`,
    section: '5.6',
    send: [text('', { fin: false }), ...bytes.map(byte => continuation(Buffer.from([byte]), { fin: false })), continuation('')],
    expect: [{ close: 1007 }],
    deliveries: ['byte by byte'],
  },
])

const between: ConformanceCase[] = [
  {
    name: 'keeps a character that a ping has cut',
    section: '5.4',
    send: [text(Buffer.from([0xe2, 0x82]), { fin: false }), ping('between'), continuation(Buffer.from([0xac])), bye],
    expect: [{ pong: 'between' }, { text: '€' }, { close: 1000 }],
  },
  {
    name: 'refuses a character that the end of the message truncates, also when its last fragment is empty',
    section: '8.1',
    send: [text(Buffer.from([0xe2, 0x82]), { fin: false }), continuation('')],
    expect: [{ close: 1007 }],
  },
]

conformanceSuite('valid UTF-8', valid)
conformanceSuite('invalid UTF-8', invalid)
conformanceSuite('UTF-8 across frames', between)
