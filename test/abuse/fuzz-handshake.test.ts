import fc from 'fast-check'
import { expect, it } from 'vitest'
import { echo } from './support/applications.ts'
import { fuzz } from './support/fuzz.ts'
import { attackTable } from './support/target.ts'

const target = attackTable(echo)

type Line = readonly [name: string, value: string]

const values: Record<string, readonly string[]> = {
  Connection: [
    'Upgrade',
    'upgrade',
    'keep-alive, Upgrade',
    'Upgrade ,close',
    'close',
    'keep-alive',
    'Upgrades',
    'Up grade',
    'Upgrade;x',
    '',
    ', ,Upgrade,',
  ],
  Upgrade: ['websocket', 'WebSocket', 'h2c, websocket', 'websocket/13', 'h2c', 'web socket', '"websocket"', ',websocket', 'websockets'],
  'Sec-WebSocket-Version': ['13', '13, 8', '8', '013', '13.0', '', '"13"', '130'],
  'Sec-WebSocket-Key': [
    'dGhlIHNhbXBsZSBub25jZQ==',
    'AAAAAAAAAAAAAAAAAAAAAA==',
    '////////////////////+w==',
    'dGhlIHNhbXBsZSBub25jZR==',
    'dGhlIHNhbXBsZSBub25jZQ=',
    'dGhlIHNhbXBsZSBub25jZQ',
    'dGhlIHNhbXBsZSBub25jZQ== x',
    'dGhlIHNhbXBsZSBub25j',
    '',
  ],
  'Sec-WebSocket-Protocol': ['chat', 'chat, superchat', ',', 'a b', '"chat"', '\x7e', '\xc3\xa9'],
  'Sec-WebSocket-Extensions': ['permessage-deflate', 'permessage-deflate; client_max_window_bits=99', ';;;', ',,,', 'x; y="z'],
  'Content-Length': ['0', '00'],
  Origin: ['http://localhost', 'http://localhost:80'],
  'X-Other': ['x', '', '\t'],
}

const line: fc.Arbitrary<Line> = fc
  .constantFrom(...Object.keys(values))
  .chain(name =>
    fc.record({ name: fc.constantFrom(name, name, name.toLowerCase(), name.toUpperCase()), value: fc.constantFrom(...values[name]!) }),
  )
  .map(({ name, value }) => [name, value] as const)

/** Most requests are nearly a handshake: one line is missing, another is odd. */
const request = fc.record({
  method: fc.constantFrom('GET', 'GET', 'GET', 'GET', 'GET', 'POST', 'HEAD', 'OPTIONS', 'DELETE'),
  version: fc.constantFrom('1.1', '1.1', '1.1', '1.1', '1.0'),
  usual: fc.record({
    Connection: fc.constantFrom('Upgrade', 'Upgrade', 'Upgrade', 'keep-alive, Upgrade', ''),
    Upgrade: fc.constantFrom('websocket', 'websocket', 'websocket', 'WebSocket', ''),
    'Sec-WebSocket-Version': fc.constantFrom('13', '13', '13', ''),
    'Sec-WebSocket-Key': fc.constantFrom('dGhlIHNhbXBsZSBub25jZQ==', 'dGhlIHNhbXBsZSBub25jZQ==', 'dGhlIHNhbXBsZSBub25jZQ==', ''),
  }),
  more: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 3, arbitrary: fc.array(line, { maxLength: 3 }) }),
  order: fc.nat(),
  blanks: fc.constantFrom(' ', ' ', '', '\t', '   '),
})

/** The elements of a list header (RFC 9110 section 5.6.1), in lower case. */
function elements(lines: readonly Line[], name: string, unquotes: boolean): string[] {
  return valuesOf(lines, name)
    .flatMap(value => value.split(','))
    .map(element => element.trim().toLowerCase())
    .map(element => (unquotes ? element.replace(/^"(.*)"$/, '$1') : element))
}

function valuesOf(lines: readonly Line[], name: string): string[] {
  return lines.filter(([candidate]) => candidate.toLowerCase() === name).map(([, value]) => value.trim())
}

/** RFC 6455 section 4.2.1. As in ASP.NET Core, elements of `Upgrade` and of the version may be quoted, other versions may stand beside 13, and lines without a value do not count. */
function isHandshake(method: string, lines: readonly Line[]): boolean {
  const keys = valuesOf(lines, 'sec-websocket-key').filter(value => value !== '')
  return (
    method === 'GET' &&
    elements(lines, 'connection', false).includes('upgrade') &&
    elements(lines, 'upgrade', true).includes('websocket') &&
    elements(lines, 'sec-websocket-version', true).includes('13') &&
    keys.length === 1 &&
    Buffer.from(keys[0]!, 'base64').length === 16 &&
    Buffer.from(keys[0]!, 'base64').toString('base64') === keys[0]
  )
}

it('answers 101 to a handshake, and to everything else as an ordinary request: a simple reading of the RFC says which is which', async () => {
  let [accepted, refused] = [0, 0]
  await target().strikeAsync(() =>
    fc.assert(
      fc.asyncProperty(request, async ({ method, version, usual, more, order, blanks }) => {
        const lines: Line[] = [...Object.entries(usual).filter(([, value]) => value !== ''), ...more]
        lines.push(...lines.splice(0, order % (lines.length + 1)))
        // Two lengths are no request at all.
        const lengths = valuesOf(lines, 'content-length').length
        fc.pre(lengths < 2)

        const peer = target().connect()
        peer.send(
          `${method} /x HTTP/${version}\r\nHost: localhost\r\n`,
          ...lines.map(([name, value]) => `${name}:${blanks}${value}\r\n`),
          '\r\n',
        )
        const { status, head } = await peer.answerAsync()
        peer.destroy()
        // Two origins are nobody's.
        const allowed = valuesOf(lines, 'origin').length > 1 ? 403 : 101
        const expected = isHandshake(method, lines) ? allowed : 400
        expect(`${status} ${JSON.stringify([method, version, lines])}`).toBe(`${expected} ${JSON.stringify([method, version, lines])}`)
        if (status === 101) expect(head).toMatch(/^sec-websocket-accept: [A-Za-z0-9+/]{27}=\r$/im)
        if (status === 101) accepted++
        else refused++
      }),
      fuzz(600),
    ),
  )
  expect(Math.min(accepted, refused)).toBeGreaterThan(50)
})
