import { constants, deflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { continuation, frame, opcodes, ping, text } from '../conformance/support/frames.ts'
import { deferred } from '../support/deferred.ts'
import { ChildTarget } from './support/child-target.ts'
import type { Peer } from './support/peer.ts'
import { Residue } from './support/residue.ts'
import { scale, turns } from './support/scale.ts'
import { Target } from './support/target.ts'

const mebi = 1024 * 1024
/** The bound of the design. */
const plateau = 32 * mebi
const million = 1_000_000
const compressed = ['Sec-WebSocket-Extensions: permessage-deflate']
const part = { fin: false }

describe('the memory of the process stays bounded', () => {
  let target: ChildTarget
  beforeAll(async () => {
    target = await ChildTarget.startAsync({ keepAliveInterval: 200, keepAliveTimeout: 200, unreadTimeout: 200, closeTimeout: 1_000 })
  })
  afterAll(() => target[Symbol.asyncDispose]())

  async function growthAsync(attack: () => Promise<void>): Promise<number> {
    return (await target.attackAsync(attack)).growth
  }

  it.each([
    { name: 'one message of a million fragments of one byte', payload: 'x', size: million + 1 },
    { name: 'one message of a million empty fragments', payload: '', size: 1 },
  ])('$name', async ({ payload, size }) => {
    const growth = await growthAsync(async () => {
      const peer = await target.openAsync('/size')
      peer.send(text(payload, part))
      await sendFragmentsAsync(peer, payload, million - 1)
      peer.send(continuation('x'))
      expect((await peer.frameAsync())?.payload.toString()).toBe(String(size))
    })
    expect(growth).toBeLessThan(plateau)
  })

  it('one message that grows beyond maxMessageSize by fragments of one byte: 1009, and not before', async () => {
    const growth = await growthAsync(async () => {
      const peer = await target.openAsync('/size')
      peer.send(text('x', part))
      await sendFragmentsAsync(peer, 'x', mebi - 1)
      expect(peer.hasEnded).toBe(false)
      peer.send(continuation('x', part))
      expect(await peer.closeCodeAsync()).toBe(1009)
    })
    expect(growth).toBeLessThan(plateau)
  })

  it('frames that announce 2^63 - 1 bytes and bring none', async () => {
    const growth = await growthAsync(async () => {
      for (let i = 0; i < scale(50, 1_000); i++) {
        const whole = await target.openAsync('/size')
        whole.send(text('', { announced: 2n ** 63n - 1n }))
        expect(await whole.closeCodeAsync()).toBe(1009)
        const streamed = await target.openAsync('/frames')
        streamed.send(text('', { announced: 2n ** 63n - 1n }))
        whole.reset()
        streamed.reset()
      }
    })
    expect(growth).toBeLessThan(plateau)
  })

  it('a client that never reads what the handler sends, until keepAliveTimeout ends it', async () => {
    const growth = await growthAsync(async () => {
      for (let i = 0; i < scale(4, 50); i++) (await target.openAsync('/talk')).connection.pause()
    })
    expect(growth).toBeLessThan(plateau)
  })

  it('a client that sends pings and never reads the answers', async () => {
    const growth = await growthAsync(async () => {
      const peer = await target.openAsync('/echo')
      peer.connection.pause()
      await peer.floodAsync(Buffer.concat(Array(1_000).fill(ping('p'.repeat(125)))), sent => sent >= scale(32, 512) * mebi)
      peer.reset()
    })
    expect(growth).toBeLessThan(plateau)
  })

  it('more clients that do not read than there are slabs: the others are served all the same', async () => {
    const growth = await growthAsync(async () => {
      const peers: Peer[] = []
      for (let i = 0; i < scale(130, 500); i++) {
        const peer = await target.openAsync('/echo')
        peer.connection.pause()
        peer.send(...Array(200).fill(text('x'.repeat(1_000))))
        peers.push(peer)
      }
      const other = await target.openAsync('/echo')
      other.send(text('still there?'), text('and again?'))
      expect((await other.frameAsync())?.payload.toString()).toBe('still there?')
      expect((await other.frameAsync())?.payload.toString()).toBe('and again?')
      for (const peer of [...peers, other]) peer.reset()
    })
    expect(growth).toBeLessThan(3 * plateau)
  })

  describe('a message of 1 MiB that inflates to 1 GiB: 1009', () => {
    const bomb = makeBomb()
    const slices = [0, 1, 2, 3].map(i => bomb.subarray((i * bomb.length) / 4, ((i + 1) * bomb.length) / 4))
    const [first, ...others] = slices

    it.each([
      { name: 'received whole', path: '/size', frames: [frame(opcodes.text, bomb, { rsv: 4 })] },
      { name: 'received by frames', path: '/frames', frames: [frame(opcodes.binary, bomb, { rsv: 4 })] },
      {
        name: 'in fragments',
        path: '/size',
        frames: [frame(opcodes.text, first, { rsv: 4, fin: false }), ...others.map(slice => continuation(slice, part))],
      },
    ])('$name', async ({ path, frames }) => {
      const growth = await growthAsync(async () => {
        for (let i = 0; i < scale(10, 500); i++) {
          const peer = await target.openAsync(path, compressed)
          peer.send(...frames)
          expect(await peer.closeCodeAsync()).toBe(1009)
          peer.reset()
        }
      })
      expect(growth).toBeLessThan(plateau)
    })
  })
})

async function sendFragmentsAsync(peer: Peer, payload: string, count: number): Promise<void> {
  const fragment = continuation(payload, part)
  const many = Buffer.concat(Array(4_096).fill(fragment))
  const whole = Math.floor(count / 4_096) * many.length
  await peer.floodAsync(many, sent => sent >= whole)
  peer.send(many.subarray(0, (count % 4_096) * fragment.length))
}

/** Blocks that stand for themselves can be repeated: 64 times 16 MiB of zeros, 16 KiB each. */
function makeBomb(): Buffer {
  const block = deflateRawSync(Buffer.alloc(16 * mebi), { finishFlush: constants.Z_FULL_FLUSH, level: 9 })
  return Buffer.concat(Array(64).fill(block))
}

it('packets of one byte that nobody receives, 260 KB on 4 sockets: at most twice the read-ahead', async () => {
  const finished = deferred()
  await using target = await Target.startAsync(app => {
    app.run(async context => {
      await context.webSockets.acceptWebSocketAsync()
      await finished.promise
    })
  })
  const peers = await Promise.all([1, 2, 3, 4].map(() => target.connect().upgradeAsync()))
  const packet = Buffer.from([0])
  const before = await Residue.takeAsync()
  for (let i = 0; i < 65_000; i++) {
    for (const peer of peers) peer.connection.write(i === 0 ? text('', { announced: 1_000_000n }).subarray(0, 1) : packet)
    if (i % 100 === 0) await turns(2)
  }
  await turns(10)
  await before.comesBackAsync(4 * 2 * 64 * 1024 + mebi)
  finished.resolve()
})
