import fs from 'node:fs'
import { join } from 'node:path'
import {
  ArgumentException,
  Endpoint,
  type HttpContext,
  HttpRequestLifetimeFeature,
  HttpResponseBodyFeature,
  InvalidOperationException,
  type ServiceCollection,
  WebHostEnvironment,
} from '@windhover/core'
import { PhysicalFileProvider, type StaticFileOptions } from '@windhover/static-files'
import { describe, expect, it, vi } from 'vitest'
import { applicationBuilder, type RequestOptions, request } from './request.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder({
  'hello.txt': 'hello\n',
  'empty.txt': '',
  'data.unknown': 'unknown',
  noext: 'no extension',
  'admin/secret.txt': 'secret',
  'a.txt': 'a',
  '100%.txt': 'percent',
})
const fileProvider = new PhysicalFileProvider(folder)

function get(path: string, options: StaticFileOptions = {}, requestOptions: RequestOptions = {}) {
  return request(app => app.useStaticFiles({ fileProvider, ...options }), path, requestOptions)
}

describe('useStaticFiles', () => {
  it('serves a file with its length, type and validators', async () => {
    const { status, headers, body } = await get('/hello.txt')
    expect({ status, body }).toEqual({ status: 200, body: 'hello\n' })
    expect(headers).toEqual({
      'content-type': 'text/plain',
      'content-length': '6',
      'accept-ranges': 'bytes',
      'last-modified': expect.stringMatching(/ GMT$/),
      etag: expect.stringMatching(/^"6-[0-9a-f]+"$/),
    })
  })

  it('answers HEAD with the same head and no body', async () => {
    const got = await get('/hello.txt')
    const head = await get('/hello.txt', {}, { method: 'HEAD' })
    expect(head).toMatchObject({ status: 200, headers: got.headers, body: '' })
  })

  it('serves an empty file', async () => {
    expect(await get('/empty.txt')).toMatchObject({ status: 200, body: '', headers: { 'content-length': '0' } })
  })

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'get', 'Head'])('lets %s pass', async method => {
    expect((await get('/hello.txt', {}, { method })).body).toBe('fell through')
  })

  it.each([
    ['a missing file', '/none.txt'],
    ['a directory', '/admin'],
    ['a directory with its slash', '/admin/'],
    ['a file with a slash behind it', '/hello.txt/'],
    ['an unknown type', '/data.unknown'],
    ['no extension', '/noext'],
    ['the root', '/'],
    ['an empty path', ''],
  ])('lets %s pass', async (_, path) => {
    const { body, headers, status } = await get(path)
    expect({ body, headers, status }).toEqual({ body: 'fell through', headers: {}, status: 200 })
  })

  it('lets the request pass to an endpoint that was chosen', async () => {
    const prepare: RequestOptions['prepare'] = context => context.setEndpoint(new Endpoint(() => {}))
    expect((await get('/hello.txt', {}, { prepare })).body).toBe('fell through')
  })

  it('serves the file when the chosen endpoint has no delegate', async () => {
    const prepare: RequestOptions['prepare'] = context => context.setEndpoint(new Endpoint(undefined))
    expect((await get('/hello.txt', {}, { prepare })).body).toBe('hello\n')
  })
})

describe('one path for guard, handler and file', () => {
  it.each([
    ['the path itself', '/admin/secret.txt', 'guarded'],
    ['another casing', '/ADMIN/secret.txt', 'guarded'],
    ['a doubled slash', '//admin/secret.txt', 'fell through'],
    ['a backslash', '/admin\\secret.txt', 'fell through'],
    ['a backslash at the beginning', '/\\admin/secret.txt', 'fell through'],
    ['an escape that was escaped', '/%61dmin/secret.txt', 'fell through'],
    ['an encoded slash', '/admin%2Fsecret.txt', 'fell through'],
    ['one dot', '/./admin/secret.txt', 'fell through'],
    ['two dots', '/x/../admin/secret.txt', 'fell through'],
    ['escaped dots', '/x/%2e%2e/admin/secret.txt', 'fell through'],
    ['an escape that was escaped, in the name of a file', '/%61.txt', 'fell through'],
    ['a percent sign in the name of a file', '/100%.txt', 'percent'],
  ])('%s', async (_, path, body) => {
    const answer = await request(app => {
      app.map('/admin', branch => branch.run(({ response }) => response.writeAsync('guarded')))
      app.useStaticFiles({ fileProvider, serveUnknownFileTypes: true })
    }, path)
    expect(answer.body).toBe(body)
  })
})

describe('the content type', () => {
  it('is left out for an unknown type that is served', async () => {
    const { body, headers } = await get('/data.unknown', { serveUnknownFileTypes: true })
    expect(body).toBe('unknown')
    expect(headers).not.toHaveProperty('content-type')
  })

  it('is the default for an unknown type that is served', async () => {
    const answer = await get('/noext', { serveUnknownFileTypes: true, defaultContentType: 'application/x-default' })
    expect(answer).toMatchObject({ body: 'no extension', headers: { 'content-type': 'application/x-default' } })
  })

  it('has a default that alone serves nothing', async () => {
    expect((await get('/noext', { defaultContentType: 'application/x-default' })).body).toBe('fell through')
  })

  it('stays what it was for an unknown type without a default', async () => {
    const prepare = ({ response }: HttpContext) => response.headers.set('Content-Type', 'text/mine')
    expect((await get('/noext', { serveUnknownFileTypes: true }, { prepare })).headers['content-type']).toBe('text/mine')
  })

  it('comes from the provider that was given', async () => {
    const contentTypeProvider = { tryGetContentType: (subpath: string) => `text/of-${subpath.slice(1)}` }
    expect((await get('/noext', { contentTypeProvider })).headers['content-type']).toBe('text/of-noext')
  })
})

describe('requestPath', () => {
  it.each([
    ['a file below it', '/files/hello.txt', 'hello\n'],
    ['a file below it in another casing', '/FILES/hello.txt', 'hello\n'],
    ['a file beside it', '/hello.txt', 'fell through'],
    ['a path that only begins like it', '/filesx/hello.txt', 'fell through'],
    ['itself', '/files', 'fell through'],
    ['a doubled slash behind it', '/files//hello.txt', 'fell through'],
  ])('%s', async (_, path, body) => {
    expect((await get(path, { requestPath: '/files' })).body).toBe(body)
  })

  it('may be given alone', async () => {
    const answer = await request(app => app.useStaticFiles('/files'), '/files/hello.txt', { webRootPath: folder })
    expect(answer.body).toBe('hello\n')
  })

  it.each(['files', '/files/', '/'])('is refused as %j', requestPath => {
    expect(() => applicationBuilder(folder).useStaticFiles({ requestPath })).toThrow(ArgumentException)
  })
})

describe('the web root', () => {
  it('is where the files are by default', async () => {
    expect((await request(app => app.useStaticFiles(), '/hello.txt', { webRootPath: folder })).body).toBe('hello\n')
  })

  it('may be missing: everything passes', async () => {
    const webRootPath = join(folder, 'none')
    expect((await request(app => app.useFileServer(true), '/hello.txt', { webRootPath })).body).toBe('fell through')
  })

  it('may be undefined: everything passes', async () => {
    const configureServices = (services: ServiceCollection) =>
      void services.addSingleton(WebHostEnvironment, { useValue: { webRootPath: undefined } as WebHostEnvironment })
    expect((await request(app => app.useFileServer(true), '/hello.txt', { configureServices })).body).toBe('fell through')
  })

  it('must be known', () => {
    expect(() => applicationBuilder().useStaticFiles()).toThrow(InvalidOperationException)
    expect(() => applicationBuilder().useStaticFiles()).toThrow('useStaticFiles() serves the web root')
  })
})

describe('onPrepareResponse', () => {
  it('sees file, status and length, and may set headers', async () => {
    const seen: unknown[] = []
    const { headers } = await get('/hello.txt', {
      onPrepareResponse: ({ context, file }) => {
        seen.push(file.name, file.physicalPath, file.length, context.response.statusCode, context.response.contentLength)
        context.response.headers.set('Cache-Control', 'max-age=60')
      },
    })
    expect(seen).toEqual(['hello.txt', join(folder, 'hello.txt'), 6, 200, 6])
    expect(headers['cache-control']).toBe('max-age=60')
  })

  it('comes before onPrepareResponseAsync, which is awaited', async () => {
    const order: string[] = []
    await get('/hello.txt', {
      onPrepareResponseAsync: async () => {
        order.push('async begins')
        await Promise.resolve()
        order.push('async ends')
      },
      onPrepareResponse: () => order.push('sync'),
    })
    expect(order).toEqual(['sync', 'async begins', 'async ends'])
  })

  it.each([
    [304, { 'If-None-Match': '*' }],
    [412, { 'If-Match': '"other"' }],
    [416, { Range: 'bytes=99-' }],
    [206, { Range: 'bytes=1-2' }],
  ])('is called for %i', async (status, headers) => {
    const onPrepareResponse = vi.fn(({ context }) => context.response.headers.set('X-Status', context.response.statusCode))
    expect((await get('/hello.txt', { onPrepareResponse }, { headers: headers as Record<string, string> })).headers['x-status']).toBe(
      String(status),
    )
  })

  it.each(['onPrepareResponse', 'onPrepareResponseAsync'])('fails the request when it rejects: %s', async name => {
    const prepare = () => Promise.reject(new Error('prepare'))
    await expect(get('/hello.txt', { [name]: prepare })).rejects.toThrow('prepare')
  })

  it('is not called for what passes', async () => {
    const onPrepareResponse = vi.fn()
    await get('/none.txt', { onPrepareResponse })
    expect(onPrepareResponse).not.toHaveBeenCalled()
  })
})

describe('what was set before', () => {
  it('stays as the status, also over a 304', async () => {
    const prepare: RequestOptions['prepare'] = ({ response }) => {
      response.statusCode = 404
    }
    expect(await get('/hello.txt', {}, { prepare })).toMatchObject({ status: 404, body: 'hello\n' })
    expect(await get('/hello.txt', {}, { prepare, headers: { 'If-None-Match': '*' } })).toMatchObject({ status: 404, body: '' })
  })

  it('stays as a header, but for type and validators', async () => {
    const { headers } = await get(
      '/hello.txt',
      {},
      {
        prepare: ({ response }) => {
          response.headers.set('Cache-Control', 'no-store')
          response.headers.set('ETag', '"mine"')
          response.contentType = 'text/mine'
        },
      },
    )
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'content-type': 'text/plain' })
    expect(headers.etag).not.toBe('"mine"')
  })
})

describe('a disk that fails', () => {
  it('is an error that names the path and keeps its cause', async () => {
    const cause = Object.assign(new Error('EIO: i/o error'), { code: 'EIO' })
    const stat = vi.spyOn(fs, 'stat').mockImplementation(((_path: string, done: (error: Error) => void) => done(cause)) as typeof fs.stat)
    try {
      await expect(get('/hello.txt')).rejects.toMatchObject({ name: 'IOException', code: 'WINDHOVER_ERR_FILE_UNREADABLE', cause })
      await expect(get('/hello.txt')).rejects.toThrow('"/hello.txt"')
    } finally {
      stat.mockRestore()
    }
  })
})

describe('a body that cannot be sent', () => {
  const failure = new Error('read failed')
  const failing = { sendFileAsync: () => Promise.reject(failure) } as Partial<HttpResponseBodyFeature> as HttpResponseBodyFeature

  function getFailing(requestAborted?: AbortSignal) {
    const abort = vi.fn()
    const prepare = (context: HttpContext) => {
      context.features.set(HttpResponseBodyFeature, failing)
      context.features.set(HttpRequestLifetimeFeature, { requestAborted: requestAborted ?? new AbortController().signal, abort })
    }
    return { answer: get('/hello.txt', {}, { prepare }), abort }
  }

  it('ends the connection without an error when the client has gone', async () => {
    const { answer, abort } = getFailing(AbortSignal.abort())
    await expect(answer).resolves.toMatchObject({ status: 200 })
    expect(abort).toHaveBeenCalledOnce()
  })

  it('is an error otherwise', async () => {
    const { answer, abort } = getFailing()
    await expect(answer).rejects.toBe(failure)
    expect(abort).not.toHaveBeenCalled()
  })
})
