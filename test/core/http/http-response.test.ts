import { ArgumentNullException, HttpContext, HttpResponseFeature, InvalidOperationException, type ResponseCallback } from '@windhover/core'
import { describe, expect, it } from 'vitest'
import { recordingContext } from './recording-context.ts'

describe('HttpResponse', () => {
  it.each(['', undefined])('removes the Content-Type that is set to %j', value => {
    const { response } = new HttpContext()
    response.contentType = 'text/plain'
    expect(response.headers.get('content-type')).toBe('text/plain')
    response.contentType = value
    expect(response.headers.has('Content-Type')).toBe(false)
    expect(response.contentType).toBeUndefined()
  })

  it('has a Content-Length in bytes', () => {
    const { response } = new HttpContext()
    expect(response.contentLength).toBeUndefined()
    response.contentLength = 12
    expect([response.contentLength, response.headers.get('Content-Length')]).toEqual([12, '12'])
  })

  it.each([
    [undefined, 302],
    [false, 302],
    [true, 301],
    [{ permanent: true }, 301],
    [{ preserveMethod: true }, 307],
    [{ permanent: true, preserveMethod: true }, 308],
  ])('redirects with %j as %i', (options, status) => {
    const { response } = new HttpContext()
    response.redirect('/next?a=b', options)
    expect([response.statusCode, response.headers.location]).toEqual([status, '/next?a=b'])
  })

  it.each(['/é', '/a\r\nSet-Cookie: a=1'])('refuses to redirect to %j, and leaves the status alone', location => {
    const { response } = new HttpContext()
    expect(() => response.redirect(location)).toThrow(InvalidOperationException)
    expect([response.statusCode, response.headers.size]).toEqual([200, 0])
  })

  it.each([
    [{ a: [1, 'é'] }, '{"a":[1,"é"]}'],
    [null, 'null'],
    [undefined, 'null'],
    ['text', '"text"'],
  ])('writes %j as JSON', async (value, json) => {
    const { context, written } = recordingContext()
    await context.response.writeAsJsonAsync(value)
    expect(written()).toBe(json)
    expect(context.response.contentType).toBe('application/json; charset=utf-8')
  })

  it('writes JSON with another Content-Type', async () => {
    const { context } = recordingContext()
    await context.response.writeAsJsonAsync({}, 'application/problem+json')
    expect(context.response.contentType).toBe('application/problem+json')
  })

  it('leaves the response alone when a value cannot be JSON', () => {
    const { context, written } = recordingContext()
    expect(() => context.response.writeAsJsonAsync({ big: 1n })).toThrow(TypeError)
    expect([context.response.contentType, written()]).toEqual([undefined, ''])
  })

  it('clears status, headers and reason phrase', () => {
    const { response, features } = new HttpContext()
    const feature = features.getRequired(HttpResponseFeature)
    response.statusCode = 500
    response.headers.set('X-A', '1')
    feature.reasonPhrase = 'Oh'
    response.clear()
    expect([response.statusCode, response.headers.size, feature.reasonPhrase]).toEqual([200, 0, undefined])
  })

  it('cannot be cleared once it has started', () => {
    const { response, features } = new HttpContext()
    features.set(HttpResponseFeature, Object.create(features.getRequired(HttpResponseFeature), { hasStarted: { value: true } }))
    expect(() => response.clear()).toThrow(InvalidOperationException)
  })

  it.each(['onStarting', 'onCompleted'] as const)('%s raises an argument-null error without a callback', member => {
    expect(() => new HttpContext().response[member](undefined as never)).toThrow(ArgumentNullException)
  })

  it.each<[string, (trace: string[]) => Disposable | AsyncDisposable, string[]]>([
    ['at once', trace => ({ [Symbol.dispose]: () => void trace.push('disposed') }), ['disposed']],
    ['asynchronously', trace => ({ [Symbol.asyncDispose]: async () => void trace.push('disposed async') }), ['disposed async']],
    [
      'asynchronously when both are offered',
      trace => ({
        [Symbol.dispose]: () => void trace.push('disposed'),
        [Symbol.asyncDispose]: async () => void trace.push('disposed async'),
      }),
      ['disposed async'],
    ],
  ])('disposes what is registered when it has completed, %s', async (_way, make, expected) => {
    const { response, features } = new HttpContext()
    const callbacks: ResponseCallback[] = []
    features.getRequired(HttpResponseFeature).onCompleted = callback => void callbacks.push(callback)
    const trace: string[] = []
    response.registerForDispose(make(trace))
    expect(trace).toEqual([])
    for (const callback of callbacks) await callback()
    expect(trace).toEqual(expected)
  })

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [5, 'a number'],
    [{ a: 1 }, 'an object of Object'],
  ])('refuses to write %j, and says what writes it', (data, kind) => {
    const { response } = new HttpContext()
    expect(() => response.writeAsync(data as never)).toThrow(
      expect.objectContaining({
        code: 'WINDHOVER_ERR_WRITTEN_DATA',
        message: `response.writeAsync() takes a string or a Uint8Array, not ${kind}. Other values are written by writeAsJsonAsync().`,
      }),
    )
  })

  it.each([undefined, null])('refuses to redirect to %s, and leaves the status alone', location => {
    const { response } = new HttpContext()
    expect(() => response.redirect(location as never)).toThrow(ArgumentNullException)
    expect(response.statusCode).toBe(200)
  })
})
