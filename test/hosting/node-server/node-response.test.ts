import { once } from 'node:events'
import { ServerResponse } from 'node:http'
import { pipeline, Readable } from 'node:stream'
import { pipeline as pipelineAsync } from 'node:stream/promises'
import { Worker } from 'node:worker_threads'
import {
  ArgumentOutOfRangeException,
  type HttpContext,
  HttpResponseFeature,
  InvalidOperationException,
  LogLevel,
  ObjectDisposedException,
  type RequestDelegate,
} from '@windhover/core'
import type { NodeServerOptions } from '@windhover/hosting'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { deferred } from '../../support/deferred.ts'
import { get, RunningServer } from './running-server.ts'

/** The whole answer to a request that one delegate handles, without its Date. */
async function answerOf(handle: RequestDelegate, request: string = get('/'), options?: NodeServerOptions): Promise<string> {
  await using server = await RunningServer.startAsync(handle, options)
  return withoutDate(await server.exchangeAsync(request))
}

function withoutDate(answer: string): string {
  return answer.replace(/Date: [^\r]+\r\n/, '')
}

/** The chunks of a body that came in full (RFC 9112 section 7.1). */
function chunksOf(body: string): string[] {
  const chunks: string[] = []
  for (let at = 0; ; ) {
    const end = body.indexOf('\r\n', at)
    const size = Number.parseInt(body.slice(at, end), 16)
    if (size === 0 || end < 0) return chunks
    chunks.push(body.slice(end + 2, end + 2 + size))
    at = end + 2 + size + 2
  }
}

/** True when a write has to wait. */
async function isPending(write: Promise<void>): Promise<boolean> {
  return Promise.race([write.then(() => false), new Promise(setImmediate).then(() => true)])
}

const head = 'HTTP/1.1 200 OK\r\n'

describe('the framing of a response', () => {
  it('has a Content-Length when the delegate ends in the tick of its first write', async () => {
    const answer = await answerOf(async ({ response }) => {
      await response.writeAsync('a')
      await Promise.resolve()
      await response.writeAsync(Buffer.from('b'))
      await response.writeAsync('é')
    })
    expect(answer).toBe(`${head}Content-Length: 4\r\nConnection: close\r\n\r\nab\xc3\xa9`)
  })

  it('is chunked when the delegate goes on', async () => {
    const answer = await answerOf(async ({ response }) => {
      await response.writeAsync('a')
      await new Promise(setImmediate)
      await response.writeAsync('b')
    })
    expect(answer).toBe(`${head}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n`)
  })

  it('is always chunked when the option says so', async () => {
    const answer = await answerOf(({ response }) => response.writeAsync('a'), get('/'), { alwaysChunk: true })
    expect(answer).toBe(`${head}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n`)
  })

  it('ends with the connection for HTTP/1.0, unless the length is known', async () => {
    const old = 'GET / HTTP/1.0\r\n\r\n'
    const late = await answerOf(async ({ response }) => {
      await response.writeAsync('a')
      await new Promise(setImmediate)
    }, old)
    expect(late).toBe(`${head}Connection: close\r\n\r\na`)
    expect(await answerOf(({ response }) => response.writeAsync('a'), old)).toBe(`${head}Content-Length: 1\r\nConnection: close\r\n\r\na`)
  })

  it('keeps a connection of HTTP/1.0 that asks for it', async () => {
    await using server = await RunningServer.startAsync(({ response }) => response.writeAsync('a'))
    const client = await server.connectAsync()
    client.send('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
    expect(await client.untilAsync('\r\n\r\na')).toContain('Connection: keep-alive\r\n')
    client.send('GET / HTTP/1.0\r\n\r\n')
    expect(await client.restAsync()).toContain('Connection: close\r\n')
  })

  it('has no Connection, Keep-Alive or Server header that nobody needs', async () => {
    await using server = await RunningServer.startAsync(({ response }) => response.writeAsync('a'))
    const client = await server.connectAsync()
    client.send('GET / HTTP/1.1\r\nHost: h\r\n\r\n')
    expect(withoutDate(await client.untilAsync('\r\n\r\na'))).toBe(`${head}Content-Length: 1\r\n\r\na`)
  })

  it('has no Trailer where nothing is chunked, which Node would refuse', async () => {
    const answer = await answerOf(({ response }) => {
      response.headers.set('Transfer-Encoding', 'gzip')
      response.headers.set('Trailer', 'x-sum')
    })
    expect(answer).toBe(`${head}Transfer-Encoding: gzip\r\nConnection: close\r\n\r\n`)
  })

  it('leaves a Date that the application sets', async () => {
    const answer = await answerOf(({ response }) => {
      response.headers.set('Date', 'Thu, 01 Jan 1970 00:00:00 GMT')
    })
    expect(answer).toBe(`${head}Content-Length: 0\r\nConnection: close\r\n\r\n`)
  })

  it.each([204, 304])('has no body and no length for %i', async status => {
    const answer = await answerOf(({ response }) => {
      response.statusCode = status
    })
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [A-Za-z ]+\r\nConnection: close\r\n\r\n$`))
  })
})

describe('when bytes leave', () => {
  it('is the end of the turn, without a flush: a server-sent event arrives while the delegate waits', async () => {
    const seen = deferred()
    await using server = await RunningServer.startAsync(async ({ response }) => {
      response.contentType = 'text/event-stream'
      await response.writeAsync('data: 1\n\n')
      await seen.promise
      await response.writeAsync('data: 2\n\n')
    })
    const client = await server.connectAsync()
    client.send(get('/'))
    await client.untilAsync('data: 1\n\n')
    seen.resolve()
    expect(await client.restAsync()).toContain('data: 2\n\n')
  })

  it('is at once after flushAsync, the head alone included', async () => {
    const seen = deferred()
    await using server = await RunningServer.startAsync(async ({ response }) => {
      await response.flushAsync()
      await seen.promise
      await response.writeAsync('late')
    })
    const client = await server.connectAsync()
    client.send(get('/'))
    expect(await client.untilAsync('\r\n\r\n')).toContain('Transfer-Encoding: chunked')
    seen.resolve()
    expect(await client.restAsync()).toContain('late')
  })

  it.each([
    { name: 'the head and the first piece', pieces: ['seen'] },
    { name: 'a later piece', pieces: ['first', 'seen'] },
  ])('is before the promise of flushAsync resolves: a delegate that computes then does not hold $name back', async ({ pieces }) => {
    const seen = new SharedArrayBuffer(4)
    let outcome: string | undefined
    await using server = await RunningServer.startAsync(async ({ response }) => {
      for (const piece of pieces) {
        await response.writeAsync(piece)
        await response.flushAsync()
      }
      outcome = Atomics.wait(new Int32Array(seen), 0, 0, 5_000)
    })
    // The client has a thread of its own, because that of the server stands still.
    const client = new Worker(
      `const { workerData: { port, request, seen }, parentPort } = require('node:worker_threads')
       const socket = require('node:net').connect(port, '127.0.0.1', () => socket.write(request))
       let answer = ''
       socket.setEncoding('latin1').on('data', data => {
         answer += data
         if (!answer.includes('seen') || Atomics.exchange(new Int32Array(seen), 0, 1) === 1) return
         Atomics.notify(new Int32Array(seen), 0)
       })
       socket.on('close', () => parentPort.postMessage(answer))`,
      { eval: true, workerData: { port: server.port, request: get('/'), seen } },
    )
    const [answer] = await once(client, 'message')
    await client.terminate()
    expect(answer).toMatch(/seen\r\n0\r\n\r\n$/)
    expect(outcome).not.toBe('timed-out')
  })

  it('lets the caller reuse its buffer once the promise has resolved', async () => {
    const answer = await answerOf(async ({ response }) => {
      const buffer = Buffer.from('a')
      await response.writeAsync(buffer)
      buffer[0] = 0x62
      await response.writeAsync(buffer)
      await response.flushAsync()
      buffer[0] = 0x63
      await response.writeAsync(buffer)
      buffer[0] = 0x64
      const large = Buffer.alloc(200_000, 'x')
      await response.writeAsync(large)
      large.fill('y')
    })
    const [start, text] = answer.split('\r\n\r\n', 2) as [string, string]
    expect(`${start}\r\n`).toBe(`${head}Connection: close\r\nTransfer-Encoding: chunked\r\n`)
    // Newer Node makes one chunk of what is written in one tick. What differs is shortened: a difference of 200,000 characters takes minutes to print.
    const body = chunksOf(text).join('')
    expect(body.replace(/x+/, run => `x*${run.length}`)).toBe('abcx*200000')
  })

  it('waits for a client that does not read', async () => {
    const stuck = deferred()
    let chunks = 0
    await using server = await RunningServer.startAsync(async ({ response }) => {
      for (; chunks < 200; chunks++) {
        const write = response.writeAsync('x'.repeat(100_000))
        if (await isPending(write)) stuck.resolve()
        await write
      }
    })
    const client = await server.connectAsync()
    client.socket.pause()
    client.send(get('/'))
    await stuck.promise
    expect(chunks).toBeLessThan(200)
    client.socket.resume()
    await client.restAsync()
    expect(chunks).toBe(200)
  })

  it('ends a wait when the client goes, and drops what is written after', async () => {
    const stuck = deferred()
    const ended = deferred<boolean>()
    await using server = await RunningServer.startAsync(async ({ response, requestAborted }) => {
      while (!requestAborted.aborted) {
        const write = response.writeAsync(Buffer.alloc(300_000))
        if (await isPending(write)) stuck.resolve()
        await write
      }
      await response.writeAsync('nobody hears it')
      ended.resolve(requestAborted.aborted)
    })
    const client = await server.connectAsync()
    client.socket.pause()
    client.send(get('/'))
    await stuck.promise
    client.reset()
    expect(await ended.promise).toBe(true)
    expect(server.log.entries).toEqual([])
  })
})

describe('the rules of a response', () => {
  it.each([0, 99, 1_000, 200.5, Number.NaN])('refuse the status %d', async status => {
    const answer = await answerOf(async ({ response }) => {
      expect(() => {
        response.statusCode = status
      }).toThrow(ArgumentOutOfRangeException)
      await response.writeAsync('refused')
    })
    expect(answer).toContain('refused')
  })

  it('refuse a reason phrase that ends its line, and send another as it is', async () => {
    const answer = await answerOf(({ features, response }) => {
      const feature = features.getRequired(HttpResponseFeature)
      expect(() => {
        feature.reasonPhrase = 'OK\r\nSet-Cookie: a=b'
      }).toThrow(InvalidOperationException)
      feature.reasonPhrase = 'Fine by me'
      return response.writeAsync('')
    })
    expect(answer).toMatch(/^HTTP\/1\.1 200 Fine by me\r\n/)
  })

  it('refuse writing once it was completed, and after the request', async () => {
    let kept: HttpContext['response'] | undefined
    const answer = await answerOf(async ({ response }) => {
      kept = response
      await response.writeAsync('all')
      await response.completeAsync()
      await expect(response.writeAsync('more')).rejects.toThrow(InvalidOperationException)
    })
    expect(answer).toMatch(/\r\n\r\nall$/)
    expect(() => kept!.writeAsync('late')).toThrow(ObjectDisposedException)
  })

  it('let a response be completed while the delegate works on', async () => {
    const done = deferred()
    await using server = await RunningServer.startAsync(async ({ response, requestAborted }) => {
      await response.writeAsync('all')
      await response.completeAsync()
      await done.promise
      expect(requestAborted.aborted).toBe(false)
    })
    expect(await server.exchangeAsync(get('/'))).toMatch(/all$/)
    done.resolve()
    await server.server.stopAsync()
    expect(server.application.outcomes).toEqual([undefined])
  })

  it('run onCompleted when a callback before it fails, and log the failure', async () => {
    const ran: string[] = []
    await using server = await RunningServer.startAsync(({ response }) => {
      response.onCompleted(() => void ran.push('first'))
      response.onCompleted(() => {
        throw new Error('completed')
      })
      return response.writeAsync('fine')
    })
    expect(await server.exchangeAsync(get('/'))).toContain('fine')
    await server.server.stopAsync()
    expect(ran).toEqual(['first'])
    expect(server.log.summary).toEqual([[LogLevel.Error, 13, new Error('completed')]])
  })
})

describe('an error that nobody catches', () => {
  const error = new Error('boom')

  it('is answered with 500 and an empty body before the start, logged once, and keeps the connection', async () => {
    await using server = await RunningServer.startAsync(({ request, response }) => {
      if (request.path === '/fine') return response.writeAsync('fine')
      response.headers.set('x-secret', '1')
      throw error
    })
    const client = await server.connectAsync()
    client.send('GET / HTTP/1.1\r\nHost: h\r\n\r\n')
    expect(withoutDate(await client.untilAsync('\r\n\r\n'))).toBe('HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n')
    client.send(get('/fine'))
    expect(await client.restAsync()).toContain('fine')
    expect(server.application.outcomes).toEqual([error, undefined])
    expect(server.log.summary).toEqual([[LogLevel.Error, 13, error]])
  })

  it('ends the response in the middle after the start', async () => {
    const answer = await answerOf(async ({ response }) => {
      await response.writeAsync('part')
      throw error
    })
    expect(answer).toMatch(/\r\n\r\n4\r\npart\r\n$/)
  })

  it.each([undefined, null, 'a text', 42, { an: 'object' }])('may be %o', async thrown => {
    await using server = await RunningServer.startAsync(() => {
      throw thrown
    })
    expect(await server.exchangeAsync(get('/'))).toContain(' 500 ')
    expect(server.log.summary).toEqual([[LogLevel.Error, 13, expect.any(Error)]])
  })

  it.each(['when the delegate has ended', 'at the end of the tick'])('ends the connection when Node refuses the head %s', async when => {
    await using server = await RunningServer.startAsync(async ({ response, requestAborted }) => {
      await response.writeAsync('a')
      if (when === 'at the end of the tick') await once(requestAborted, 'abort')
    })
    const refusal = new Error('refused by the test')
    const writeHead = vi.spyOn(ServerResponse.prototype, 'writeHead').mockImplementation(() => {
      throw refusal
    })
    expect(await server.exchangeAsync(get('/'))).toBe('')
    writeHead.mockRestore()
    await vi.waitFor(() => expect(server.application.outcomes).toEqual([refusal]))
    expect(server.log.summary).toEqual([[LogLevel.Error, 13, refusal]])
  })

  it('rejects a write that Node refuses the head of', async () => {
    const refusal = new Error('refused by the test')
    const rejected: unknown[] = []
    await using server = await RunningServer.startAsync(async ({ response }) => {
      await response.writeAsync(Buffer.alloc(100_000)).catch(error => rejected.push(error))
    })
    const writeHead = vi.spyOn(ServerResponse.prototype, 'writeHead').mockImplementation(() => {
      throw refusal
    })
    expect(await server.exchangeAsync(get('/'))).toBe('')
    writeHead.mockRestore()
    expect(rejected).toEqual([refusal])
  })

  it('does not end the process when the logger fails as well', async () => {
    await using server = await RunningServer.startAsync(() => {
      throw error
    })
    server.log.fails = true
    expect(await server.exchangeAsync(get('/'))).toContain(' 500 ')
    expect(await server.exchangeAsync('no request\r\n\r\n')).toContain(' 400 ')
  })
})

describe('the body as a stream', () => {
  it('takes what pipeline gives, in order, and completes the response', async () => {
    const answer = await answerOf(async ({ response }) => {
      await pipelineAsync(Readable.from(['a', Buffer.from('b'), 'c']), response.body)
      await expect(response.writeAsync('d')).rejects.toThrow(InvalidOperationException)
    })
    expect(answer).toMatch(/a.*b.*c/s)
    expect(answer).not.toContain('d\r\n')
  })

  it('takes text in other encodings', async () => {
    const answer = await answerOf(({ response }) => {
      response.body.write('6869', 'hex')
    })
    expect(answer).toMatch(/\r\n\r\nhi$/)
  })

  it('leaves the answer to the delegate when the source fails before the first byte', async () => {
    const answer = await answerOf(async ({ response }) => {
      const source = new Readable({ read: () => source.destroy(new Error('source')) })
      await pipelineAsync(source, response.body)
    })
    expect(answer).toContain(' 500 ')
  })

  it('waits for a client that does not read', async () => {
    let given = 0
    await using server = await RunningServer.startAsync(async ({ response }) => {
      const source = new Readable({
        read() {
          given += 100_000
          this.push(given > 20_000_000 ? null : Buffer.alloc(100_000, 'x'))
        },
      })
      await new Promise<void>((resolve, reject) => {
        pipeline(source, response.body, error => (error ? reject(error) : resolve()))
      })
    })
    const client = await server.connectAsync()
    client.socket.pause()
    client.send(get('/'))
    for (let before = -1; before !== given || given === 0; ) {
      before = given
      for (let i = 0; i < 20; i++) await new Promise(setImmediate)
    }
    expect(given).toBeLessThan(20_000_000)
    client.socket.resume()
    expect((await client.restAsync()).length).toBeGreaterThan(20_000_000)
  })
})

describe('a client that takes its response too slowly', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  it.each<[string, RequestDelegate]>([
    ['while the delegate waits for it', ({ response }) => response.flushAsync().then(() => response.writeAsync('x'.repeat(20_000_000)))],
    ['after the delegate has ended', ({ response }) => void response.writeAsync('x'.repeat(20_000_000))],
  ])('is cut off %s', async (_, handle) => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    await using server = await RunningServer.startAsync(handle)
    const client = await server.connectAsync()
    const timers = vi.getTimerCount()
    client.socket.pause()
    client.send(get('/'))
    while (vi.getTimerCount() === timers) await new Promise(setImmediate)
    vi.advanceTimersByTime(5_000)
    expect(server.log.entries).toEqual([])
    vi.advanceTimersByTime(1_000)
    await server.server.stopAsync()
    expect(server.log.summary).toEqual([[LogLevel.Debug, 28, undefined]])
  })
})
