import { Endpoint, HostString, type HttpContext, type HttpRequest } from '@windhover/core'
import { type DefaultFilesOptions, PhysicalFileProvider } from '@windhover/static-files'
import { describe, expect, it } from 'vitest'
import { type RequestOptions, request } from './request.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder({
  'index.html': 'home',
  'sub/index.html': 'sub',
  'sub/file.txt': 'file',
  'both/index.htm': 'index.htm',
  'both/default.html': 'default.html',
  'nodefault/file.txt': 'file',
  'nested/deep/index.html': 'deep',
  'é ü/index.html': 'special',
  '.hidden/index.html': 'hidden',
  'named/index.html/file.txt': 'a directory that is named like a default file',
})
const fileProvider = new PhysicalFileProvider(folder)

async function get(path: string, options: DefaultFilesOptions = {}, requestOptions: RequestOptions = {}) {
  const { status, headers, body, context } = await request(app => app.useDefaultFiles({ fileProvider, ...options }), path, requestOptions)
  return { status, location: headers.location, fellThrough: body === 'fell through', path: context.request.path }
}

describe('useDefaultFiles rewrites', () => {
  it.each([
    ['the root', '/', '/index.html'],
    ['a directory', '/sub/', '/sub/index.html'],
    ['by the order of the names', '/both/', '/both/default.html'],
    ['not a directory without a default file', '/nodefault/', '/nodefault/'],
    ['not where the default file is a directory', '/named/', '/named/'],
    ['not a file', '/sub/file.txt', '/sub/file.txt'],
    ['not a missing directory', '/none/', '/none/'],
    ['not a dot directory', '/.hidden/', '/.hidden/'],
    ['not a doubled slash', '/sub//', '/sub//'],
    ['not a directory above the root', '/../', '/../'],
    ['not a backslash', '/sub\\', '/sub\\'],
  ])('%s', async (_, path, rewritten) => {
    expect(await get(path)).toEqual({ status: 200, location: undefined, fellThrough: true, path: rewritten })
  })

  it('to names of one’s own, in their order', async () => {
    expect((await get('/both/', { defaultFileNames: ['none.html', 'index.htm', 'default.html'] })).path).toBe('/both/index.htm')
    expect((await get('/nested/', { defaultFileNames: ['deep/index.html'] })).path).toBe('/nested/deep/index.html')
  })

  it('with names that are read once', async () => {
    const defaultFileNames = ['index.html']
    const changed = await request(app => {
      app.useDefaultFiles({ fileProvider, defaultFileNames })
      defaultFileNames.pop()
    }, '/sub/')
    expect(changed.context.request.path).toBe('/sub/index.html')
  })

  it.each(['POST', 'PUT', 'DELETE'])('nothing for %s', async method => {
    expect((await get('/sub/', {}, { method })).path).toBe('/sub/')
    expect((await get('/sub', {}, { method })).status).toBe(200)
  })

  it('nothing when an endpoint was chosen', async () => {
    const prepare = (context: HttpContext) => context.setEndpoint(new Endpoint(() => {}))
    expect((await get('/sub/', {}, { prepare })).path).toBe('/sub/')
  })
})

describe('useDefaultFiles redirects a directory without its slash', () => {
  it.each<[string, Partial<HttpRequest>, string]>([
    ['for GET', {}, 'http://localhost/sub/'],
    ['for HEAD', { method: 'HEAD' }, 'http://localhost/sub/'],
    ['with its query', { queryString: '?x=1&y=%20' }, 'http://localhost/sub/?x=1&y=%20'],
    ['with its base', { pathBase: '/b' }, 'http://localhost/b/sub/'],
    ['with its host', { host: new HostString('example.org:8080') }, 'http://example.org:8080/sub/'],
    ['with its scheme', { scheme: 'https' }, 'https://localhost/sub/'],
  ])('%s', async (_, properties, location) => {
    const prepare = ({ request }: HttpContext) => void Object.assign(request, properties)
    expect(await get('/sub', {}, { prepare })).toEqual({ status: 301, location, fellThrough: false, path: '/sub' })
  })

  it('with its name encoded', async () => {
    expect((await get('/é ü')).location).toBe('http://localhost/%C3%A9%20%C3%BC/')
  })

  it('not without a default file', async () => {
    expect(await get('/nodefault')).toMatchObject({ status: 200, fellThrough: true, path: '/nodefault' })
  })

  it('not when told so', async () => {
    expect(await get('/sub', { redirectToAppendTrailingSlash: false })).toMatchObject({ status: 200, path: '/sub/index.html' })
  })

  it('to the mount point of a branch', async () => {
    const answer = await request(app => app.map('/m', branch => branch.useDefaultFiles({ fileProvider })), '/m')
    expect(answer).toMatchObject({ status: 301, headers: { location: 'http://localhost/m/' } })
  })
})

describe('requestPath', () => {
  it.each([
    ['itself is the root', '/files/', '/files/index.html'],
    ['a directory below it', '/files/sub/', '/files/sub/index.html'],
    ['a directory beside it', '/sub/', '/sub/'],
  ])('%s', async (_, path, rewritten) => {
    expect((await get(path, { requestPath: '/files' })).path).toBe(rewritten)
  })

  it('is redirected to its slash', async () => {
    expect((await get('/files', { requestPath: '/files' })).location).toBe('http://localhost/files/')
  })

  it('may be given alone', async () => {
    const { context } = await request(app => app.useDefaultFiles('/files'), '/files/', { webRootPath: folder })
    expect(context.request.path).toBe('/files/index.html')
  })
})
