import { once } from 'node:events'
import type { HttpContext } from '@windhover/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RunningServer } from '../running-server.ts'
import { Http2Client, type Outcome, outcomeOf, type RequestOptions } from './http2-client.ts'

type Handler = (context: HttpContext) => Promise<void> | void

const ok = { status: 200, headers: {}, code: 'NO_ERROR' }

async function readAsync({ request, response }: HttpContext): Promise<void> {
  let size = 0
  for await (const chunk of request.body) size += (chunk as Buffer).length
  await response.writeAsync(`read ${size}`)
}

/** What ASP.NET Core 10 does with the same requests was looked up with a program on Kestrel. */
describe('an exchange over HTTP/2', () => {
  let running: RunningServer
  let client: Http2Client
  let handle: Handler = () => {}

  beforeAll(async () => {
    const limits = { maxRequestBodySize: 1_000_000 }
    running = await RunningServer.startAsync(context => handle(context), { protocols: 'http2', alwaysChunk: true, limits })
    client = await Http2Client.connectAsync(running.port)
  })

  afterAll(async () => {
    client[Symbol.dispose]()
    await running[Symbol.asyncDispose]()
  })

  function runAsync(handler: Handler, headers = {}, options?: RequestOptions): Promise<Outcome> {
    handle = handler
    return client.requestAsync(headers, options)
  }

  it.each<[what: string, handler: Handler, expected: Outcome]>([
    ['a body has no length that was not set', ({ response }) => response.writeAsync('hello'), { ...ok, body: 'hello' }],
    ['nothing written is a body of 0 bytes', () => {}, { ...ok, headers: { 'content-length': '0' } }],
    [
      '204 has none',
      ({ response }) => {
        response.statusCode = 204
      },
      { ...ok, status: 204 },
    ],
    [
      'headers of the connection are left out',
      async ({ response }) => {
        for (const name of ['Connection', 'Transfer-Encoding', 'Keep-Alive', 'Upgrade', 'TE', 'HTTP2-Settings'])
          response.headers.set(name, 'x')
        response.headers.append('X-A', '1')
        response.headers.append('X-A', '2')
        response.headers.append('Set-Cookie', 'a=1')
        response.headers.append('Set-Cookie', 'b=2')
        await response.writeAsync('c')
      },
      { ...ok, headers: { 'x-a': '1, 2', 'set-cookie': ['a=1', 'b=2'] }, body: 'c' },
    ],
    [
      'an error before the start is 500',
      () => {
        throw new Error('thrown by the test')
      },
      { ...ok, status: 500, headers: { 'content-length': '0' } },
    ],
    [
      'a status that Node refuses resets the stream, at the end of the tick of the first write as well',
      async ({ response, requestAborted }) => {
        response.statusCode = 999
        await response.writeAsync('abc')
        await once(requestAborted, 'abort')
      },
      { code: 'INTERNAL_ERROR' } as Outcome,
    ],
    [
      'an error behind the start resets the stream behind what was written',
      async ({ response }) => {
        await response.writeAsync('abc')
        await response.flushAsync()
        throw new Error('thrown by the test')
      },
      { ...ok, body: 'abc', code: 'INTERNAL_ERROR' },
    ],
    ['abort resets the stream', context => context.abort(), { code: 'INTERNAL_ERROR' }],
    [
      'a body shorter than its Content-Length resets the stream',
      async ({ response }) => {
        response.headers.contentLength = 10
        await response.writeAsync('abc')
        await response.flushAsync()
      },
      { ...ok, headers: { 'content-length': '10' }, body: 'abc', code: 'INTERNAL_ERROR' },
    ],
  ])('%s', async (_, handler, expected) => {
    expect(await runAsync(handler)).toEqual(expected)
  })

  it('a body that is complete at once has its length, unless bodies are always chunked', async () => {
    await using other = await RunningServer.startAsync(({ response }) => response.writeAsync('hello'), { protocols: 'http2' })
    using own = await Http2Client.connectAsync(other.port)
    expect(await own.requestAsync()).toEqual({ ...ok, headers: { 'content-length': '5' }, body: 'hello' })
    expect(await own.requestAsync({ ':method': 'HEAD' })).toEqual(ok)
  })

  it.each<[what: string, headers: object, options: RequestOptions, expected: Outcome]>([
    ['a body is read', {}, { body: 'hello' }, { ...ok, body: 'read 5' }],
    ['no body is an empty one', {}, {}, { ...ok, body: 'read 0' }],
    ['a body that is too large is 413', {}, { body: Buffer.alloc(1_000_001) }, { ...ok, status: 413, headers: { 'content-length': '0' } }],
    [
      'a body that says that it is too large is 413 at once',
      { 'content-length': 2_000_000 },
      { body: 'a', open: true },
      { ...ok, status: 413, headers: { 'content-length': '0' } },
    ],
    ['a body shorter than it said is reset', { 'content-length': 9 }, { body: 'hello' }, { code: 'PROTOCOL_ERROR' }],
  ])('%s', async (_, headers, options, expected) => {
    expect(await runAsync(readAsync, { ':method': 'POST', ...headers }, options)).toEqual(expected)
  })

  it('sends 100 when a body that waits for it is read', async () => {
    handle = readAsync
    const stream = client.open({ ':method': 'POST', expect: '100-continue' }, { open: true })
    const outcome = outcomeOf(stream)
    await once(stream, 'continue')
    stream.end('hello')
    expect(await outcome).toEqual({ ...ok, body: 'read 5' })
  })

  it('takes no more of a body than the window while nobody reads, and answers without it', async () => {
    let answer!: () => void
    handle = ({ response }) => new Promise<void>(resolve => (answer = resolve)).then(() => response.writeAsync('unread'))
    const stream = client.open({ ':method': 'POST' }, { open: true })
    const outcome = outcomeOf(stream)
    stream.write(Buffer.alloc(2_000_000))
    await client.requestAsync({ ':path': 'bad' }) // behind what the window let through
    expect(stream.writableLength).toBeGreaterThan(0)
    answer()
    expect(await outcome).toEqual({ ...ok, body: 'unread' })
  })

  it('waits with a body until the client reads, and writes on when it does', async () => {
    const chunk = Buffer.alloc(64 * 1024)
    let written = 0
    handle = async ({ response }) => {
      for (; written < 64; written++) await response.writeAsync(chunk)
    }
    const stream = client.open({})
    stream.pause()
    await once(stream, 'response')
    await client.requestAsync({ ':path': 'bad' })
    expect(written).toBeLessThan(64)
    let size = 0
    stream.on('data', data => (size += data.length)).resume()
    await once(stream, 'close')
    expect([written, size]).toEqual([64, 64 * chunk.length])
  })

  it('is aborted when the client resets its stream, and others go on', async () => {
    let begun!: () => void
    const hasBegun = new Promise<void>(resolve => (begun = resolve))
    let aborted!: (reason: unknown) => void
    const wasAborted = new Promise<unknown>(resolve => (aborted = resolve))
    handle = context => {
      begun()
      return new Promise<void>((_, reject) => {
        context.requestAborted.addEventListener('abort', () => {
          aborted(context.requestAborted.reason)
          reject(context.requestAborted.reason)
        })
      })
    }
    const stream = client.open({})
    await hasBegun
    stream.close(8)
    expect(await wasAborted).toMatchObject({ code: 'WINDHOVER_ERR_REQUEST_ABORTED' })
    expect(await runAsync(({ response }) => response.writeAsync('next'))).toEqual({ ...ok, body: 'next' })
  })

  it('tells the reader of a body that its client has gone', async () => {
    let seen!: (error: unknown) => void
    const failure = new Promise<unknown>(resolve => (seen = resolve))
    handle = context => readAsync(context).catch(seen)
    const reset = new AbortController()
    void outcomeOf(client.open({ ':method': 'POST' }, { body: 'begun', open: true, signal: reset.signal }))
    await client.requestAsync({ ':path': 'bad' })
    reset.abort()
    expect(await failure).toMatchObject({ code: 'WINDHOVER_ERR_REQUEST_ABORTED' })
  })
})
