import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import {
  HttpContext,
  HttpResponseFeature,
  InvalidOperationException,
  IOException,
  ObjectDisposedException,
  type ResponseCallback,
} from '@windhover/core'
import { describe, expect, it } from 'vitest'

function requestOf(...chunks: (string | Buffer)[]) {
  const context = new HttpContext()
  const completions: ResponseCallback[] = []
  context.features.getRequired(HttpResponseFeature).onCompleted = callback => void completions.push(callback)
  let pulled = 0
  context.request.body = Readable.from(
    (function* () {
      for (const chunk of chunks) {
        pulled++
        yield Buffer.from(chunk)
      }
    })(),
    { objectMode: true, highWaterMark: 1 },
  )
  return { request: context.request, completions, pulled: () => pulled }
}

describe('request.enableBuffering', () => {
  it.each([
    ['in memory', {}],
    ['on disk', { bufferThreshold: 0 }],
    ['partly on disk', { bufferThreshold: 4 }],
  ])('lets the body be read again and again, %s', async (_where, options) => {
    const { request, completions } = requestOf('one ', 'two ', 'three')
    request.enableBuffering(options)
    for (let i = 0; i < 3; i++) {
      expect(await request.readAsTextAsync()).toBe('one two three')
      request.rewindBody()
    }
    for (const callback of completions) await callback()
  })

  it('gives back a large body whole', async () => {
    const content = Buffer.alloc(500_000, '0123456789abcdef-')
    const { request, completions } = requestOf(content.subarray(0, 10), content.subarray(10, 300_000), content.subarray(300_000))
    request.enableBuffering()
    expect((await request.readAsTextAsync()).length).toBe(500_000)
    request.rewindBody()
    expect(await request.readAsTextAsync()).toBe(content.toString())
    for (const callback of completions) await callback()
  })

  it('takes no more from the client than somebody reads', async () => {
    const { request, pulled } = requestOf('1', '2', '3', '4', '5', '6', '7', '8')
    request.enableBuffering()
    const { value } = await request.body[Symbol.asyncIterator]().next()
    expect(String(value)).toBe('1')
    expect(pulled()).toBeLessThan(8)
  })

  it('goes on after a reader that stopped halfway', async () => {
    const { request } = requestOf('one ', 'two ', 'three')
    request.enableBuffering()
    for await (const _chunk of request.body) break
    request.rewindBody()
    expect(await request.readAsTextAsync()).toBe('one two three')
  })

  it('lets two readers read side by side', async () => {
    const { request } = requestOf('one ', 'two ', 'three')
    request.enableBuffering({ bufferThreshold: 5 })
    const first = request.body
    request.rewindBody()
    expect(await Promise.all([text(first), text(request.body)])).toEqual(['one two three', 'one two three'])
  })

  it('does nothing when it is called again', async () => {
    const { request } = requestOf('x')
    request.enableBuffering()
    const { body } = request
    request.enableBuffering()
    expect(request.body).toBe(body)
  })

  it('fails with an io error beyond its limit, for every reader', async () => {
    const { request } = requestOf('1234', '5678', '9')
    request.enableBuffering({ bufferLimit: 7 })
    await expect(request.readAsTextAsync()).rejects.toBeInstanceOf(IOException)
    request.rewindBody()
    await expect(request.readAsTextAsync()).rejects.toBeInstanceOf(IOException)
  })

  it('hands the error of the body to every reader, and never ends too early', async () => {
    const { request } = new HttpContext()
    request.body = Readable.from(
      (function* () {
        yield Buffer.from('one')
        throw new Error('reset')
      })(),
      { objectMode: false },
    )
    request.enableBuffering()
    await expect(request.readAsTextAsync()).rejects.toThrow('reset')
    request.rewindBody()
    await expect(request.readAsTextAsync()).rejects.toThrow('reset')
  })

  it('frees what it keeps when the response has ended', async () => {
    const { request, completions } = requestOf('one', 'two')
    request.enableBuffering({ bufferThreshold: 0 })
    await request.readAsTextAsync()
    for (const callback of completions) await callback()
    request.rewindBody()
    await expect(request.readAsTextAsync()).rejects.toBeInstanceOf(ObjectDisposedException)
  })
})

describe('request.rewindBody', () => {
  it('is an invalid-operation error without buffering', () => {
    expect(() => requestOf('x').request.rewindBody()).toThrow(InvalidOperationException)
  })
})
