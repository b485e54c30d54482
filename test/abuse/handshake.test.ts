import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { text } from '../conformance/support/frames.ts'
import { deferred } from '../support/deferred.ts'
import { handshakeBytes } from '../support/raw-handshake.ts'
import { echo } from './support/applications.ts'
import type { Peer } from './support/peer.ts'
import { scale, turns, until } from './support/scale.ts'
import { attackTable, Target } from './support/target.ts'

const handshake = handshakeBytes({ frames: 'first words' })
const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='
const large = 64 * 1024

const departures: { how: string; leave(peer: Peer): void }[] = [
  { how: 'reset', leave: peer => peer.reset() },
  { how: 'half-close', leave: peer => peer.end() },
]

describe('a peer that goes during the handshake', () => {
  it.each(departures)('$how at every byte of the handshake, 1,000 times: no uncaught error, every handler ends', async ({ leave }) => {
    await using target = await Target.startAsync(echo, { webSockets: { closeTimeout: 100 } })
    await target.attackAsync(async () => {
      for (let i = 0; i < scale(500, 10_000); i++) {
        const peer = await target.connectTcpAsync()
        peer.send(handshake.subarray(0, i % (handshake.length + 1)))
        await turns(i % 3)
        leave(peer)
      }
    })
    expect(target.takeWarnings()).toEqual([])
  })

  it('reset between upgrade and accept: the accept rejects, the scope is disposed', async () => {
    const count = scale(100, 2_000)
    let [rejected, disposed] = [0, 0]
    await using target = await Target.startAsync(app => {
      app.run(async context => {
        context.response.registerForDispose({ [Symbol.dispose]: () => disposed++ })
        const { requestAborted } = context
        if (!requestAborted.aborted) await once(requestAborted, 'abort')
        await context.webSockets.acceptWebSocketAsync().catch(() => rejected++)
      })
    })
    await target.attackAsync(async () => {
      for (let i = 0; i < count; i++) {
        const peer = await target.connectTcpAsync()
        peer.send(handshake)
        await until('the request arrives', () => target.running === 1)
        peer.reset()
        await until('the request ends', () => target.running === 0)
      }
    })
    expect([rejected, disposed]).toEqual([count, count])
  })
})

describe('a handshake that is none', () => {
  const target = attackTable(app => {
    app.use((context, next) => {
      if (context.request.path !== '/nowhere') return next(context)
      context.response.statusCode = 404
    })
    echo(app)
  })

  it.each([
    ['without a key', handshakeBytes().toString().replace(`${key}\r\n`, ''), 400],
    ['with an empty key', handshakeBytes().toString().replace(key, 'Sec-WebSocket-Key: '), 400],
    ['with a bad key', handshakeBytes().toString().replace(key, 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ'), 400],
    ['with two keys', handshakeBytes({ headers: [key] }).toString(), 400],
    ['where nobody accepts it', handshakeBytes({ path: '/nowhere' }).toString(), 404],
  ])('%s, again and again: the application answers, every promise settles', async (_, bytes, status) => {
    const inOneConnection = 100
    await target().strikeAsync(async () => {
      for (let i = 0; i < scale(5, 200); i++) {
        const peer = await target().connectTcpAsync()
        for (let j = 0; j < inOneConnection; j++) {
          peer.send(bytes)
          expect((await peer.answerAsync()).status).toBe(status)
        }
        expect(peer.hasEnded).toBe(false)
        peer.destroy()
      }
    })
    expect(target().takeWarnings()).toEqual([])
  })

  it.each([
    ['more lines than maxRequestHeaderCount', Array.from({ length: 200 }, (_, i) => `x-${i}: ${i}`), 431],
    ['16,000 lines of one byte', Array(16_000).fill('a:'), 431],
    ['a header named __proto__', ['__proto__: x', 'x-after: 1'], 101],
    ['a header named constructor', ['constructor: x', 'hasOwnProperty: y', 'toString: z'], 101],
    ...['Key', 'Version', 'Protocol', 'Extensions', 'Accept'].map(
      name => [`64 KiB of Sec-WebSocket-${name}`, [`Sec-WebSocket-${name}: ${'x'.repeat(large)}`], 431] as [string, string[], number],
    ),
  ])('%s: an ordinary answer', async (_, headers, status) => {
    await target().strikeAsync(async () => {
      for (let i = 0; i < scale(5, 100); i++) {
        const peer = target().connect()
        peer.send(handshakeBytes({ headers }))
        expect((await peer.answerAsync()).status).toBe(status)
        peer.destroy()
      }
    })
  })
})

describe('header values that make a pattern go back and forth: linear time', () => {
  const blanks = ' '.repeat(large)
  const values = {
    'Sec-WebSocket-Protocol': [
      `a${blanks}b`,
      `a, ${blanks}`,
      ', '.repeat(large / 2),
      `"${'\\"'.repeat(large / 2)}`,
      '"a", '.repeat(large / 5),
    ],
    'Sec-WebSocket-Extensions': [
      `permessage-deflate;${blanks}x`,
      'permessage-deflate; '.repeat(large / 20),
      `permessage-deflate; client_max_window_bits=${'1'.repeat(large)}`,
      'permessage-deflate; a="'.repeat(large / 23),
      `permessage-deflate${';'.repeat(large)}`,
      'permessage-deflate; client_no_context_takeover; client_no_context_takeover, '.repeat(large / 76),
    ],
    Connection: [`Upgrade, a${blanks}b`, `Upgrade${' ,'.repeat(large / 2)}x`, `a${blanks},${blanks}b`],
    Origin: [`http://${'a.'.repeat(large / 2)}`, `http://${blanks}x`],
    Cookie: [`a=${blanks};b`, '; '.repeat(large / 2), `a="${'\\'.repeat(large)}`],
    Accept: [`text/html;${blanks}x`],
  }
  /** Quadratic time takes some times that. */
  const enough = 1_000
  const target = attackTable(
    app => {
      app.use((context, next) => {
        void [...context.request.cookies]
        return next(context)
      })
      echo(app, { dangerousEnableCompression: true })
    },
    { limits: { maxRequestHeadersTotalSize: 8 * large } },
  )

  it.each(Object.entries(values).flatMap(([name, list]) => list.map(value => ({ name, value, looks: `${value.slice(0, 40).trim()}…` }))))(
    '64 KiB of $name: $looks',
    async ({ name, value }) => {
      const head = handshakeBytes({ headers: [`${name}: ${value}`] })
      await target().strikeAsync(async () => {
        for (const bytes of [head, Buffer.from(head.toString('latin1').replace(key, 'Sec-WebSocket-Key: none'), 'latin1')]) {
          const { user: before } = process.cpuUsage()
          const peer = target().connect()
          peer.send(bytes)
          expect([101, 400, 403]).toContain((await peer.answerAsync()).status)
          expect((process.cpuUsage().user - before) / 1_000).toBeLessThan(enough)
          peer.reset()
        }
      })
    },
  )
})

describe('more upgrades than are allowed', () => {
  it('N+1 pending: 503, the others unharmed', async () => {
    const accept = deferred()
    await using target = await Target.startAsync(
      app => {
        app.use(async (context, next) => {
          await accept.promise
          await next(context)
        })
        echo(app)
      },
      { limits: { maxPendingUpgrades: 5 } },
    )
    await target.attackAsync(async () => {
      const pending = Array.from({ length: 5 }, () => target.connect().send(handshakeBytes()))
      await until('they arrive', () => target.running === 5)
      for (let i = 0; i < scale(50, 1_000); i++) {
        const refused = target.connect().send(handshakeBytes())
        expect((await refused.answerAsync()).status).toBe(503)
        refused.destroy()
      }
      accept.resolve()
      await echoesAsync(pending)
      await echoesAsync([await target.connect().upgradeAsync()], 0)
    })
  })

  it('N+1 open: 503, the others unharmed', async () => {
    await using target = await Target.startAsync(echo, { limits: { maxConcurrentUpgradedConnections: 5 } })
    await target.attackAsync(async () => {
      const open = Array.from({ length: 5 }, () => target.connect().send(handshakeBytes()))
      await until('they are accepted', () => target.running === 5)
      for (let i = 0; i < scale(50, 1_000); i++) {
        const refused = target.connect().send(handshakeBytes())
        expect((await refused.answerAsync()).status).toBe(503)
        refused.destroy()
      }
      await echoesAsync(open)
    })
  })

  async function echoesAsync(peers: readonly Peer[], heads = 1): Promise<void> {
    for (const peer of peers) {
      if (heads > 0) expect((await peer.answerAsync()).status).toBe(101)
      peer.send(text('still there'))
      expect((await peer.frameAsync())?.payload.toString()).toBe('still there')
    }
  }
})
