import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { binary, continuation, deflated, ping, pong, text } from '../conformance/support/frames.ts'
import { ChildTarget } from './support/child-target.ts'
import { scale } from './support/scale.ts'

interface Flood {
  name: string
  path: string
  headers?: string[]
  first?: Buffer
  unit: Buffer
}

/** The bound of the design, in milliseconds. */
const longestTurn = 50
/** So often the other socket is answered while the flood goes on. */
const roundTrips = scale(50, 1_000)
const part = { fin: false }
const compressed = { rsv: 4 }
const headers = ['Sec-WebSocket-Extensions: permessage-deflate']
/** Long enough that what the system holds of a flood is soon worked off when the peer has gone. */
const noise = randomBytes(300)

const floods: Flood[] = [
  { name: 'messages of no bytes, at a handler with work to do', path: '/work', unit: text('') },
  { name: 'messages of no bytes, at an echo', path: '/echo', unit: text('') },
  { name: 'messages of no bytes, received by frames', path: '/frames', unit: text('') },
  { name: 'fragments of no bytes', path: '/echo', first: text('', part), unit: continuation('', part) },
  { name: 'fragments of no bytes, received by frames', path: '/frames', first: text('', part), unit: continuation('', part) },
  { name: 'pings, at a handler that receives', path: '/echo', unit: ping() },
  { name: 'pings, at a handler that receives frames', path: '/frames', unit: ping() },
  { name: 'pings, at a handler that does not receive', path: '/deaf', unit: ping() },
  { name: 'pongs that nobody asked for', path: '/echo', unit: pong() },
  { name: 'fragments and pings in turn', path: '/echo', first: text('', part), unit: Buffer.concat([ping(), continuation('', part)]) },
  { name: 'compressed messages of noise', path: '/echo', headers, unit: binary(deflated(noise), compressed) },
  { name: 'compressed messages of noise, received by frames', path: '/frames', headers, unit: binary(deflated(noise), compressed) },
  {
    name: 'compressed messages that expand to 60,000 bytes',
    path: '/echo',
    headers,
    unit: binary(deflated(Buffer.alloc(60_000)), compressed),
  },
]

describe('while one peer floods the smallest frames the event loop goes round, and other sockets are served', () => {
  let target: ChildTarget
  beforeAll(async () => {
    target = await ChildTarget.startAsync({ unreadTimeout: 200 })
    for (const flood of floods) await runAsync(flood, 5)
  })
  afterAll(() => target[Symbol.asyncDispose]())

  it.each(floods)('$name', async flood => {
    const worst = await target.attackAsync(() => runAsync(flood, roundTrips))
    expect(worst.longestTurn).toBeLessThan(longestTurn)
  })

  it('requests without end in one connection, of which nobody reads the answers', async () => {
    const requests = Buffer.from('GET /ignore HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(1_000))
    const worst = await target.attackAsync(async () => {
      const flooding = await target.connectAsync()
      flooding.connection.pause()
      let isServed = false
      const flood = flooding.floodAsync(requests, () => isServed)
      await answersAsync(roundTrips)
      isServed = true
      flooding.reset()
      await flood
    })
    expect(worst.longestTurn).toBeLessThan(longestTurn)
  })

  /** Another socket is answered. */
  async function answersAsync(answers: number): Promise<void> {
    const other = await target.openAsync('/echo')
    for (let i = 0; i < answers; i++) {
      other.send(text(String(i)))
      expect((await other.frameAsync())?.payload.toString()).toBe(String(i))
    }
    other.destroy()
  }

  async function runAsync({ path, headers = [], first, unit }: Flood, answers: number): Promise<void> {
    const flooding = (await target.openAsync(path, headers)).ignore()
    if (first !== undefined) flooding.send(first)
    let isServed = false
    const flood = flooding.floodAsync(Buffer.concat(Array(5_000).fill(unit)), () => isServed)
    await answersAsync(answers)
    isServed = true
    flooding.reset()
    await flood
  }
})
