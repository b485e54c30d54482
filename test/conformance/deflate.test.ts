import { randomBytes } from 'node:crypto'
import { binary, close, continuation, deflated, ping, text } from './support/frames.ts'
import { type ConformanceCase, conformanceSuite } from './support/suite.ts'

const extensions = 'permessage-deflate'
const noTakeover = 'permessage-deflate; client_no_context_takeover; server_no_context_takeover'
const bye = close(1000)
const goodbye = { close: 1000 }
const compressed = { rsv: 4 }
const long = 'The quick brown fox jumps over the lazy dog. '.repeat(200)
const noise = randomBytes(3000)
const halves = (payload: Buffer): [Buffer, Buffer] => [payload.subarray(0, payload.length >> 1), payload.subarray(payload.length >> 1)]
const [firstHalf, secondHalf] = halves(deflated(long))

const messages: ConformanceCase[] = [
  {
    name: 'inflates a short text',
    section: 'RFC 7692 7.2.2',
    send: [text(deflated('hello'), compressed), bye],
    expect: [{ text: 'hello' }, goodbye],
    extensions,
  },
  {
    name: 'inflates an empty message',
    section: 'RFC 7692 7.2.3.6',
    send: [text(Buffer.from([0]), compressed), bye],
    expect: [{ text: '' }, goodbye],
    extensions,
  },
  {
    name: 'takes an uncompressed message beside',
    section: 'RFC 7692 6',
    send: [text('plain'), text(deflated('packed'), compressed), bye],
    expect: [{ text: 'plain' }, { text: 'packed' }, goodbye],
    extensions,
  },
  {
    name: 'inflates a text of 9,000 bytes',
    section: 'RFC 7692 7.2.2',
    send: [text(deflated(long), compressed), bye],
    expect: [{ text: long }, goodbye],
    extensions,
  },
  {
    name: 'inflates noise',
    section: 'RFC 7692 7.2.2',
    send: [binary(deflated(noise), compressed), bye],
    expect: [{ binary: noise }, goodbye],
    extensions,
    deliveries: [1, 2, 4, 8, 1500],
  },
  {
    name: 'inflates without context takeover',
    section: 'RFC 7692 7.1.1',
    send: [text(deflated(long), compressed), text(deflated(long), compressed), bye],
    expect: [{ text: long }, { text: long }, goodbye],
    extensions: noTakeover,
  },
  {
    name: 'inflates two messages with independent contexts though takeover is allowed',
    section: 'RFC 7692 7.2.2',
    send: [text(deflated('one'), compressed), text(deflated('two'), compressed), bye],
    expect: [{ text: 'one' }, { text: 'two' }, goodbye],
    extensions,
  },
  ...[9, 10, 11, 12, 13, 14, 15].map(bits => ({
    name: `keeps to a client window of ${bits} bits`,
    section: 'RFC 7692 7.1.2.2',
    send: [text(deflated(long, bits), compressed), bye],
    expect: [{ text: long }, goodbye],
    extensions: `permessage-deflate; client_max_window_bits=${bits}`,
    deliveries: [],
  })),
  ...[9, 10, 11, 12, 13, 14, 15].map(bits => ({
    name: `answers within a server window of ${bits} bits`,
    section: 'RFC 7692 7.1.2.1',
    send: [text(deflated(long), compressed), bye],
    expect: [{ text: long }, goodbye],
    extensions: `permessage-deflate; server_max_window_bits=${bits}`,
    deliveries: [],
  })),
]

const fragments: ConformanceCase[] = [
  {
    name: 'inflates a message in two fragments',
    section: 'RFC 7692 6.2',
    send: [text(firstHalf, { ...compressed, fin: false }), continuation(secondHalf), bye],
    expect: [{ text: long }, goodbye],
    extensions,
  },
  {
    name: 'answers a ping between compressed fragments',
    section: 'RFC 7692 6.1',
    send: [text(firstHalf, { ...compressed, fin: false }), ping('p'), continuation(secondHalf), bye],
    expect: [{ pong: 'p' }, { text: long }, goodbye],
    extensions,
  },
  {
    name: 'inflates a message whose last fragment is empty',
    section: 'RFC 7692 6.2',
    send: [text(deflated('hello'), { ...compressed, fin: false }), continuation(''), bye],
    expect: [{ text: 'hello' }, goodbye],
    extensions,
  },
]

const violations: ConformanceCase[] = [
  {
    name: 'refuses RSV1 on a continuation',
    section: 'RFC 7692 6.1',
    send: [text(firstHalf, { ...compressed, fin: false }), continuation(secondHalf, compressed)],
    expect: [{ close: 1002 }],
    extensions,
  },
  { name: 'refuses RSV1 on a ping', section: 'RFC 7692 6.1', send: ping('p', compressed), expect: [{ close: 1002 }], extensions },
  { name: 'refuses RSV2 beside RSV1', section: '5.2', send: text(deflated('hello'), { rsv: 6 }), expect: [{ close: 1002 }], extensions },
  {
    name: 'refuses data that cannot be inflated',
    section: 'RFC 7692 7.2.2',
    send: text(Buffer.from([0xff, 0xff, 0xff, 0xff]), compressed),
    expect: [{ close: 1007 }],
    extensions,
  },
  {
    name: 'refuses invalid UTF-8 behind the compression',
    section: '8.1',
    send: text(deflated(Buffer.from([0xc0, 0xaf])), compressed),
    expect: [{ close: 1007 }],
    extensions,
  },
]

conformanceSuite('permessage-deflate', messages)
conformanceSuite('compressed fragments', fragments)
conformanceSuite('violations under permessage-deflate', violations)
