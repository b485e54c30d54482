import { describe, expect, it } from 'vitest'
import { ping, text } from '../conformance/support/frames.ts'
import { handshakeBytes } from '../support/raw-handshake.ts'
import { echo } from './support/applications.ts'
import type { Peer } from './support/peer.ts'
import { scale, turns, until } from './support/scale.ts'
import { Target } from './support/target.ts'

const host = 'Host: localhost\r\n'
const get = `GET / HTTP/1.1\r\n${host}\r\n`
const limits = {
  requestHeadersTimeout: 200,
  keepAliveTimeout: 200,
  bodyDrainTimeout: 200,
  // More than a byte in every few turns of an idle machine.
  minRequestBodyDataRate: { bytesPerSecond: 1_000_000, gracePeriod: 1_000 },
  minResponseDataRate: { bytesPerSecond: 1_000, gracePeriod: 1_000 },
}
const count = scale(20, 1_000)

/** Sends a byte in every few turns of the event loop until the server has enough of it. */
async function trickleAsync(peer: Peer, bytes: string): Promise<void> {
  for (let i = 0; !peer.hasEnded; i++) {
    peer.send(bytes[i % bytes.length]!)
    await turns(20)
  }
}

describe("peers that take their time: timed out by the server's limits, and the others are served", () => {
  it.each<[string, (peer: Peer) => Promise<void>]>([
    ['slow header, silent', async peer => void peer.send('GET / HTTP/1.1\r\nx: ')],
    ['slow header, byte by byte', peer => trickleAsync(peer, `GET / HTTP/1.1\r\nx: ${'y'.repeat(10_000)}`)],
    ['slow header, line by line', peer => trickleAsync(peer, 'a: b\r\n')],
    ['slow header of a handshake', async peer => void peer.send(handshakeBytes().subarray(0, -2))],
    ['slow header behind an answer', async peer => void peer.send(get, 'GET / HT')],
    ['slow header behind a refused upgrade', async peer => void peer.send(handshakeBytes({ path: '/refuse' }), 'GET / HT')],
    ['slow body, silent', async peer => void peer.send(`POST /read HTTP/1.1\r\n${host}Content-Length: 100\r\n\r\nx`)],
    [
      'slow body, byte by byte',
      async peer => {
        peer.send(`POST /read HTTP/1.1\r\n${host}Content-Length: 100000\r\n\r\n`)
        await trickleAsync(peer, 'x')
      },
    ],
    [
      'slow chunked body',
      async peer => {
        peer.send(`POST /read HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n`)
        await trickleAsync(peer, '1\r\nx\r\n')
      },
    ],
    ['slow body that nobody reads', async peer => void peer.send(`POST / HTTP/1.1\r\n${host}Content-Length: 100\r\n\r\nx`)],
    ['idle keep-alive', async peer => void peer.send(get)],
    ['nothing at all', async () => {}],
    ['blank lines for ever', peer => trickleAsync(peer, '\r\n')],
  ])('%s', async (_, attack) => {
    await using target = await Target.startAsync(
      app => {
        app.run(async ({ request, response }) => {
          if (request.path === '/read') await request.readAsTextAsync()
          else response.statusCode = 404
        })
      },
      { limits },
    )
    await target.attackAsync(async () => {
      const peers: Peer[] = []
      for (let i = 0; i < count; i++) peers.push(await target.connectTcpAsync())
      const attacks = peers.map(attack)
      await target.answersAsync()
      await Promise.all([...attacks, ...peers.map(peer => peer.endedAsync())])
    })
  })

  it('a response that nobody takes', async () => {
    let arrived = 0
    await using target = await Target.startAsync(
      app => {
        app.run(async context => {
          arrived++
          while (!context.requestAborted.aborted) await context.response.writeAsync('x'.repeat(100_000))
        })
      },
      // What the buffers of the system have taken counts as taken, so a low rate means a long wait.
      { limits: { ...limits, minResponseDataRate: { bytesPerSecond: 1_000_000_000, gracePeriod: 1_000 } } },
    )
    await target.attackAsync(async () => {
      const peers: Peer[] = []
      for (let i = 0; i < count; i++) {
        const peer = await target.connectTcpAsync()
        peer.connection.pause()
        peers.push(peer.send(`GET /endless HTTP/1.1\r\n${host}\r\n`))
      }
      await until('the requests arrive', () => arrived === count)
      await until('the requests are aborted', () => target.running === 0)
    })
  })
})

describe('connections without end', () => {
  it('more than maxConcurrentConnections: closed at once, and when one has gone the next is served', async () => {
    await using target = await Target.startAsync(echo, { limits: { maxConcurrentConnections: 10 } })
    await target.attackAsync(async () => {
      const held: Peer[] = []
      for (let i = 0; i < 10; i++) held.push(await target.connectTcpAsync())
      held[9]!.send(get)
      await held[9]!.answerAsync()
      for (let i = 0; i < scale(100, 5_000); i++) {
        const refused = await target.connectTcpAsync()
        refused.send(get)
        await refused.endedAsync()
        refused.destroy()
      }
      held[0]!.send(get)
      expect(await held[0]!.answerAsync()).toMatchObject({ body: 'alive' })
      for (const peer of held) peer.destroy()
      await until('the server sees them go', () => held.every(peer => peer.connection.closed))
      await turns(20)
    })
  })

  it('sockets that only open and stay silent, pings unanswered: aborted by keepAliveTimeout', async () => {
    await using target = await Target.startAsync(echo, { webSockets: { keepAliveInterval: 100, keepAliveTimeout: 100 } })
    await target.attackAsync(async () => {
      const peers: Peer[] = []
      for (let i = 0; i < scale(50, 2_000); i++) peers.push(await (await target.connectTcpAsync()).upgradeAsync())
      await until('they are aborted', () => target.running === 0)
      for (const peer of peers) await peer.endedAsync()
    })
  })

  it('sockets that take nothing while pings and pongs pile up: aborted by keepAliveTimeout', async () => {
    await using target = await Target.startAsync(
      app => {
        app.run(async context => {
          const socket = await context.webSockets.acceptWebSocketAsync()
          for (;;) await socket.sendAsync('x'.repeat(10_000))
        })
      },
      { webSockets: { keepAliveInterval: 50, keepAliveTimeout: 200 } },
    )
    await target.attackAsync(async () => {
      for (let i = 0; i < scale(10, 500); i++) {
        const peer = await (await target.connectTcpAsync()).upgradeAsync()
        peer.connection.pause()
        peer.send(...Array(1_000).fill(ping('p')), text('x'))
      }
      await until('they are aborted', () => target.running === 0)
    })
  })
})

describe('browser preconnect, a connection without a request, while the host stops', () => {
  it('stop takes under a second', async () => {
    await using target = await Target.startAsync(echo)
    for (let i = 0; i < 20; i++) await target.connectTcpAsync()
    const used = await target.connectTcpAsync()
    used.send(get)
    await used.answerAsync()
    const started = performance.now()
    await target.host.stopAsync()
    expect(performance.now() - started).toBeLessThan(1_000)
  })
})
