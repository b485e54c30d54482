import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { type HttpContext, OperationCanceledException } from '@windhover/core'
import { describe, expect, it } from 'vitest'
import { deferred } from '../../support/deferred.ts'
import type { RawClient } from './raw-client.ts'
import { get, RunningServer } from './running-server.ts'

const keptAlive = 'GET / HTTP/1.1\r\nHost: h\r\n\r\n'

describe('requestAborted', () => {
  it.each<[string, (client: RawClient) => void]>([
    ['resets', client => client.reset()],
    ['ends', client => client.end()],
    ['closes', client => client.destroy()],
  ])('fires when the peer %s while the delegate works', async (_, leave) => {
    const reached = deferred()
    const aborted = deferred<unknown>()
    await using server = await RunningServer.startAsync(async ({ requestAborted }) => {
      reached.resolve()
      await once(requestAborted, 'abort')
      aborted.resolve(requestAborted.reason)
    })
    const client = await server.connectAsync()
    client.send(keptAlive)
    await reached.promise
    leave(client)
    expect(await aborted.promise).toBeInstanceOf(OperationCanceledException)
  })

  it('has fired when it is first asked for after the peer has gone', async () => {
    const reached = deferred()
    const seen = deferred<boolean>()
    await using server = await RunningServer.startAsync(async context => {
      reached.resolve()
      await context.request.readAsTextAsync().catch(() => {})
      await turn()
      seen.resolve(context.requestAborted.aborted)
    })
    const client = await server.connectAsync()
    client.send('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nabc')
    await reached.promise
    client.reset()
    expect(await seen.promise).toBe(true)
  })

  it('does not fire once the response is complete', async () => {
    const reached = deferred()
    const seen = deferred<boolean>()
    await using server = await RunningServer.startAsync(async ({ requestAborted, response }) => {
      await response.writeAsync('all')
      await response.completeAsync()
      await reached.promise
      seen.resolve(requestAborted.aborted)
    })
    const client = await server.connectAsync()
    client.send(get('/'))
    await client.restAsync()
    client.end()
    reached.resolve()
    expect(await seen.promise).toBe(false)
  })

  it('takes more than ten listeners without a warning', async () => {
    const warnings: Error[] = []
    const onWarning = (warning: Error): void => void warnings.push(warning)
    process.on('warning', onWarning)
    await using server = await RunningServer.startAsync(async ({ requestAborted }) => {
      for (let i = 0; i < 20; i++) requestAborted.addEventListener('abort', () => {})
      await turn()
    })
    await server.exchangeAsync(get('/'))
    await turn()
    process.off('warning', onWarning)
    expect(warnings).toEqual([])
  })

  it('can be replaced', async () => {
    await using server = await RunningServer.startAsync(async context => {
      const { signal } = new AbortController()
      context.requestAborted = signal
      await context.response.writeAsync(`same=${context.requestAborted === signal}`)
    })
    expect(await server.exchangeAsync(get('/'))).toContain('same=true')
  })
})

describe('abort()', () => {
  it('ends the connection without an answer, fires requestAborted, and lets the delegate go on', async () => {
    const after = deferred<unknown[]>()
    await using server = await RunningServer.startAsync(async context => {
      const { requestAborted, response } = context
      response.onCompleted(() => after.resolve([requestAborted.aborted, response.hasStarted, response.statusCode]))
      context.abort()
      await response.writeAsync('nobody hears it')
    })
    expect(await server.exchangeAsync(get('/'))).toBe('')
    expect(await after.promise).toEqual([true, true, 200])
    expect(server.log.entries).toEqual([])
  })

  it('leaves 499 of an answer that was not begun, whose callbacks run all the same', async () => {
    const calls: string[] = []
    const after = deferred<number>()
    await using server = await RunningServer.startAsync(async context => {
      const { response } = context
      response.onStarting(() => void calls.push('starting'))
      response.onCompleted(() => after.resolve(response.statusCode))
      context.abort()
    })
    expect(await server.exchangeAsync(get('/'))).toBe('')
    expect(await after.promise).toBe(499)
    expect(calls).toEqual(['starting'])
  })

  it.each<[string, (context: HttpContext) => void | Promise<void>]>([
    ['after an abort', context => context.abort()],
    [
      'after an error behind the start',
      async ({ response }) => {
        await response.startAsync()
        throw new Error('boom')
      },
    ],
    [
      'after fewer bytes than declared',
      async ({ response }) => {
        response.contentLength = 5
        await response.writeAsync('1')
      },
    ],
  ])('does not run the request behind it on the connection %s', async (_what, handle) => {
    let count = 0
    await using server = await RunningServer.startAsync(context => {
      count++
      return handle(context)
    })
    await server.exchangeAsync(get('/first') + get('/second'))
    expect(count).toBe(1)
  })
})

describe('an error of an aborted request', () => {
  it.each<[string, () => unknown]>([
    ['a cancellation', () => new OperationCanceledException('TEST', 'cancelled')],
    ['an AbortError', () => new DOMException('aborted', 'AbortError')],
    ['a reset', () => Object.assign(new Error('reset'), { code: 'ECONNRESET' })],
  ])('is no Error of the application when it is %s', async (_, make) => {
    await using server = await RunningServer.startAsync(context => {
      context.abort()
      throw make()
    })
    await server.exchangeAsync(get('/'))
    await server.server.stopAsync()
    expect(server.log.entries.map(({ eventId }) => eventId.id)).toEqual([19])
  })

  it('is one when it is any other', async () => {
    await using server = await RunningServer.startAsync(context => {
      context.abort()
      throw new TypeError('a mistake')
    })
    await server.exchangeAsync(get('/'))
    await server.server.stopAsync()
    expect(server.log.entries.map(({ eventId }) => eventId.id)).toEqual([13])
  })
})
