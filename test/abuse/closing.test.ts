import type { WebSocket } from '@windhover/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { close, text } from '../conformance/support/frames.ts'
import { ChildTarget } from './support/child-target.ts'
import { scale, turns } from './support/scale.ts'
import { attackTable } from './support/target.ts'

type Use = (socket: WebSocket) => Promise<unknown>

let use: Use
const outcomes: unknown[] = []
const states: string[] = []
const target = attackTable(
  app => {
    app.run(async context => {
      const socket = await context.webSockets.acceptWebSocketAsync()
      await use(socket).then(
        () => outcomes.push('fulfilled'),
        error => outcomes.push(error),
      )
      states.push(socket.state)
    })
  },
  { webSockets: { closeTimeout: 200 } },
)

describe("closeAsync with what is no reason: rejected; only the reason's UTF-8 bytes ever go out", () => {
  const heapBytes = Buffer.alloc(123, 'heap')

  it.each<[string, unknown]>([
    ['a typed array', heapBytes],
    ['a typed array of other numbers', new Float64Array(10)],
    ['an ArrayBuffer', new ArrayBuffer(50)],
    ['a number, which would be a size', 100],
    ['an object with a length', { length: 123 }],
    ['an object that makes itself a text', { toString: () => 'text' }],
    ['a list', ['text']],
    ['true', true],
    ['124 bytes', 'x'.repeat(124)],
    ['42 characters of three bytes', '\u20ac'.repeat(42)],
    ['a million characters', 'x'.repeat(1_000_000)],
  ])('%s', async (_, reason) => {
    for (const member of ['closeAsync', 'closeOutputAsync'] as const) {
      outcomes.length = 0
      use = async socket => socket[member](1000, reason as string)
      await target().strikeAsync(async () => {
        const peer = await target().connect().upgradeAsync()
        const frame = await peer.frameAsync()
        // The middleware closes what the handler has left open.
        expect([frame?.opcode, frame?.payload]).toEqual([8, Buffer.from([0x03, 0xe8])])
      })
      expect((outcomes[0] as { code: string }).code).toMatch(/^WINDHOVER_ERR_WEBSOCKET_CLOSE_DESCRIPTION/)
    }
  })

  it.each([
    ['123 bytes', 'x'.repeat(123)],
    ['41 characters of three bytes', '\u20ac'.repeat(41)],
    ['half a surrogate pair', 'a\ud800b'],
    ['nothing', ''],
    ['null', null],
  ])('%s goes out as it is', async (_, reason) => {
    use = socket => socket.closeAsync(1000, reason)
    await target().strikeAsync(async () => {
      const peer = await target().connect().upgradeAsync()
      expect((await peer.frameAsync())?.payload.subarray(2).toString()).toBe(Buffer.from(reason ?? '').toString())
    })
  })
})

describe('close races: every pending promise settles', () => {
  const races: Record<string, Use> = {
    'both sides at once': socket => socket.closeAsync(1000),
    'while a receive waits': async socket => {
      const receiving = socket.receiveMessageAsync()
      await Promise.allSettled([socket.closeAsync(1000), receiving])
    },
    'closed three times': socket => Promise.allSettled([socket.closeAsync(1000), socket.closeAsync(1001), socket.closeOutputAsync(1002)]),
    'closed and aborted': async socket => {
      const closing = socket.closeAsync(1000)
      socket.abort()
      await Promise.allSettled([closing])
    },
    'sends behind a close': socket =>
      Promise.allSettled([socket.sendAsync('a'), socket.closeAsync(1000), socket.sendAsync('b'), socket.sendAsync('c')]),
    'aborted while all three are pending': async socket => {
      const pending = [socket.receiveMessageAsync(), socket.sendAsync('a'.repeat(100_000)), socket.closeAsync(1000)]
      await turns(1)
      socket.abort()
      await Promise.allSettled(pending)
    },
  }

  it.each(Object.keys(races))('%s', async name => {
    use = races[name]!
    states.length = 0
    let count = 0
    await target().strikeAsync(async () => {
      for (let i = 0; i < scale(3, 200); i++) {
        for (let wait = 0; wait < 6; wait++) {
          for (const last of [close(1000), close(4000, 'mine'), text('half').subarray(0, 7), Buffer.alloc(0)]) {
            const peer = await target().connect().upgradeAsync()
            count++
            await turns(wait)
            peer.send(last)
            await turns(wait % 3)
            peer.leave()
          }
        }
      }
    })
    // Thousands of errors are memory too.
    outcomes.length = 0
    expect(states).toHaveLength(count)
    expect(states.filter(state => state === 'open')).toEqual([])
  })
})

describe('two loops in a handler, and the peer vanishes, so that a floating promise rejects', () => {
  let child: ChildTarget
  beforeAll(async () => {
    child = await ChildTarget.startAsync()
  })
  afterAll(() => child[Symbol.asyncDispose]())

  it('the process lives, one Warning for each', async () => {
    const count = scale(20, 500)
    await child.attackAsync(async () => {
      for (let i = 0; i < count; i++) {
        const peer = await child.openAsync('/two-loops')
        await peer.frameAsync()
        peer.reset()
      }
    })
    expect(child.output.match(/^warn: /gm)).toHaveLength(count)
    expect(child.output.match(/A promise was rejected because its WebSocket has ended/g)).toHaveLength(count)
    expect(child.output).not.toMatch(/^(fail|crit): /m)
  })
})
