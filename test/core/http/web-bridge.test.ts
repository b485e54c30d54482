import { Readable } from 'node:stream'
import {
  ArgumentException,
  HeaderDictionary,
  HttpContext,
  HttpRequestFeature,
  HttpRequestLifetimeFeature,
  HttpResponseBodyFeature,
  HttpResponseFeature,
  NotSupportedException,
} from '@windhover/core'
import { describe, expect, it } from 'vitest'
import { recordingContext } from './recording-context.ts'

describe('request.toWebRequest', () => {
  it('has method, URL, headers and body', async () => {
    const { request } = new HttpContext()
    Object.assign(request, {
      method: 'POST',
      scheme: 'https',
      host: 'example.org:8443',
      pathBase: '/base',
      path: '/a b',
      queryString: '?q=1',
    })
    request.headers.append('X-A', '1')
    request.headers.append('X-A', '2')
    request.body = Readable.from([Buffer.from('one '), Buffer.from('two')])
    const web = request.toWebRequest()
    expect([web.method, web.url]).toEqual(['POST', 'https://example.org:8443/base/a%20b?q=1'])
    expect(web.headers.get('x-a')).toBe('1, 2')
    expect(await web.text()).toBe('one two')
  })

  it('has the bytes of a header that is no ASCII', () => {
    const { request, features } = new HttpContext()
    features.set(HttpRequestFeature, { ...features.getRequired(HttpRequestFeature), headers: new HeaderDictionary(['X-A', '你']) })
    expect(Buffer.from(request.toWebRequest().headers.get('x-a')!, 'latin1').toString()).toBe('你')
  })

  it('has a host also when the request has none', () => {
    const { request } = new HttpContext()
    request.path = '/x'
    expect(request.toWebRequest().url).toBe('http://localhost/x')
  })

  it.each(['GET', 'HEAD'])('has no body for %s', method => {
    const { request } = new HttpContext()
    request.method = method
    expect(request.toWebRequest().body).toBeNull()
  })

  it.each(['CONNECT', 'TRACE', 'track'])('is a not-supported error for %s', method => {
    const { request } = new HttpContext()
    request.method = method
    expect(() => request.toWebRequest()).toThrow(NotSupportedException)
  })

  it('aborts with the request', () => {
    const context = new HttpContext()
    const controller = new AbortController()
    context.features.set(HttpRequestLifetimeFeature, { requestAborted: controller.signal, abort: () => controller.abort() })
    const { signal } = context.request.toWebRequest()
    context.abort()
    expect(signal.aborted).toBe(true)
  })
})

describe('response.sendWebResponseAsync', () => {
  it('takes status, headers and body over', async () => {
    const { context, written } = recordingContext()
    const { response, features } = context
    response.headers.set('X-A', 'before')
    await response.sendWebResponseAsync(
      new Response('héllo', { status: 201, statusText: 'Made', headers: { 'X-A': 'after', 'Content-Type': 'text/x' } }),
    )
    expect([response.statusCode, features.getRequired(HttpResponseFeature).reasonPhrase]).toEqual([201, 'Made'])
    expect([response.headers.get('x-a'), response.contentType, written()]).toEqual(['after', 'text/x', 'héllo'])
  })

  it('adds its cookies, each on a line, to those that were set', async () => {
    const { context } = recordingContext()
    context.response.cookies.append('before', '1')
    const web = new Response(null, { status: 204 })
    web.headers.append('Set-Cookie', 'a=1; Expires=Wed, 02 Jan 2030 01:04:05 GMT')
    web.headers.append('Set-Cookie', 'b=2')
    await context.response.sendWebResponseAsync(web)
    expect(context.response.headers.setCookie).toEqual(['before=1; path=/', 'a=1; Expires=Wed, 02 Jan 2030 01:04:05 GMT', 'b=2'])
  })

  it('writes nothing for a response without a body', async () => {
    const { context } = recordingContext()
    let writes = 0
    context.features.getRequired(HttpResponseBodyFeature).writeAsync = async () => void writes++
    await context.response.sendWebResponseAsync(new Response(null, { status: 304 }))
    expect([context.response.statusCode, writes]).toEqual([304, 0])
  })

  it('sends each chunk as it comes, one at a time', async () => {
    const { context } = recordingContext()
    const trace: string[] = []
    let number = 0
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          trace.push(`pull ${++number}`)
          if (number > 3) controller.close()
          else controller.enqueue(Buffer.from(String(number)))
        },
      },
      { highWaterMark: 0 },
    )
    context.features.getRequired(HttpResponseBodyFeature).writeAsync = async data => {
      await new Promise(setImmediate)
      trace.push(`write ${Buffer.from(data as Uint8Array)}`)
    }
    await context.response.sendWebResponseAsync(new Response(body))
    expect(trace).toEqual(['pull 1', 'write 1', 'pull 2', 'write 2', 'pull 3', 'write 3', 'pull 4'])
  })

  it('hands on the error of a body that fails', async () => {
    const { context, written } = recordingContext()
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(new Error('source'))
      },
    })
    await expect(context.response.sendWebResponseAsync(new Response(body))).rejects.toThrow('source')
    expect(written()).toBe('')
  })

  it('cancels the body when writing fails', async () => {
    const { context } = recordingContext()
    let cancelled: unknown
    const body = new ReadableStream<Uint8Array>({
      pull: controller => controller.enqueue(Buffer.from('x')),
      cancel: reason => {
        cancelled = reason
      },
    })
    const failure = new Error('gone')
    context.features.getRequired(HttpResponseBodyFeature).writeAsync = () => Promise.reject(failure)
    await expect(context.response.sendWebResponseAsync(new Response(body))).rejects.toBe(failure)
    expect(cancelled).toBe(failure)
  })

  it('cancels an endless body when the client has gone', async () => {
    const { context } = recordingContext()
    const controller = new AbortController()
    context.requestAborted = controller.signal
    let writes = 0
    context.features.getRequired(HttpResponseBodyFeature).writeAsync = async () => {
      if (++writes === 3) controller.abort()
    }
    let isCancelled = false
    const body = new ReadableStream<Uint8Array>({
      pull: stream => stream.enqueue(Buffer.from('x')),
      cancel: () => {
        isCancelled = true
      },
    })
    await context.response.sendWebResponseAsync(new Response(body))
    expect([writes, isCancelled]).toEqual([3, true])
  })

  it('cancels a body that keeps silent when the client goes', async () => {
    const { context } = recordingContext()
    const controller = new AbortController()
    context.requestAborted = controller.signal
    let cancelled: unknown
    const body = new ReadableStream<Uint8Array>({
      cancel: reason => {
        cancelled = reason
      },
    })
    const sending = context.response.sendWebResponseAsync(new Response(body))
    controller.abort('gone')
    await sending
    expect(cancelled).toBe('gone')
  })

  it('cancels the body when the client had gone before', async () => {
    const { context, written } = recordingContext()
    context.requestAborted = AbortSignal.abort('gone')
    let cancelled: unknown
    const body = new ReadableStream<Uint8Array>({
      pull: stream => stream.enqueue(Buffer.from('x')),
      cancel: reason => {
        cancelled = reason
      },
    })
    await context.response.sendWebResponseAsync(new Response(body))
    expect([cancelled, written()]).toEqual(['gone', ''])
  })

  it('sends the head before a body that keeps silent at first', async () => {
    const { context } = recordingContext()
    const feature = context.features.getRequired(HttpResponseBodyFeature)
    const trace: string[] = []
    feature.flushAsync = async () => void trace.push('flush')
    feature.writeAsync = async data => void trace.push(`write ${Buffer.from(data as Uint8Array)}`)
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const sending = context.response.sendWebResponseAsync(new Response(readable))
    while (trace.length === 0) await new Promise(setImmediate)
    const writer = writable.getWriter()
    void writer.write(Buffer.from('late'))
    void writer.close()
    await sending
    expect(trace).toEqual(['flush', 'write late'])
  })

  it('does not send the head by itself when the body is there', async () => {
    const { context } = recordingContext()
    let flushes = 0
    context.features.getRequired(HttpResponseBodyFeature).flushAsync = async () => void flushes++
    await context.response.sendWebResponseAsync(new Response('at once'))
    await new Promise(setImmediate)
    expect(flushes).toBe(0)
  })

  it('refuses Response.error() and a response that was read', async () => {
    const { response } = new HttpContext()
    await expect(response.sendWebResponseAsync(Response.error())).rejects.toBeInstanceOf(ArgumentException)
    const read = new Response('x')
    await read.text()
    await expect(response.sendWebResponseAsync(read)).rejects.toBeInstanceOf(ArgumentException)
  })
})
