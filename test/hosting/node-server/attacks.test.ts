import { setImmediate as turn } from 'node:timers/promises'
import { HttpUpgradeFeature, LogLevel } from '@windhover/core'
import { describe, expect, it } from 'vitest'
import { get, RunningServer } from './running-server.ts'

const handshake = 'GET /up HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: x\r\nx-a: 1\r\n\r\nframe'
const post = 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n0123456789'

/** Answers everything, slowly enough that a peer can leave in between. */
function startAsync(): Promise<RunningServer> {
  return RunningServer.startAsync(async context => {
    await context.request.readAsTextAsync().catch(() => {})
    await turn()
    const upgrade = context.features.getRequired(HttpUpgradeFeature)
    if (!upgrade.isUpgradableRequest) return context.response.writeAsync('hello')
    const stream = await upgrade.upgradeAsync()
    await turn()
    stream.write('hello')
    for await (const _ of stream);
  })
}

describe.each([
  ['resets', 'reset'],
  ['ends its side', 'end'],
  ['closes', 'destroy'],
] as const)('a peer that %s', (_, leave) => {
  it.each([
    ['an upgrade', handshake],
    ['a request with a body', post],
  ])('at every byte of %s harms nobody', async (__, bytes) => {
    await using server = await startAsync()
    for (let at = 0; at <= bytes.length; at++) {
      const client = await server.connectAsync()
      client.send(bytes.slice(0, at))
      await turn()
      client[leave]()
    }
    expect(await server.exchangeAsync(get('/'))).toContain('hello')
    await server.server.stopAsync()
    expect(server.log.entries.filter(({ level }) => level > LogLevel.Debug)).toEqual([])
  })
})

it('serves bytes that come one at a time', async () => {
  await using server = await startAsync()
  const client = await server.connectAsync()
  for (const byte of post) {
    client.send(byte)
    await turn()
  }
  await client.untilAsync('hello')
})

it('answers 10,000 upgrades that nobody accepts, and keeps nothing of them', async () => {
  await using server = await RunningServer.startAsync(({ response }) => {
    response.statusCode = 400
  })
  const client = await server.connectAsync()
  for (let i = 0; i < 10_000; i++) {
    client.send(handshake.replace('frame', ''))
    await client.untilAsync('\r\n\r\n')
  }
  expect(client.socket.destroyed).toBe(false)
  expect(server.application.outcomes).toHaveLength(10_000)
  client.end()
  await server.server.stopAsync()
})

it('has one request of a connection at work at a time, and reads no more than some that wait', async () => {
  let running = 0
  let most = 0
  await using server = await RunningServer.startAsync(async ({ response }) => {
    most = Math.max(most, ++running)
    await turn()
    running--
    await response.writeAsync('.')
  })
  const client = await server.connectAsync()
  const count = 20_000
  client.send('GET / HTTP/1.1\r\nHost: h\r\n\r\n'.repeat(count - 1) + get('/'))
  const answers = await client.restAsync()
  expect(answers.match(/HTTP\/1\.1 200/g)).toHaveLength(count)
  expect(most).toBe(1)
})

it('starts at most 16 pipelined requests of a connection in one turn of the event loop', async () => {
  const inTurn: number[] = [0]
  await using server = await RunningServer.startAsync(async ({ response }) => {
    inTurn[inTurn.length - 1]!++
    response.statusCode = 204
    await undefined
  })
  const client = await server.connectAsync()
  let isOver = false
  const countTurns = (): void => {
    inTurn.push(0)
    if (!isOver) setImmediate(countTurns)
  }
  countTurns()
  const count = 2_000
  client.send('GET / HTTP/1.1\r\nHost: h\r\n\r\n'.repeat(count - 1) + get('/'))
  const answers = await client.restAsync()
  isOver = true
  expect(answers.match(/HTTP\/1\.1 204/g)).toHaveLength(count)
  // The first one starts in the turn in which it comes, and each packet has one.
  expect(Math.max(...inTurn)).toBeLessThanOrEqual(2 * 16 + 2)
})
