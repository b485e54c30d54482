import { Readable } from 'node:stream'
import {
  ArgumentException,
  BadHttpRequestException,
  HostString,
  HttpContext,
  HttpRequestBodyDetectionFeature,
  IOException,
  OperationCanceledException,
  QueryCollection,
} from '@windhover/core'
import { describe, expect, it } from 'vitest'

function requestWith(body: Readable | Uint8Array | string = '', contentType?: string): HttpContext['request'] {
  const { request } = new HttpContext()
  request.contentType = contentType
  request.body = body instanceof Readable ? body : Readable.from([Buffer.from(body)])
  return request
}

describe('HttpRequest', () => {
  it.each(['path', 'pathBase'] as const)('%s is empty or starts with a slash', property => {
    const { request } = new HttpContext()
    for (const value of ['/a', '', '/%2F']) {
      request[property] = value
      expect(request[property]).toBe(value)
    }
    expect(() => {
      request[property] = 'a'
    }).toThrow(ArgumentException)
  })

  it('query follows the query string', () => {
    const { request } = new HttpContext()
    request.queryString = '?a=1&A=2&b=x+y'
    expect([request.query.getAll('a'), request.query.get('b'), request.query.get('c')]).toEqual([['1', '2'], 'x y', null])
    expect(request.query).toBe(request.query)
    request.queryString = '?a=3'
    expect(request.query.get('a')).toBe('3')
  })

  it('the query string follows query', () => {
    const { request } = new HttpContext()
    const query = new QueryCollection([
      ['a', 'x y'],
      ['b', '1'],
    ])
    request.query = query
    expect(request.queryString).toBe('?a=x%20y&b=1')
    expect(request.query).toBe(query)
  })

  it('queryString is empty or starts with a question mark', () => {
    expect(() => {
      new HttpContext().request.queryString = 'a=1'
    }).toThrow(ArgumentException)
  })

  it('host is that of the Host header', () => {
    const { request } = new HttpContext()
    expect(request.host.hasValue).toBe(false)
    request.host = new HostString('bücher.example', 8080)
    expect(request.headers.get('host')).toBe('xn--bcher-kva.example:8080')
    expect([request.host.host, request.host.port]).toEqual(['bücher.example', 8080])
  })

  it.each([
    ['http', false],
    ['https', true],
    ['HTTPS', true],
  ])('isHttps for %s is %s', (scheme, expected) => {
    const { request } = new HttpContext()
    request.scheme = scheme
    expect(request.isHttps).toBe(expected)
  })

  it('isHttps sets the scheme', () => {
    const { request } = new HttpContext()
    request.isHttps = true
    expect(request.scheme).toBe('https')
  })

  it('cookies follow the Cookie header', () => {
    const { request } = new HttpContext()
    request.headers.set('Cookie', 'a=1; b=x%20y')
    expect([request.cookies.get('A'), request.cookies.get('b'), request.cookies.get('c')]).toEqual(['1', 'x y', null])
    request.headers.set('Cookie', 'a=2')
    expect([request.cookies.get('a'), request.cookies.has('b'), request.cookies.size]).toEqual(['2', false, 1])
  })

  it('canHaveBody asks the server', () => {
    const { request, features } = new HttpContext()
    expect(request.canHaveBody).toBe(true)
    features.set(HttpRequestBodyDetectionFeature, { canHaveBody: false })
    expect(request.canHaveBody).toBe(false)
  })
})

describe('the URL of a request', () => {
  it.each([
    {
      base: '',
      path: '/a b/é?#;x',
      queryString: '?x=%20&y=%C3%A9',
      display: 'http://localhost/a b/é?#;x?x=%20&y=%C3%A9',
      encoded: '/a%20b/%C3%A9%3F%23;x?x=%20&y=%C3%A9',
    },
    { base: '/ba se', path: '/p', queryString: '', display: 'http://localhost/ba se/p', encoded: '/ba%20se/p' },
    { base: '', path: '', queryString: '?a#b', display: 'http://localhost?a#b', encoded: '/?a%23b' },
    { base: '/base/', path: '/p', queryString: '', display: 'http://localhost/base//p', encoded: '/base/p' },
  ])('with $base and $path is $display for people and $encoded for links', ({ base, path, queryString, display, encoded }) => {
    const { request } = new HttpContext()
    Object.assign(request, { host: 'localhost', pathBase: base, path, queryString })
    expect(request.getDisplayUrl()).toBe(display)
    expect(request.getEncodedPathAndQuery()).toBe(encoded)
    expect(request.getEncodedUrl()).toBe(`http://localhost${encoded}`)
  })

  it('has its host in punycode', () => {
    const { request } = new HttpContext()
    Object.defineProperty(request, 'host', { value: new HostString('bücher.example') })
    expect(request.getEncodedUrl()).toBe('http://xn--bcher-kva.example/')
  })
})

describe('readAsTextAsync', () => {
  it.each([
    ['no Content-Type as UTF-8', undefined, Buffer.from('é')],
    ['a Content-Type without a charset as UTF-8', 'text/plain', Buffer.from('é')],
    ['ISO 8859-1', 'text/plain; charset=iso-8859-1', Buffer.from('é', 'latin1')],
    ['UTF-16', 'text/plain; charset="UTF-16LE"', Buffer.from('é', 'utf16le')],
    ['a byte order mark', undefined, Buffer.from('\ufeffé')],
  ])('reads %s', async (_name, contentType, bytes) => {
    expect(await requestWith(bytes, contentType).readAsTextAsync()).toBe('é')
  })

  it('joins a character that two chunks share', async () => {
    const [first, second] = [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)]
    expect(await requestWith(Readable.from([first, second])).readAsTextAsync()).toBe('é')
  })

  it('is empty when the body was read before', async () => {
    const request = requestWith('hello')
    expect([await request.readAsTextAsync(), await request.readAsTextAsync()]).toEqual(['hello', ''])
  })

  it('raises the error of a body that fails, each time', async () => {
    const request = requestWith(
      Readable.from(
        (function* () {
          yield Buffer.from('x')
          throw new Error('reset')
        })(),
        { objectMode: false },
      ),
    )
    for (let i = 0; i < 2; i++) await expect(request.readAsTextAsync()).rejects.toThrow('reset')
  })

  it('raises an io error for a body that was left halfway', async () => {
    const request = requestWith(Readable.from([Buffer.from('x'), Buffer.from('y')]))
    for await (const _chunk of request.body) break
    await expect(request.readAsTextAsync()).rejects.toBeInstanceOf(IOException)
  })

  it('raises an io error for a body that closes before its end', async () => {
    const request = requestWith(new Readable({ read() {} }))
    const reading = request.readAsTextAsync()
    request.body.destroy()
    await expect(reading).rejects.toBeInstanceOf(IOException)
  })

  it('raises a bad-request error of status 415 for an unknown charset', async () => {
    const reading = requestWith('x', 'text/plain; charset=klingon').readAsTextAsync()
    await expect(reading).rejects.toBeInstanceOf(BadHttpRequestException)
    await expect(reading).rejects.toMatchObject({ statusCode: 415 })
  })
})

describe.each(['readAsTextAsync', 'readFromJsonAsync', 'readFormAsync'] as const)('a signal given to %s', member => {
  function startReading(signal: AbortSignal) {
    const request = requestWith(
      new Readable({ read() {} }),
      member === 'readFormAsync' ? 'multipart/form-data; boundary=b' : 'application/json',
    )
    return member === 'readFormAsync' ? request.readFormAsync({}, signal) : request[member](signal)
  }

  it('ends the reading with an operation-canceled error', async () => {
    const controller = new AbortController()
    const reading = startReading(controller.signal)
    controller.abort('enough')
    await expect(reading).rejects.toBeInstanceOf(OperationCanceledException)
    await expect(reading).rejects.toMatchObject({ cause: 'enough' })
  })

  it('that has fired before does so too', async () => {
    await expect(startReading(AbortSignal.abort())).rejects.toBeInstanceOf(OperationCanceledException)
  })
})

describe('readFromJsonAsync', () => {
  it.each(['application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON', 'application/problem+json'])(
    'reads %s',
    async type => {
      expect(await requestWith('{"a":[1,"é"]}', type).readFromJsonAsync()).toEqual({ a: [1, 'é'] })
    },
  )

  it.each([
    [undefined, 415, '{}'],
    ['text/json', 415, '{}'],
    ['application/jsonp', 415, '{}'],
    ['application/json', 400, ''],
    ['application/json', 400, '{'],
    ['application/json; charset=klingon', 415, '{}'],
  ])('raises a bad-request error for the type %s of status %i for %j', async (type, statusCode, body) => {
    const reading = requestWith(body, type).readFromJsonAsync()
    await expect(reading).rejects.toBeInstanceOf(BadHttpRequestException)
    await expect(reading).rejects.toMatchObject({ statusCode })
  })

  it.each(['secret', '{"password":secret}', '"a" "secret"', '{"password":"secret"', '"\u0001secret"', 'undefined'])(
    'raises for %j an error that does not quote the body: it may be logged',
    async body => {
      const error = await requestWith(body, 'application/json')
        .readFromJsonAsync()
        .catch(({ cause }: Error) => cause)
      expect(error).toBeInstanceOf(SyntaxError)
      expect((error as Error).message).not.toBe('')
      expect((error as Error).stack).not.toMatch(/secret|undefined/)
    },
  )

  it('gives a property named __proto__ no power', async () => {
    const value = await requestWith('{"__proto__":{"admin":true}}', 'application/json').readFromJsonAsync<{ admin?: boolean }>()
    expect(value.admin).toBeUndefined()
  })
})
