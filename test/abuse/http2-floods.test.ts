import { once } from 'node:events'
import { connect } from 'node:http2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ChildTarget } from './support/child-target.ts'
import { endHeaders, endStream, FrameType, frame, getRoot, Http2Attacker, literal } from './support/http2-attacker.ts'
import { scale, until } from './support/scale.ts'

const { Data, Headers, Reset, Settings, Ping, WindowUpdate, Continuation } = FrameType
const cancel = Buffer.of(0, 0, 0, 8)
const whole = endStream | endHeaders
const megabyte = 1024 * 1024

/** The number of the i-th stream that a client opens. */
const stream = (i: number): number => 2 * i + 1

interface Flood {
  readonly what: string
  readonly times: number
  /** Whether the client takes what the server answers. Default true. */
  readonly reads?: boolean
  readonly first?: Uint8Array
  readonly make: (i: number) => Uint8Array
  /** The server ends the connection by itself. */
  readonly isEnded?: true
}

/** A header of 4,000 bytes that is remembered, and then named again and again in one byte. */
const bomb = Buffer.concat([
  Buffer.from(`828684${literal(1, 'localhost')}40${literal('x', 'y'.repeat(4_000)).slice(2)}`, 'hex'),
  Buffer.alloc(10_000, 0xbe),
])

const floods: readonly Flood[] = [
  {
    what: 'streams that are reset at once (CVE-2023-44487)',
    isEnded: true,
    times: scale(20_000, 500_000),
    make: i => Buffer.concat([frame(Headers, whole, stream(i), getRoot), frame(Reset, 0, stream(i), cancel)]),
  },
  {
    what: 'SETTINGS whose answers nobody reads (CVE-2019-9515)',
    times: scale(100_000, 1_000_000),
    reads: false,
    make: () => frame(Settings, 0, 0),
  },
  {
    what: 'pings whose answers nobody reads (CVE-2019-9512)',
    times: scale(100_000, 1_000_000),
    reads: false,
    make: () => frame(Ping, 0, 0, Buffer.alloc(8)),
  },
  {
    what: 'a head that never ends (CONTINUATION flood, CVE-2024-27316)',
    isEnded: true,
    times: scale(20_000, 200_000),
    first: frame(Headers, endStream, 1, getRoot),
    make: i => frame(Continuation, 0, 1, Buffer.from(literal(`x${i}`, 'y'.repeat(200)), 'hex')),
  },
  {
    what: 'empty parts of a head that never ends (CVE-2019-9518)',
    times: scale(100_000, 1_000_000),
    first: frame(Headers, endStream, 1, getRoot),
    make: () => frame(Continuation, 0, 1),
  },
  {
    what: 'empty parts of a body that never ends',
    times: scale(100_000, 1_000_000),
    first: frame(Headers, endHeaders, 1, Buffer.concat([Buffer.from('83', 'hex'), getRoot.subarray(1)])),
    make: () => frame(Data, 0, 1),
  },
  { what: 'streams that are left open', times: scale(5_000, 100_000), make: i => frame(Headers, endHeaders, stream(i), getRoot) },
  { what: 'heads that grow when they are read (HPACK bomb)', times: scale(500, 5_000), make: i => frame(Headers, whole, stream(i), bomb) },
  {
    what: 'windows that are opened and never used',
    times: scale(100_000, 1_000_000),
    make: () => frame(WindowUpdate, 0, 0, Buffer.of(0, 0, 0, 1)),
  },
  {
    what: 'requests whose answers nobody reads',
    times: scale(5_000, 50_000),
    reads: false,
    make: i => frame(Headers, whole, stream(i), getRoot),
  },
]

describe('a flood over HTTP/2 leaves the process, its other connections and its memory alone', () => {
  let target: ChildTarget

  beforeAll(async () => {
    target = await ChildTarget.startAsync()
    // What a process needs for its first flood (compiled code, the young generation of V8) it keeps for all others.
    await floodAsync(floods[0]!, 5_000)
  })
  afterAll(() => target[Symbol.asyncDispose]())

  async function floodAsync({ reads = true, first, make }: Flood, times: number): Promise<void> {
    const attackers = await Promise.all([1, 2, 3].map(() => Http2Attacker.connectAsync(target.http2Port, { reads })))
    const flooding = attackers.map(async attacker => {
      if (first !== undefined) await attacker.sendAsync(first)
      await attacker.floodAsync(times, make)
    })
    await http2Answers(target.http2Port)
    expect(await target.getAsync('/')).toBe('alive')
    await Promise.all(flooding)
    await Promise.all(attackers.map(attacker => attacker.endAsync()))
  }

  it.each(floods)('$what', { timeout: 120_000 }, async flood => {
    const { growth } = await target.attackAsync(() => floodAsync(flood, flood.times))
    expect(growth).toBeLessThan(64 * megabyte)
    await http2Answers(target.http2Port)
    expect(target.output).not.toMatch(/crit|Unhandled|fail:/)
  })

  it.each(floods.filter(({ isEnded }) => isEnded))(
    '$what: the server ends the connection',
    { timeout: 120_000 },
    async ({ times, reads = true, first, make }) => {
      const attacker = await Http2Attacker.connectAsync(target.http2Port, { reads })
      if (first !== undefined) await attacker.sendAsync(first)
      await attacker.floodAsync(times, make)
      await until('the server ends the connection', () => attacker.hasEnded)
      await attacker.endAsync()
    },
  )
})

async function http2Answers(port: number): Promise<void> {
  const session = connect(`http://127.0.0.1:${port}`)
  const request = session.request({ ':path': '/' })
  const [headers] = await once(request, 'response')
  expect(headers[':status']).toBe(200)
  expect((await request.toArray()).join('')).toBe('alive')
  session.destroy()
  await once(session, 'close')
}
