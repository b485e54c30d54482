import { describe, expect, it } from 'vitest'
import { text } from '../conformance/support/frames.ts'
import { handshakeBytes } from '../support/raw-handshake.ts'
import { echo } from './support/applications.ts'
import type { Peer } from './support/peer.ts'
import { scale, turns, until } from './support/scale.ts'
import { attackTable, Target } from './support/target.ts'

const host = 'Host: localhost\r\n'
const smuggled = `GET /smuggled HTTP/1.1\r\n${host}\r\n`
const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\n'

/** Heads whose end, or the end of whose body, two programs may see in different places. */
const ambiguous: [what: string, bytes: string][] = [
  ['Content-Length and Transfer-Encoding', `Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['Transfer-Encoding and Content-Length', `Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n`],
  ['two lengths', 'Content-Length: 4\r\nContent-Length: 5\r\n\r\n12345'],
  ['the same length twice', 'Content-Length: 4\r\nContent-Length: 4\r\n\r\n1234'],
  ['a list of lengths', 'Content-Length: 4, 4\r\n\r\n1234'],
  ['a length with a sign', 'Content-Length: +4\r\n\r\n1234'],
  ['a hexadecimal length', 'Content-Length: 0x4\r\n\r\n1234'],
  ['a negative length', 'Content-Length: -1\r\n\r\n1234'],
  ['a length beyond 64 bits', 'Content-Length: 99999999999999999999\r\n\r\n1234'],
  ['an unknown coding', 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
  ['a coding behind chunked', 'Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n'],
  ['chunked in the first of two lines', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n'],
  ['chunked twice', 'Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n'],
  ['a blank in front of the colon', 'Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n'],
  ['a vertical tab in front of the coding', 'Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n'],
  ['a folded line', 'x: 1\r\n Content-Length: 4\r\n\r\n1234'],
  ['a folded Transfer-Encoding', 'Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n'],
  ['a folded first line', ' x: 1\r\nContent-Length: 4\r\n\r\n1234'],
  ['a bare LF between lines', 'x: 1\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['a bare LF at the end', 'Content-Length: 0\r\n\n'],
  ['a bare CR between lines', 'x: 1\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['NUL in a value', 'x: a\0b\r\n\r\n'],
  ['a line without a colon', 'xyz\r\n\r\n'],
  ['a line without a name', ': x\r\n\r\n'],
  ['a second Host', 'Host: other\r\n\r\n'],
  ['a chunk that ends its line by LF', 'Transfer-Encoding: chunked\r\n\r\n4\n1234\r\n0\r\n\r\n'],
  ['a chunk extension that ends by LF', 'Transfer-Encoding: chunked\r\n\r\n4;a=\n1234\r\n0\r\n\r\n'],
  ['a chunk size with a blank', 'Transfer-Encoding: chunked\r\n\r\n4 \r\n1234\r\n0\r\n\r\n'],
  ['a chunk size with 0x', 'Transfer-Encoding: chunked\r\n\r\n0x4\r\n1234\r\n0\r\n\r\n'],
  ['a negative chunk size', 'Transfer-Encoding: chunked\r\n\r\n-4\r\n1234\r\n0\r\n\r\n'],
  ['a chunk size beyond 64 bits', 'Transfer-Encoding: chunked\r\n\r\n10000000000000004\r\n1234\r\n0\r\n\r\n'],
  ['a chunk longer than its size', 'Transfer-Encoding: chunked\r\n\r\n4\r\n123456\r\n0\r\n\r\n'],
  ['20,000 bytes of chunk extension', `Transfer-Encoding: chunked\r\n\r\n4;${'a'.repeat(20_000)}\r\n1234\r\n0\r\n\r\n`],
]

/** Node 26 reads the body of a request with an `Upgrade` header, but keeps an error in its chunks to itself: the limit of the pace ends such a request. */
const chunkErrorsAreLost = Number.parseInt(process.versions.node, 10) >= 26

describe('requests that a proxy may have read otherwise: 400, and nothing behind them is served', () => {
  const seen: string[] = []
  const target = attackTable(
    app => {
      app.run(async ({ request, response }) => {
        seen.push(request.path)
        await request.readAsTextAsync()
        await response.writeAsync('read')
      })
    },
    { limits: { minRequestBodyDataRate: { bytesPerSecond: 240, gracePeriod: 1_001 } } },
  )

  it.each(
    ambiguous.flatMap(([what, bytes]) => [
      { what, bytes: `POST / HTTP/1.1\r\n${host}${bytes}`, status: 400 },
      {
        what: `${what}, beside an upgrade`,
        bytes: `POST / HTTP/1.1\r\n${host}${upgrade}${bytes}`,
        status: chunkErrorsAreLost && /\bchunk\b/.test(what) ? 408 : 400,
      },
    ]),
  )('$what', async ({ bytes, status }) => {
    await target().strikeAsync(async () => {
      for (let i = 0; i < scale(1, 50); i++) {
        const peer = await target().connectTcpAsync()
        peer.send(bytes.replace('POST / ', 'POST /attack '), smuggled)
        expect((await peer.answerAsync()).status).toBe(status)
        await peer.endedAsync()
        expect(seen).not.toContain('/smuggled')
      }
    })
  })
})

describe('pipelining', () => {
  it('GET + upgrade + frame bytes in one packet: both answered, in order; frame bytes reach the socket', async () => {
    await using target = await Target.startAsync(echo)
    await target.attackAsync(async () => {
      for (let i = 0; i < scale(50, 5_000); i++) {
        const peer = await target.connectTcpAsync()
        peer.send(`GET / HTTP/1.1\r\n${host}\r\n`, handshakeBytes({ frames: 'first' }), text('second'))
        expect(await peer.answerAsync()).toMatchObject({ status: 200, body: 'alive' })
        expect((await peer.answerAsync()).status).toBe(101)
        for (const message of ['first', 'second']) expect((await peer.frameAsync())?.payload.toString()).toBe(message)
        peer.leave()
      }
    })
  })

  it('slow GET before an upgrade: responses in order', async () => {
    await using target = await Target.startAsync(app => {
      app.use(async (context, next) => {
        if (context.request.path !== '/slow') return next(context)
        for (let i = 0; i < 10; i++) {
          await turns(3)
          await context.response.writeAsync(`${i}`)
        }
      })
      echo(app)
    })
    await target.attackAsync(async () => {
      for (let i = 0; i < scale(20, 500); i++) {
        const peer = await target.connectTcpAsync()
        peer.send(`GET /slow HTTP/1.1\r\n${host}\r\n`, handshakeBytes({ frames: 'first' }))
        expect((await peer.answerAsync()).body).toBe('0123456789')
        await peer.answerAsync()
        expect((await peer.frameAsync())?.payload.toString()).toBe('first')
        peer.leave()
      }
    })
  })

  it('a slow GET, an upgrade behind it, and a peer that has gone before either is answered', async () => {
    await using target = await Target.startAsync(app => {
      app.use(async (context, next) => {
        if (context.request.path === '/slow') await turns(20)
        await next(context)
      })
      echo(app)
    })
    await target.attackAsync(async () => {
      for (let i = 0; i < scale(50, 2_000); i++) {
        const peer = await target.connectTcpAsync()
        peer.send(`GET /slow HTTP/1.1\r\n${host}\r\n`, handshakeBytes({ frames: 'first' }))
        await turns(i % 25)
        peer.leave()
      }
    })
  })

  it('ten thousand requests in one write, of which nobody reads the answers', async () => {
    await using target = await Target.startAsync(app => app.run(({ response }) => response.writeAsync('x'.repeat(1_000))))
    await target.attackAsync(async () => {
      for (let i = 0; i < scale(1, 50); i++) {
        const peer = await target.connectTcpAsync()
        peer.connection.pause()
        peer.send(`GET /x HTTP/1.1\r\n${host}\r\n`.repeat(10_000))
        await turns(50)
        peer.leave()
      }
    })
  })
})

describe('an upgrade request with a body: body readable, connection usable afterwards', () => {
  const next = `GET / HTTP/1.1\r\n${host}\r\n`

  it.each([
    ['POST with Upgrade: h2c', `POST /read HTTP/1.1\r\n${host}Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 4\r\n\r\n1234`],
    ['POST with Upgrade: websocket', `POST /read HTTP/1.1\r\n${host}${upgrade}Content-Length: 4\r\n\r\n1234`],
    ['GET with Upgrade: websocket', `GET /read HTTP/1.1\r\n${host}${upgrade}Content-Length: 4\r\n\r\n1234`],
    ['chunked', `POST /read HTTP/1.1\r\n${host}${upgrade}Transfer-Encoding: chunked\r\n\r\n2\r\n12\r\n2\r\n34\r\n0\r\n\r\n`],
    ['a whole handshake', `${handshakeBytes({ path: '/read', headers: ['Content-Length: 4'] })}1234`],
  ])('%s', async (_, bytes) => {
    await using target = await Target.startAsync(app => {
      app.run(async ({ request, response, webSockets }) => {
        await response.writeAsync(`${webSockets.isWebSocketRequest} ${await request.readAsTextAsync()}`)
      })
    })
    await target.attackAsync(async () => {
      for (let i = 0; i < scale(10, 500); i++) {
        const peer = await target.connectTcpAsync()
        for (const cut of [bytes.length, bytes.length - 2]) {
          peer.send(bytes.slice(0, cut))
          await turns(5)
          peer.send(bytes.slice(cut))
          expect(await peer.answerAsync()).toMatchObject({ status: 200, body: 'false 1234' })
          if (await isOverAsync(peer)) return
          peer.send(next)
          expect(await peer.answerAsync()).toMatchObject({ status: 200, body: 'alive' })
        }
        peer.leave()
      }
    })
  })

  /** Newer Node loses what follows such a request in the same packet, so the connection ends there, and says so. */
  async function isOverAsync(peer: Peer): Promise<boolean> {
    await turns(10)
    return peer.hasEnded
  }
})

describe('a request that is cut off', () => {
  const requests: [string, string][] = [
    ['a body with a length', `POST /read HTTP/1.1\r\n${host}Content-Length: 20\r\n\r\n12345678901234567890`],
    ['a chunked body', `POST /read HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\nx: y\r\n\r\n`],
    ['a body that waits for 100 Continue', `POST /read HTTP/1.1\r\n${host}Expect: 100-continue\r\nContent-Length: 5\r\n\r\n12345`],
  ]

  it.each(requests.flatMap(([what, bytes]) => (['reset', 'end', 'destroy'] as const).map(leave => ({ what, bytes, leave }))))(
    '$what, $leave at every byte',
    async ({ bytes, leave }) => {
      await using target = await Target.startAsync(app => {
        app.run(async ({ request, response }) => {
          const body = await request.readAsTextAsync()
          await turns(2)
          await response.writeAsync(body)
        })
      })
      await target.attackAsync(async () => {
        for (let round = 0; round < scale(1, 20); round++) {
          for (let length = 0; length <= bytes.length; length++) {
            const peer = await target.connectTcpAsync()
            peer.send(bytes.slice(0, length))
            await turns(length % 4)
            peer[leave]()
          }
          await until('the requests end', () => target.running === 0)
        }
      })
      expect(target.takeWarnings()).toEqual([])
    },
  )
})
