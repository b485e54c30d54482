import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import {
  type FormCollection,
  FormOptions,
  HttpContext,
  HttpResponseFeature,
  InvalidDataException,
  InvalidOperationException,
  IOException,
  ObjectDisposedException,
  type ResponseCallback,
  ServiceCollection,
} from '@windhover/core'
import { afterEach, describe, expect, it } from 'vitest'

const completions: ResponseCallback[] = []

/** A request with a body, whose response ends after the test. */
function requestWith(contentType: string | undefined, body: Readable | string): HttpContext['request'] {
  const context = new HttpContext()
  const response = context.features.getRequired(HttpResponseFeature)
  response.onCompleted = callback => void completions.push(callback)
  if (contentType !== undefined) context.request.contentType = contentType
  context.request.body = typeof body === 'string' ? Readable.from([Buffer.from(body)]) : body
  return context.request
}

afterEach(async () => {
  for (const callback of completions.splice(0)) await callback()
})

const urlEncoded = 'application/x-www-form-urlencoded'
const valuesOf = (form: FormCollection) => [...form.keys()].map(name => [name, form.getAll(name)])

/** One piece for each byte: no parser may depend on where the network cuts. */
const byteByByte = (body: string | Buffer) => Readable.from([...Buffer.from(body)].map(byte => Buffer.of(byte)))

describe('request.hasFormContentType', () => {
  it.each([
    [urlEncoded, true],
    [`${urlEncoded}; charset=utf-8`, true],
    ['APPLICATION/X-WWW-FORM-URLENCODED', true],
    ['multipart/form-data; boundary=b', true],
    ['multipart/form-data', true],
    ['multipart/mixed; boundary=b', false],
    ['text/plain', false],
    [undefined, false],
  ])('for %s is %s', (contentType, expected) => {
    expect(requestWith(contentType, '').hasFormContentType).toBe(expected)
  })
})

describe('a urlencoded form', () => {
  const body = 'a=1&b=x+y&b=%C3%A9&empty=&novalue&A=2&&=nameless&%zz=%e4&plus=%2B'
  const expected = [
    ['a', ['1', '2']],
    ['b', ['x y', 'é']],
    ['empty', ['']],
    ['novalue', ['']],
    ['', ['nameless']],
    ['%zz', ['%e4']],
    ['plus', ['+']],
  ]

  it('is decoded', async () => {
    expect(valuesOf(await requestWith(urlEncoded, body).readFormAsync())).toEqual(expected)
  })

  it('is the same however the network cuts it', async () => {
    expect(valuesOf(await requestWith(urlEncoded, byteByByte(body)).readFormAsync())).toEqual(expected)
  })

  it('may be empty', async () => {
    const form = await requestWith(urlEncoded, '').readFormAsync()
    expect([form.size, form.files.size]).toEqual([0, 0])
  })

  it('is read once', async () => {
    const request = requestWith(urlEncoded, 'a=1')
    expect(await request.readFormAsync()).toBe(await request.readFormAsync())
  })

  it('is read in the charset that Content-Type names', async () => {
    const latin1 = Readable.from([Buffer.from('a=\xe9', 'latin1')])
    expect((await requestWith(`${urlEncoded}; charset=iso-8859-1`, latin1).readFormAsync()).get('a')).toBe('é')
  })

  it.each<[string, string, Partial<FormOptions>, string]>([
    ['more values', 'a=1&b=2&c=3', { valueCountLimit: 2 }, 'valueCountLimit'],
    ['a longer name', 'abcd=1', { keyLengthLimit: 3 }, 'keyLengthLimit'],
    ['a longer name without a value', 'abcd', { keyLengthLimit: 3 }, 'keyLengthLimit'],
    ['a longer value', 'a=1234', { valueLengthLimit: 3 }, 'valueLengthLimit'],
    ['a longer encoded value', 'a=%20', { valueLengthLimit: 2 }, 'valueLengthLimit'],
  ])('with %s than allowed is refused', async (_problem, input, options, limit) => {
    const reading = requestWith(urlEncoded, input).readFormAsync(options)
    await expect(reading).rejects.toBeInstanceOf(InvalidDataException)
    await expect(reading).rejects.toThrow(limit)
  })

  it('may be as large as its limits', async () => {
    const options = { valueCountLimit: 2, keyLengthLimit: 3, valueLengthLimit: 4 }
    expect(valuesOf(await requestWith(urlEncoded, 'abc=1234&def=5678').readFormAsync(options))).toEqual([
      ['abc', ['1234']],
      ['def', ['5678']],
    ])
  })

  it('is refused as soon as it is too long, without waiting for its end', async () => {
    let pulled = 0
    const endless = Readable.from(
      (function* () {
        for (;;) {
          pulled++
          yield Buffer.alloc(1024, 'x')
        }
      })(),
      { objectMode: false },
    )
    await expect(requestWith(urlEncoded, endless).readFormAsync({ valueLengthLimit: 8192 })).rejects.toThrow('keyLengthLimit')
    expect(pulled).toBeLessThan(100)
  })

  it('has a name such as __proto__ like any other', async () => {
    const form = await requestWith(urlEncoded, '__proto__=1&constructor=2').readFormAsync()
    expect([form.get('__proto__'), form.get('constructor'), form.get('toString')]).toEqual(['1', '2', null])
  })
})

const boundary = 'b0'
const multipart = `multipart/form-data; boundary=${boundary}`
const part = (headers: string, body: string) => `--${boundary}\r\n${headers}\r\n\r\n${body}\r\n`
const field = (name: string, value: string) => part(`Content-Disposition: form-data; name="${name}"`, value)
const file = (name: string, fileName: string, body: string, type = 'text/plain') =>
  part(`Content-Disposition: form-data; name="${name}"; filename="${fileName}"\r\nContent-Type: ${type}`, body)
const end = `--${boundary}--\r\n`

describe('a multipart form', () => {
  const body = `preamble\r\n${field('a', '1')}${file('up', 'é "x".txt'.replaceAll('"', '\\"'), 'line\r\n--b\r\n', 'text/x')}${field('a', '')}${field('A', 'é\r\n2')}${end}epilogue`

  async function check(form: FormCollection): Promise<void> {
    expect(valuesOf(form)).toEqual([['a', ['1', '', 'é\r\n2']]])
    const [upload] = form.files
    expect(form.files.size).toBe(1)
    expect([upload?.name, upload?.fileName, upload?.contentType]).toEqual(['up', 'é "x".txt', 'text/x'])
    expect(upload?.length).toBe(Buffer.byteLength('line\r\n--b\r\n'))
    expect(await text(upload!.openReadStream())).toBe('line\r\n--b\r\n')
    expect(await text(upload!.openReadStream())).toBe('line\r\n--b\r\n')
  }

  it('gives its values and files', async () => {
    await check(await requestWith(multipart, body).readFormAsync())
  })

  it('is the same however the network cuts it', async () => {
    await check(await requestWith(multipart, byteByByte(body)).readFormAsync())
  })

  it('finds files by the name of their field', async () => {
    const form = await requestWith(
      multipart,
      `${file('up', '1', 'x')}${file('UP', '2', 'y')}${file('other', '3', 'z')}${end}`,
    ).readFormAsync()
    expect(form.files.getFile('Up')?.fileName).toBe('1')
    expect(form.files.getFiles('up').map(({ fileName }) => fileName)).toEqual(['1', '2'])
    expect(form.files.getFile('none')).toBeUndefined()
  })

  it('keeps the headers of a file', async () => {
    const form = await requestWith(multipart, `${file('up', 'f', '', 'image/png')}${end}`).readFormAsync()
    const [upload] = form.files
    expect(upload?.headers.get('content-type')).toBe('image/png')
    expect(upload?.contentDisposition).toBe('form-data; name="up"; filename="f"')
    expect(upload?.length).toBe(0)
  })

  it.each([
    ['filename*', `name="up"; filename="plain"; filename*=UTF-8''na%C3%AFve%20%E2%82%AC`, 'naïve €'],
    ['a token', 'name=up; filename=plain.txt', 'plain.txt'],
    ['a path of Windows', 'name="up"; filename="C:\\dir\\x.txt"', 'C:\\dir\\x.txt'],
  ])('takes the name of a file from %s', async (_form, parameters, expected) => {
    const form = await requestWith(multipart, `${part(`Content-Disposition: form-data; ${parameters}`, 'x')}${end}`).readFormAsync()
    expect([...form.files].map(({ name, fileName }) => [name, fileName])).toEqual([['up', expected]])
  })

  it('reads a value in the charset of its part', async () => {
    const headers = 'Content-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=iso-8859-1'
    const latin1 = Buffer.from(`${part(headers, '\xe9')}${end}`, 'latin1')
    expect((await requestWith(multipart, Readable.from([latin1])).readFormAsync()).get('a')).toBe('é')
  })

  it('passes over parts that are not form-data', async () => {
    const form = await requestWith(multipart, `${part('Content-Disposition: attachment', 'x')}${field('a', '1')}${end}`).readFormAsync()
    expect(valuesOf(form)).toEqual([['a', ['1']]])
  })

  it('takes a quoted boundary', async () => {
    const form = await requestWith(`multipart/form-data; charset=utf-8; boundary="${boundary}"`, `${field('a', '1')}${end}`).readFormAsync()
    expect(form.get('a')).toBe('1')
  })

  it('may have no parts', async () => {
    expect((await requestWith(multipart, end).readFormAsync()).size).toBe(0)
  })

  it('keeps a large file on disk and gives it back whole', async () => {
    const content = Buffer.alloc(300_000, 'abcdefg')
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="up"; filename="f"\r\n\r\n`
    const pieces = Readable.from([Buffer.from(head), content.subarray(0, 100_000), content.subarray(100_000), Buffer.from(`\r\n${end}`)])
    const form = await requestWith(multipart, pieces).readFormAsync({ memoryBufferThreshold: 1000 })
    const chunks: Buffer[] = []
    for await (const chunk of form.files.getFile('up')!.openReadStream()) chunks.push(chunk)
    expect(Buffer.concat(chunks).equals(content)).toBe(true)
  })

  it('frees its files when the response has ended', async () => {
    const form = await requestWith(multipart, `${file('up', 'f', 'x')}${end}`).readFormAsync({ memoryBufferThreshold: 0 })
    const [upload] = form.files
    const abandoned = upload!.openReadStream()
    for (const callback of completions.splice(0)) await callback()
    await expect(text(upload!.openReadStream())).rejects.toBeInstanceOf(ObjectDisposedException)
    abandoned.resume()
    await new Promise(resolve => abandoned.once('close', resolve))
    expect(upload!.length).toBe(0)
  })

  it('copies a file to a stream', async () => {
    const form = await requestWith(multipart, `${file('up', 'f', 'content')}${end}`).readFormAsync()
    const target = new PassThrough()
    const [copied] = await Promise.all([text(target), form.files.getFile('up')!.copyToAsync(target)])
    expect(copied).toBe('content')
  })

  it.each<[string, string, string, Partial<FormOptions>, string]>([
    ['names no boundary', 'multipart/form-data', 'x', {}, 'names no boundary'],
    ['has a longer boundary than allowed', multipart, '', { multipartBoundaryLengthLimit: 1 }, 'multipartBoundaryLengthLimit'],
    ['has more values than allowed', multipart, field('a', '1') + field('b', '2') + end, { valueCountLimit: 1 }, 'valueCountLimit'],
    ['has more files than allowed', multipart, file('a', 'f', '') + file('b', 'f', '') + end, { valueCountLimit: 1 }, 'valueCountLimit'],
    ['has a longer name than allowed', multipart, field('abcd', '1') + end, { keyLengthLimit: 3 }, 'keyLengthLimit'],
    ['has a longer value than allowed', multipart, field('a', '1234') + end, { valueLengthLimit: 3 }, 'valueLengthLimit'],
    [
      'has a longer file than allowed',
      multipart,
      file('a', 'f', '1234') + end,
      { multipartBodyLengthLimit: 3 },
      'multipartBodyLengthLimit',
    ],
    [
      'has more headers in a part than allowed',
      multipart,
      part('Content-Disposition: form-data; name="a"\r\nX: 1\r\nY: 2', '1') + end,
      { multipartHeadersCountLimit: 2 },
      'multipartHeadersCountLimit',
    ],
    [
      'has longer headers in a part than allowed',
      multipart,
      part(`Content-Disposition: form-data; name="a"\r\nX: ${'x'.repeat(100)}`, '1') + end,
      { multipartHeadersLengthLimit: 100 },
      'multipartHeadersLengthLimit',
    ],
    ['has a part without a Content-Disposition', multipart, part('X-A: 1', '1') + end, {}, 'Content-Disposition'],
    [
      'has a part with a malformed Content-Disposition',
      multipart,
      part('Content-Disposition: form-data; name="a', '1') + end,
      {},
      'Content-Disposition',
    ],
    [
      'has a part whose headers do not end',
      multipart,
      `--${boundary}\r\nContent-Disposition: form-data; name="a"\r\n--${boundary}--\r\n`,
      {},
      'blank line',
    ],
  ])('that %s is refused as invalid data', async (_problem, contentType, body, options, message) => {
    const reading = requestWith(contentType, body).readFormAsync(options)
    await expect(reading).rejects.toBeInstanceOf(InvalidDataException)
    await expect(reading).rejects.toThrow(message)
  })

  it.each([
    ['nothing', ''],
    ['the preamble', 'preamble'],
    ['a boundary', `--${boundary}\r\n`],
    ['headers', `--${boundary}\r\nContent-Disposition: form-data; name="a"`],
    ['a value', `--${boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\nval`],
    ['a part', field('a', '1')],
  ])('that ends after %s is an io error', async (_after, body) => {
    await expect(requestWith(multipart, body).readFormAsync()).rejects.toBeInstanceOf(IOException)
  })

  it('hands on the error of its body', async () => {
    const failing = Readable.from(
      (async function* () {
        yield Buffer.from(field('a', '1').slice(0, -4))
        throw new Error('reset')
      })(),
      { objectMode: false },
    )
    await expect(requestWith(multipart, failing).readFormAsync()).rejects.toThrow('reset')
  })
})

describe('readFormAsync', () => {
  it.each(['text/plain', undefined])('is an invalid-operation error for the Content-Type %s', async contentType => {
    await expect(requestWith(contentType, 'a=1').readFormAsync()).rejects.toBeInstanceOf(InvalidOperationException)
  })

  it('leaves the body to be read again with bufferBody', async () => {
    const request = requestWith(urlEncoded, 'a=1')
    expect((await request.readFormAsync({ bufferBody: true })).get('a')).toBe('1')
    expect(await text(request.body)).toBe('a=1')
  })

  it('refuses a longer body than bufferBodyLengthLimit with bufferBody', async () => {
    const options = { bufferBody: true, bufferBodyLengthLimit: 2 }
    await expect(requestWith(urlEncoded, 'a=1').readFormAsync(options)).rejects.toThrow('2 bytes')
  })

  it('takes its limits from the configured options, and from its argument before them', async () => {
    const services = new ServiceCollection().configure(FormOptions, options => {
      options.valueCountLimit = 1
      options.keyLengthLimit = 1
    })
    const request = requestWith(urlEncoded, 'a=1&b=2')
    request.httpContext.requestServices = services.buildServiceProvider()
    await expect(request.readFormAsync()).rejects.toThrow('valueCountLimit of 1')

    const other = requestWith(urlEncoded, 'a=1&b=2')
    other.httpContext.requestServices = request.httpContext.requestServices
    expect((await other.readFormAsync({ valueCountLimit: 2 })).size).toBe(2)
  })

  it('has the limits of ASP.NET Core', () => {
    expect({ ...new FormOptions() }).toEqual({
      bufferBody: false,
      bufferBodyLengthLimit: 134_217_728,
      memoryBufferThreshold: 65_536,
      valueCountLimit: 1024,
      keyLengthLimit: 2048,
      valueLengthLimit: 4_194_304,
      multipartBoundaryLengthLimit: 128,
      multipartHeadersCountLimit: 16,
      multipartHeadersLengthLimit: 16_384,
      multipartBodyLengthLimit: 134_217_728,
    })
  })
})
