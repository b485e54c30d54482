import { LogLevel } from '@windhover/core'
import { type TestRequestInit, TestServer, TestTimeoutException } from '@windhover/testing'
import { describe, expect, it } from 'vitest'
import { deferred } from '../support/deferred.ts'

describe('TestServer.fetch', () => {
  it('runs the application and gives its status, headers, cookies and body', async () => {
    await using server = await TestServer.startAsync(app => {
      app.run(async ({ request, response }) => {
        response.statusCode = 201
        response.headers.set('X-Seen', `${request.method} ${request.path}${request.queryString}`)
        response.cookies.append('a', '1')
        response.cookies.append('b', '2')
        await response.writeAsync('made')
      })
    })
    const response = await server.fetch('/things?x=1', { method: 'POST', body: 'name=thing' })
    expect(response.status).toBe(201)
    expect(response.statusText).toBe('Created')
    expect(response.headers.get('x-seen')).toBe('POST /things?x=1')
    expect(response.headers.getSetCookie()).toEqual([expect.stringMatching(/^a=1;/), expect.stringMatching(/^b=2;/)])
    expect(await response.text()).toBe('made')
  })

  const bodies: { name: string; init: TestRequestInit; seen: object }[] = [
    { name: 'no body of a GET', init: {}, seen: { length: undefined, encoding: null, text: '' } },
    { name: 'no body of a POST', init: { method: 'POST' }, seen: { length: 0, encoding: null, text: '' } },
    { name: 'a string', init: { method: 'POST', body: 'grüße' }, seen: { length: 7, encoding: null, text: 'grüße' } },
    { name: 'bytes', init: { method: 'PUT', body: new Uint8Array([97, 98]) }, seen: { length: 2, encoding: null, text: 'ab' } },
    {
      name: 'form fields',
      init: { method: 'POST', body: new URLSearchParams({ a: 'b c' }) },
      seen: { length: 5, encoding: null, text: 'a=b+c' },
    },
    {
      name: 'a stream',
      init: { method: 'POST', body: new Blob(['stream']).stream() },
      seen: { length: undefined, encoding: 'chunked', text: 'stream' },
    },
  ]

  it.each(bodies)('sends $name as fetch does', async ({ init, seen }) => {
    await using server = await TestServer.startAsync(app => {
      app.run(async ({ request, response }) => {
        const { contentLength: length } = request
        await response.writeAsJsonAsync({
          length,
          encoding: request.headers.get('transfer-encoding'),
          text: await request.readAsTextAsync(),
        })
      })
    })
    const response = await server.fetch('/', init)
    expect(await response.json()).toEqual(JSON.parse(JSON.stringify(seen)))
  })

  it('sends the headers of the test, Host and Cookie among them, and few of its own', async () => {
    await using server = await TestServer.startAsync(app =>
      app.run(({ request, response }) => response.writeAsJsonAsync([...request.headers])),
    )
    const plain = await (await server.fetch('/')).json()
    expect(plain).toEqual([
      ['Host', 'localhost'],
      ['Connection', 'keep-alive'],
    ])
    const own = await (await server.fetch('/', { headers: { Host: 'a.example', Cookie: 'a=b', Origin: 'https://b.example' } })).json()
    expect(Object.fromEntries(own as [string, string][])).toMatchObject({ host: 'a.example', cookie: 'a=b', origin: 'https://b.example' })
  })

  it('resolves when the response starts, not when it ends, and streams both bodies', async () => {
    await using server = await TestServer.startAsync(app => {
      app.run(async ({ request, response }) => {
        await response.startAsync()
        await response.flushAsync()
        for await (const chunk of request.body) {
          await response.writeAsync(`echo ${chunk}`)
          await response.flushAsync()
        }
      })
    })
    const upload = new TransformStream<Uint8Array, Uint8Array>()
    const writer = upload.writable.getWriter()
    const response = await server.fetch('/', { method: 'POST', body: upload.readable })
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()

    for (const text of ['one', 'two']) {
      await writer.write(Buffer.from(text))
      expect(await reader.read()).toEqual({ done: false, value: `echo ${text}` })
    }
    await writer.close()
    expect(await reader.read()).toEqual({ done: true, value: undefined })
  })

  it('reads the response only as fast as the test does', async () => {
    let written = 0
    const block = Buffer.alloc(64 * 1024)
    await using server = await TestServer.startAsync(app => {
      app.run(async ({ response, requestAborted }) => {
        while (!requestAborted.aborted && written < 512) {
          await response.writeAsync(block)
          written++
        }
      })
    })
    const response = await server.fetch('/')
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate)
    expect(written).toBeLessThan(32)
    expect((await response.arrayBuffer()).byteLength).toBe(512 * block.length)
  })

  it('follows no redirect', async () => {
    await using server = await TestServer.startAsync(app => app.run(({ response }) => response.redirect('/elsewhere')))
    const response = await server.fetch('/')
    expect([response.status, response.headers.get('location')]).toEqual([302, '/elsewhere'])
  })

  it.each([
    { name: 'a HEAD request', method: 'HEAD', status: 200 },
    { name: 'status 204', method: 'GET', status: 204 },
    { name: 'status 304', method: 'GET', status: 304 },
  ])('gives a response without a body for $name', async ({ method, status }) => {
    await using server = await TestServer.startAsync(app => {
      app.run(({ response }) => {
        response.statusCode = status
      })
    })
    const response = await server.fetch('/', { method })
    expect([response.status, response.body]).toEqual([status, null])
  })

  it('takes a Request and an absolute URL, whose host is the Host header', async () => {
    await using server = await TestServer.startAsync(app =>
      app.run(({ request, response }) => response.writeAsync(request.getDisplayUrl())),
    )
    const request = new Request('http://shop.example:8080/a?b=c', { method: 'POST', body: 'x' })
    expect(await (await server.fetch(request)).text()).toBe('http://shop.example:8080/a?b=c')
    expect(await (await server.fetch('http://shop.example/d')).text()).toBe('http://shop.example/d')
    expect(await (await server.fetch(new URL('http://localhost/e'))).text()).toBe('http://localhost/e')
  })

  it('resolves paths against the base address, whose scheme the request has', async () => {
    await using server = await TestServer.startAsync(
      app =>
        app.run(({ request, response, connection }) =>
          response.writeAsJsonAsync([request.scheme, String(request.host), request.path, connection.localPort]),
        ),
      { baseAddress: 'https://secure.example/base/' },
    )
    expect(await (await server.fetch('page')).json()).toEqual(['https', 'secure.example', '/base/page', 443])
    expect(server.baseAddress).toBe('https://secure.example/base/')
  })

  it('shows the addresses of the options, and those of one request', async () => {
    await using server = await TestServer.startAsync(
      app =>
        app.run(({ connection: { remoteIpAddress, remotePort, localIpAddress }, response }) =>
          response.writeAsJsonAsync([remoteIpAddress, remotePort, localIpAddress]),
        ),
      { remoteIpAddress: '10.0.0.7' },
    )
    expect(await (await server.fetch('/')).json()).toEqual(['10.0.0.7', expect.any(Number), '127.0.0.1'])
    const own = { remoteIpAddress: '2001:db8::1', remotePort: 9, localIpAddress: '2001:db8::2' }
    expect(await (await server.fetch('/', { connection: own })).json()).toEqual(['2001:db8::1', 9, '2001:db8::2'])
  })

  describe('when the application throws', () => {
    const boom = new Error('boom')

    it('rejects with that very error, which the server has logged', async () => {
      await using server = await TestServer.startAsync(app => app.run(() => Promise.reject(boom)))
      await expect(server.fetch('/')).rejects.toBe(boom)
      expect(server.logs.filter(entry => entry.exception === boom).map(entry => entry.level)).toEqual([LogLevel.Error])
    })

    it('rejects with what was thrown synchronously, and with what is no error', async () => {
      await using server = await TestServer.startAsync(app =>
        app.run(() => {
          throw 'just text'
        }),
      )
      await expect(server.fetch('/')).rejects.toBe('just text')
    })

    it('fails the body when the response had started', async () => {
      const proceed = deferred()
      await using server = await TestServer.startAsync(app => {
        app.run(async ({ response }) => {
          await response.writeAsync('half')
          await response.flushAsync()
          await proceed.promise
          throw boom
        })
      })
      const response = await server.fetch('/')
      expect(response.status).toBe(200)
      proceed.resolve()
      await expect(response.text()).rejects.toBe(boom)
    })

    it('gives the response of a middleware that caught it', async () => {
      await using server = await TestServer.startAsync(app => {
        app.use(async (context, next) => {
          try {
            await next()
          } catch {
            context.response.statusCode = 418
          }
        })
        app.run(() => Promise.reject(boom))
      })
      expect((await server.fetch('/')).status).toBe(418)
    })

    it('gives the ordinary 500 when errors are not to be thrown', async () => {
      await using server = await TestServer.startAsync(app => app.run(() => Promise.reject(boom)), { throwApplicationErrors: false })
      const response = await server.fetch('/')
      expect([response.status, await response.text()]).toEqual([500, ''])
    })

    it('gives the answer that the server makes of a bad-request error', async () => {
      await using server = await TestServer.startAsync(app =>
        app.run(({ request, response }) => request.readFromJsonAsync().then(() => response.completeAsync())),
      )
      expect((await server.fetch('/', { method: 'POST', body: '{}', headers: { 'Content-Type': 'text/plain' } })).status).toBe(415)
    })

    it('rejects the stop when the response had been read before', async () => {
      const proceed = deferred()
      const server = await TestServer.startAsync(app => {
        app.run(async ({ response }) => {
          await response.writeAsync('all of it')
          await response.completeAsync()
          await proceed.promise
          throw boom
        })
      })
      expect(await (await server.fetch('/')).text()).toBe('all of it')
      proceed.resolve()
      await expect(server.stopAsync()).rejects.toBe(boom)
    })
  })

  it('rejects when the application aborts the request', async () => {
    await using server = await TestServer.startAsync(app => app.run(context => context.abort()))
    await expect(server.fetch('/')).rejects.toMatchObject({
      code: 'WINDHOVER_ERR_TEST_CONNECTION_ENDED',
      message: expect.stringContaining('GET / got no response'),
    })
  })

  it('is cancelled by its signal, which the application sees as a client that went away', async () => {
    const seen = deferred<string>()
    await using server = await TestServer.startAsync(app => {
      app.run(async ({ requestAborted }) => {
        seen.resolve('started')
        await new Promise(resolve => requestAborted.addEventListener('abort', resolve))
        throw new Error('a consequence, not a failure of the application')
      })
    })
    const controller = new AbortController()
    const response = server.fetch('/', { signal: controller.signal })
    await seen.promise
    controller.abort()
    await expect(response).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('rejects at once when its signal has fired before', async () => {
    await using server = await TestServer.startAsync(app => app.run(() => {}))
    await expect(server.fetch('/', { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('tells the application when the test cancels the body', async () => {
    const gone = deferred()
    await using server = await TestServer.startAsync(app => {
      app.run(async ({ response, requestAborted }) => {
        requestAborted.addEventListener('abort', () => gone.resolve())
        await response.writeAsync('data: 1\n\n')
        await response.flushAsync()
        await gone.promise
      })
    })
    const response = await server.fetch('/')
    await response.body!.cancel()
    await gone.promise
  })

  it('names what is still running when the rest of a response does not come in time', async () => {
    const release = deferred()
    await using server = await TestServer.startAsync(
      app => {
        app.run(async ({ response }) => {
          await response.writeAsync('half')
          await response.flushAsync()
          await release.promise
        })
      },
      { timeout: 100 },
    )
    const response = await server.fetch('/half')
    await expect(response.text()).rejects.toThrow('Waited 100 ms for more of the response to GET /half: the application still runs')
    release.resolve()
  })

  it('names what is still running when no response comes in time', async () => {
    const release = deferred()
    await using server = await TestServer.startAsync(app => app.run(() => release.promise), { timeout: 50 })
    const failure = await server.fetch('/slow?a=b').catch(error => error)
    expect(failure).toBeInstanceOf(TestTimeoutException)
    expect(failure.message).toContain('Waited 50 ms for a response to GET /slow?a=b: the application still runs GET /slow?a=b')
    release.resolve()
  })
})
