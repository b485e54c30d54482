import { setImmediate as turn } from 'node:timers/promises'
import { HttpUpgradeFeature, LogLevel } from '@windhover/core'
import { describe, expect, it } from 'vitest'
import { deferred } from '../../support/deferred.ts'
import { get, RunningServer } from './running-server.ts'

const keptAlive = 'GET / HTTP/1.1\r\nHost: h\r\n\r\n'

describe('stopping', () => {
  it('ends at once every connection without a request under way, unused ones among them', async () => {
    await using server = await RunningServer.startAsync(({ response }) => response.writeAsync('hello'))
    const used = await server.connectAsync()
    used.send(keptAlive)
    await used.untilAsync('hello')
    const unused = await server.connectAsync()
    const partial = await server.connectAsync()
    partial.send('GET / HTT')
    // The server has accepted the last of them when it answers on it.
    const last = await server.connectAsync()
    last.send(keptAlive)
    await last.untilAsync('hello')

    const began = performance.now()
    await server.server.stopAsync()
    expect(performance.now() - began).toBeLessThan(1_000)
    for (const client of [used, unused, partial, last]) expect(await client.restAsync()).toBe('')
  })

  it('lets a request under way finish, and ends its connection', async () => {
    const reached = deferred()
    const go = deferred()
    await using server = await RunningServer.startAsync(async ({ response }) => {
      reached.resolve()
      await go.promise
      await response.writeAsync('finished')
    })
    const client = await server.connectAsync()
    client.send(keptAlive)
    await reached.promise
    const stopping = server.server.stopAsync()
    go.resolve()
    expect(await client.restAsync()).toMatch(/Connection: close\r\n.*finished$/s)
    await stopping
    expect(server.application.outcomes).toEqual([undefined])
  })

  it('ends the connection of a response whose head was out before', async () => {
    const go = deferred()
    await using server = await RunningServer.startAsync(async ({ response }) => {
      await response.writeAsync('part')
      await go.promise
    })
    const client = await server.connectAsync()
    client.send(keptAlive)
    expect(await client.untilAsync('part')).not.toContain('Connection')
    const stopping = server.server.stopAsync()
    go.resolve()
    expect(await client.restAsync()).toMatch(/\r\n0\r\n\r\n$/)
    await stopping
  })

  it('waits for a delegate that works on after its response', async () => {
    const go = deferred()
    await using server = await RunningServer.startAsync(async ({ response }) => {
      await response.completeAsync()
      await go.promise
    })
    await server.exchangeAsync(get('/'))
    let isStopped = false
    const stopping = server.server.stopAsync().then(() => {
      isStopped = true
    })
    await turn()
    expect(isStopped).toBe(false)
    go.resolve()
    await stopping
    expect(server.application.outcomes).toHaveLength(1)
  })

  it('destroys what is left when its signal fires, which aborts the requests', async () => {
    const reached = deferred()
    await using server = await RunningServer.startAsync(async ({ requestAborted }) => {
      reached.resolve()
      await new Promise((_, reject) => {
        requestAborted.addEventListener('abort', () => reject(requestAborted.reason))
      })
    })
    const client = await server.connectAsync()
    client.send(keptAlive)
    await reached.promise
    const abort = new AbortController()
    const stopping = server.server.stopAsync(abort.signal)
    abort.abort()
    await stopping
    expect(await client.restAsync()).toBe('')
    expect(server.log.entries.map(({ level, eventId }) => [level, eventId.id])).toEqual([
      [LogLevel.Debug, 19],
      [LogLevel.Debug, 21],
    ])
  })

  it('does not wait long for a delegate that takes no notice of that', async () => {
    const reached = deferred()
    const go = deferred()
    await using server = await RunningServer.startAsync(async () => {
      reached.resolve()
      await go.promise
    })
    const client = await server.connectAsync()
    client.send(keptAlive)
    await reached.promise
    await server.server.stopAsync(AbortSignal.abort())
    expect(server.application.outcomes).toEqual([])
    go.resolve()
  })

  it('joins a stop under way, and can cut it short', async () => {
    const reached = deferred()
    await using server = await RunningServer.startAsync(async ({ requestAborted }) => {
      reached.resolve()
      await new Promise(resolve => requestAborted.addEventListener('abort', resolve))
    })
    const client = await server.connectAsync()
    client.send(keptAlive)
    await reached.promise
    const first = server.server.stopAsync()
    const second = server.server.stopAsync(AbortSignal.abort())
    await Promise.all([first, second])
    expect(server.application.outcomes).toHaveLength(1)
  })

  it('waits for upgraded connections', async () => {
    const go = deferred()
    await using server = await RunningServer.startAsync(async ({ features }) => {
      const stream = await features.getRequired(HttpUpgradeFeature).upgradeAsync()
      await go.promise
      stream.write('last words')
    })
    const client = await server.connectAsync()
    client.send('GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n')
    await client.untilAsync('\r\n\r\n')
    const stopping = server.server.stopAsync()
    go.resolve()
    expect(await client.restAsync()).toBe('last words')
    client.end()
    await stopping
  })

  it('does not serve pipelined requests behind the one under way', async () => {
    const reached = deferred()
    const go = deferred()
    await using server = await RunningServer.startAsync(async ({ request, response }) => {
      reached.resolve()
      await go.promise
      await response.writeAsync(`[${request.path}]`)
    })
    const client = await server.connectAsync()
    client.send(`${keptAlive}${get('/second')}`)
    await reached.promise
    const stopping = server.server.stopAsync()
    go.resolve()
    expect(await client.restAsync()).toMatch(/\[\/\]$/)
    await stopping
  })
})
