import { type ServiceCollection, WebHostEnvironment } from '@windhover/core'
import { type FileServerOptions, PhysicalFileProvider } from '@windhover/static-files'
import { describe, expect, it } from 'vitest'
import { request } from './request.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder({ 'index.html': 'home', 'start.html': 'start', 'nodefault/file.txt': 'file', 'data.unknown': 'unknown' })
const fileProvider = new PhysicalFileProvider(folder)

describe('useFileServer', () => {
  it.each<[string, FileServerOptions, string, string | RegExp]>([
    ['serves files', {}, '/nodefault/file.txt', 'file'],
    ['serves default files', {}, '/', 'home'],
    ['lists no directory', {}, '/nodefault/', 'fell through'],
    ['lists directories when told so', { enableDirectoryBrowsing: true }, '/nodefault/', /Index of \/nodefault\//],
    ['prefers the default file to the listing', { enableDirectoryBrowsing: true }, '/', 'home'],
    ['serves no default files when told so', { enableDefaultFiles: false }, '/', 'fell through'],
    ['hands its requestPath on', { requestPath: '/files' }, '/files/', 'home'],
    ['hands its options for default files on', { defaultFilesOptions: { defaultFileNames: ['start.html'] } }, '/', 'start'],
    ['hands its options for static files on', { staticFileOptions: { serveUnknownFileTypes: true } }, '/data.unknown', 'unknown'],
    [
      'hands its options for directory browsing on',
      {
        enableDirectoryBrowsing: true,
        directoryBrowserOptions: { formatter: { generateContentAsync: ({ response }) => response.writeAsync('listing') } },
      },
      '/nodefault/',
      'listing',
    ],
    [
      'redirects no directory when told so',
      { enableDirectoryBrowsing: true, redirectToAppendTrailingSlash: false },
      '/nodefault',
      /file\.txt/,
    ],
  ])('%s', async (_, options, path, body) => {
    expect((await request(app => app.useFileServer({ fileProvider, ...options }), path)).body).toMatch(body)
  })

  it('takes a root, relative to the content root', async () => {
    const configureServices = (services: ServiceCollection): void => {
      services.addSingleton(WebHostEnvironment, { useValue: { contentRootPath: folder, webRootPath: undefined } as WebHostEnvironment })
    }
    const answer = await request(app => app.useFileServer({ root: 'nodefault' }), '/file.txt', { configureServices })
    expect(answer.body).toBe('file')
  })

  it('takes an absolute root, without any environment', async () => {
    expect((await request(app => app.useFileServer({ root: folder }), '/')).body).toBe('home')
  })

  it.each<[string, FileServerOptions, string]>([
    ['a root that does not exist', { root: '/does/not/exist' }, 'WINDHOVER_ERR_ROOT_NOT_FOUND'],
    ['a root beside a fileProvider', { root: folder, fileProvider }, 'WINDHOVER_ERR_ROOT_BESIDE_FILE_PROVIDER'],
    ['a folder in place of the requestPath', { requestPath: 'public' }, 'WINDHOVER_ERR_REQUEST_PATH'],
  ])('refuses %s', async (_name, options, code) => {
    await expect(request(app => app.useFileServer(options), '/')).rejects.toMatchObject({ code })
  })

  it('takes a requestPath alone', async () => {
    expect((await request(app => app.useFileServer('/files'), '/files/', { webRootPath: folder })).body).toBe('home')
  })

  it('takes true for directory browsing', async () => {
    expect((await request(app => app.useFileServer(true), '/nodefault/', { webRootPath: folder })).body).toContain('Index of /nodefault/')
  })
})
