import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import {
  ArgumentOutOfRangeException,
  BadHttpRequestException,
  HttpMaxRequestBodySizeFeature,
  InvalidOperationException,
  LogLevel,
} from '@windhover/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { deferred } from '../../support/deferred.ts'
import { RunningServer } from './running-server.ts'

const limits = { maxRequestBodySize: 10 }

function post(length: number, ...headers: readonly string[]): string {
  return `POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${length}\r\n${headers.map(header => `${header}\r\n`).join('')}\r\n`
}

const chunkedPost = 'POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n'
const nextRequest = 'GET /next HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n'

describe('reading a body', () => {
  it('gives it as a stream, also when it comes in pieces', async () => {
    await using server = await RunningServer.startAsync(async ({ request, response }) => {
      for await (const chunk of request.body) await response.writeAsync(`[${chunk}]`)
    })
    const client = await server.connectAsync()
    client.send(post(6))
    client.send('abc')
    await client.untilAsync('[abc]')
    client.send('def')
    await client.untilAsync('[def]')
  })

  it('gives the empty text for a request without a body, and when it is read again', async () => {
    await using server = await RunningServer.startAsync(async ({ request, response }) => {
      const first = await request.readAsTextAsync()
      await response.writeAsync(`[${first}][${await request.readAsTextAsync()}]`)
    })
    expect(await server.exchangeAsync(nextRequest)).toContain('[][]')
    const client = await server.connectAsync()
    client.send(`${post(2)}hi`)
    expect(await client.untilAsync('[]')).toContain('[hi]')
  })

  it.each(['at once', 'in pieces'])('gives the whole %s, leaves a stream at its end, and serves the next request', async how => {
    await using server = await RunningServer.startAsync(async ({ request, response }) => {
      if (how === 'in pieces') await new Promise(setImmediate)
      const whole = await request.readAsTextAsync()
      await response.writeAsync(`[${whole}][${await text(request.body)}]`)
    })
    const client = await server.connectAsync()
    for (let turn = 0; turn < 3; turn++) {
      if (how === 'at once') client.send(`${post(6)}abcdef`)
      else for (const piece of [post(6), 'ab', 'cd', 'ef']) client.send(piece)
      await client.untilAsync('[abcdef][]')
    }
  })

  it.each<[string, (body: Readable) => unknown]>([
    ['has an encoding', body => body.setEncoding('utf8')],
    ['was looked into', body => body.read(0)],
    ['is paused', body => body.pause()],
    ['is listened to', body => body.on('data', () => {})],
  ])('gives the whole of a stream that %s', async (_, touch) => {
    await using server = await RunningServer.startAsync(async ({ request, response }) => {
      touch(request.body)
      await response.writeAsync(`[${await request.readAsTextAsync()}]`)
    })
    const client = await server.connectAsync()
    client.send(`${post(6)}abc`)
    client.send('def')
    await client.untilAsync('[abcdef]')
    client.send(nextRequest)
    expect(await client.restAsync()).toContain('[]')
  })

  it('ends for a request without a body, however it is read', async () => {
    await using server = await RunningServer.startAsync(async ({ request, response }) => {
      await once(request.body.resume(), 'end')
      await response.writeAsync('ended')
    })
    expect(await server.exchangeAsync(nextRequest)).toContain('ended')
  })

  it('does not end the connection when it is broken off: the rest is dropped, and the next request is served', async () => {
    await using server = await RunningServer.startAsync(async ({ request, response }) => {
      for await (const chunk of request.body) {
        await response.writeAsync(`first ${String(chunk).length} `)
        break
      }
      await response.writeAsync(request.path)
    })
    const client = await server.connectAsync()
    client.send(post(200_000))
    client.send('x'.repeat(1_000))
    expect(await client.untilAsync('1000 /')).toContain('first 1000')
    client.send('x'.repeat(199_000))
    client.send(nextRequest)
    expect(await client.restAsync()).toContain('/next')
  })

  it('fails with a bad-request error when the framing is broken, and the answer is the last one on the connection', async () => {
    await using server = await RunningServer.startAsync(async ({ request, response }) => {
      const error = await text(request.body).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(BadHttpRequestException)
      await response.writeAsync('refused')
    })
    const client = await server.connectAsync()
    client.send(`${chunkedPost}3\r\nabc\r\nzz\r\n${nextRequest}`)
    expect(await client.restAsync()).toMatch(/refused$/)
  })

  it.each([
    ['in the middle of a body with a length', `${post(10)}abc`],
    ['in the middle of a chunk', `${chunkedPost}5\r\nab`],
    ['between two chunks', `${chunkedPost}2\r\nab\r\n`],
  ])('fails when the peer ends %s', async (_, bytes) => {
    const ended = deferred<unknown>()
    await using server = await RunningServer.startAsync(async ({ request }) => {
      ended.resolve(await text(request.body).catch((thrown: unknown) => thrown))
    })
    const client = await server.connectAsync()
    client.send(bytes)
    client.end()
    expect(await ended.promise).toBeInstanceOf(Error)
    expect(await client.restAsync()).toBe('')
  })

  it('fails when the peer resets the connection', async () => {
    const read = deferred()
    const ended = deferred<unknown>()
    await using server = await RunningServer.startAsync(async ({ request }) => {
      request.body.once('data', () => read.resolve())
      ended.resolve(await once(request.body, 'end').catch((thrown: unknown) => thrown))
    })
    const client = await server.connectAsync()
    client.send(`${post(10)}abc`)
    await read.promise
    client.reset()
    expect(await ended.promise).toBeInstanceOf(Error)
    expect(server.log.entries).toEqual([])
  })
})

describe('the limit of a body', () => {
  it('answers 413 to a reader that does not care, before the body has come', async () => {
    await using server = await RunningServer.startAsync(async ({ request }) => void (await request.readAsTextAsync()), { limits })
    const client = await server.connectAsync()
    client.send(post(11))
    expect(await client.untilAsync('\r\n\r\n')).toMatch(/^HTTP\/1\.1 413 .*\r\nConnection: close\r\n/s)
    expect(server.log.entries.map(({ level }) => level)).toEqual([LogLevel.Debug])
  })

  it('counts what comes in chunks', async () => {
    await using server = await RunningServer.startAsync(async ({ request }) => void (await request.readAsTextAsync()), { limits })
    const client = await server.connectAsync()
    client.send(`${chunkedPost}6\r\n123456\r\n`)
    client.send('6\r\n123456\r\n0\r\n\r\n')
    expect(await client.untilAsync('\r\n\r\n')).toContain(' 413 ')
  })

  it('can be changed for a request until the body is read', async () => {
    await using server = await RunningServer.startAsync(
      async ({ features, request, response }) => {
        const limit = features.getRequired(HttpMaxRequestBodySizeFeature)
        expect(limit.isReadOnly).toBe(false)
        expect(() => {
          limit.maxRequestBodySize = -1
        }).toThrow(ArgumentOutOfRangeException)
        limit.maxRequestBodySize = request.path === '/unlimited' ? null : 20
        const body = await request.readAsTextAsync()
        expect(limit.isReadOnly).toBe(true)
        expect(() => {
          limit.maxRequestBodySize = 30
        }).toThrow(InvalidOperationException)
        await response.writeAsync(`read ${body.length}`)
      },
      { limits },
    )
    expect(await server.exchangeAsync(`${post(20, 'Connection: close')}${'x'.repeat(20)}`)).toContain('read 20')
    expect(await server.exchangeAsync(`${post(21, 'Connection: close')}${'x'.repeat(21)}`)).toContain(' 413 ')
    const unlimited = post(5_000, 'Connection: close').replace('POST /', 'POST /unlimited')
    expect(await server.exchangeAsync(`${unlimited}${'x'.repeat(5_000)}`)).toContain('read 5000')
  })

  it('lets a request that does not read its body be answered, and then ends the connection', async () => {
    await using server = await RunningServer.startAsync(({ response }) => response.writeAsync('not read'), { limits })
    const client = await server.connectAsync()
    client.send(post(11))
    expect(await client.restAsync()).toMatch(/^HTTP\/1\.1 200 .*not read$/s)
  })

  it('gets its answer through to a peer that goes on sending', async () => {
    await using server = await RunningServer.startAsync(async ({ request }) => void (await request.readAsTextAsync()), { limits })
    const client = await server.connectAsync()
    client.send(post(8_000_000))
    for (let i = 0; i < 80; i++) client.send(Buffer.alloc(100_000, 'x'))
    await once(client.socket, 'drain')
    expect(await client.restAsync()).toContain(' 413 ')
  })
})

describe('a body that nobody reads', () => {
  it('does not disturb the next request', async () => {
    await using server = await RunningServer.startAsync(({ request, response }) => response.writeAsync(`[${request.path}]`))
    const client = await server.connectAsync()
    client.send(post(100_000))
    await client.untilAsync('[/]')
    client.send('x'.repeat(100_000))
    client.send(nextRequest)
    expect(await client.restAsync()).toContain('[/next]')
  })

  it('ends the connection when it takes too long', async () => {
    await using server = await RunningServer.startAsync(({ response }) => response.writeAsync('answer'), {
      limits: { bodyDrainTimeout: 20 },
    })
    const client = await server.connectAsync()
    client.send(`${post(100)}some`)
    expect(await client.restAsync()).toMatch(/answer$/)
  })

  it('ends the connection when it comes in chunks beyond the limit', async () => {
    await using server = await RunningServer.startAsync(({ response }) => response.writeAsync('answer'), { limits })
    const client = await server.connectAsync()
    client.send(chunkedPost)
    await client.untilAsync('answer')
    client.send('14\r\n12345678901234567890\r\n')
    expect(await client.restAsync()).toBe('')
  })
})

describe('Expect: 100-continue', () => {
  it('is answered when the body is read', async () => {
    const go = deferred()
    await using server = await RunningServer.startAsync(async ({ request, response }) => {
      await go.promise
      await response.writeAsync(`read ${await request.readAsTextAsync()}`)
    })
    const client = await server.connectAsync()
    client.send(post(2, 'Expect: 100-continue'))
    await new Promise(setImmediate)
    expect(client.text).toBe('')
    go.resolve()
    expect(await client.untilAsync('\r\n\r\n')).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    client.send('hi')
    expect(await client.untilAsync('read hi')).toContain(' 200 ')
  })

  it('is not answered when the body is here already', async () => {
    await using server = await RunningServer.startAsync(async ({ request, response }) =>
      response.writeAsync(await request.readAsTextAsync()),
    )
    const client = await server.connectAsync()
    client.send(`${post(2, 'Expect: 100-continue')}hi`)
    expect(await client.untilAsync('hi')).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('is not answered when nobody reads the body, and the connection ends', async () => {
    await using server = await RunningServer.startAsync(({ response }) => response.writeAsync('no'))
    const client = await server.connectAsync()
    client.send(post(2, 'Expect: 100-continue'))
    expect(await client.restAsync()).toMatch(/^HTTP\/1\.1 200 .*no$/s)
  })

  it('of another kind is ignored', async () => {
    await using server = await RunningServer.startAsync(({ response }) => response.writeAsync('fine'))
    expect(await server.exchangeAsync(nextRequest.replace('Host', 'Expect: coffee\r\nHost'))).toContain('fine')
  })
})

describe('a slow body', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  it('fails with 408 once it is slower than the limit for the grace period', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const reading = deferred()
    await using server = await RunningServer.startAsync(async ({ request }) => {
      request.body.once('data', () => reading.resolve())
      await once(request.body, 'end')
    })
    const client = await server.connectAsync()
    client.send(`${post(10_000)}some`)
    await reading.promise
    vi.advanceTimersByTime(5_000)
    await new Promise(setImmediate)
    expect(client.text).toBe('')
    vi.advanceTimersByTime(1_000)
    expect(await client.restAsync()).toContain('HTTP/1.1 408 ')
  })

  it('is not the fault of the peer while the application does not read', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const paused = deferred()
    const go = deferred()
    await using server = await RunningServer.startAsync(async ({ request, response }) => {
      const chunks = request.body[Symbol.asyncIterator]()
      await chunks.next()
      while (request.body.readableLength < request.body.readableHighWaterMark) await new Promise(setImmediate)
      paused.resolve()
      await go.promise
      for await (const _ of chunks);
      await response.writeAsync('read')
    })
    const client = await server.connectAsync()
    client.send(post(200_000))
    client.send('x'.repeat(200_000))
    await paused.promise
    vi.advanceTimersByTime(60_000)
    go.resolve()
    await client.untilAsync('read')
  })
})
