import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import { type DirectoryFormatter, PhysicalFileProvider } from '@windhover/static-files'
import { describe, expect, it } from 'vitest'
import { request } from './request.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder({
  'b.txt': 'four',
  'a:b.txt': '',
  '<script>alert("1")&\'.txt': '',
  '.hidden': '',
  'z/x.txt': '',
  'é ?#%.txt': '',
})
utimesSync(join(folder, 'b.txt'), 0, Date.UTC(2020, 0, 2, 3, 4, 5) / 1000)
const fileProvider = new PhysicalFileProvider(folder)

describe('useDirectoryBrowser', () => {
  it('lists directories, then files, with sizes and times', async () => {
    const { status, headers, body } = await request(app => app.useDirectoryBrowser({ fileProvider }), '/')
    expect(status).toBe(200)
    expect(headers).toEqual({ 'content-type': 'text/html; charset=utf-8', 'content-length': String(Buffer.byteLength(body)) })
    expect([...body.matchAll(/<a href="(.*?)">/g)].map(([, link]) => link)).toEqual([
      './z/',
      './%3Cscript%3Ealert(%221%22)%26&#39;.txt',
      './a%3Ab.txt',
      './b.txt',
      './%C3%A9%20%3F%23%25.txt',
    ])
    expect(body).toContain('<tr><td><a href="./b.txt">b.txt</a></td><td>4</td><td>2020-01-02 03:04:05Z</td></tr>')
  })

  it('escapes names and paths', async () => {
    const { body } = await request(app => app.usePathBase('/<b>').useDirectoryBrowser({ fileProvider }), '/<b>/')
    expect(body).toContain('<title>Index of /&lt;b&gt;/</title>')
    expect(body).toContain('>&lt;script&gt;alert(&quot;1&quot;)&amp;&#39;.txt</a>')
    expect(body).not.toContain('<script>')
  })

  it('answers HEAD without a body', async () => {
    const { headers, body } = await request(app => app.useDirectoryBrowser({ fileProvider }), '/', { method: 'HEAD' })
    expect({ headers, body }).toEqual({ headers: { 'content-type': 'text/html; charset=utf-8' }, body: '' })
  })

  it('redirects to the slash', async () => {
    const answer = await request(app => app.useDirectoryBrowser({ fileProvider, requestPath: '/files' }), '/files/z')
    expect(answer).toMatchObject({ status: 301, headers: { location: 'http://localhost/files/z/' }, body: '' })
  })

  it('lists without the slash when told not to redirect', async () => {
    const answer = await request(app => app.useDirectoryBrowser({ fileProvider, redirectToAppendTrailingSlash: false }), '/z')
    expect(answer.body).toContain('x.txt')
  })

  it.each([
    ['a file', '/b.txt', 'GET'],
    ['a missing directory', '/none/', 'GET'],
    ['a directory above the root', '/../', 'GET'],
    ['another method', '/', 'POST'],
  ])('lets %s pass', async (_, path, method) => {
    expect((await request(app => app.useDirectoryBrowser({ fileProvider }), path, { method })).body).toBe('fell through')
  })

  it('writes with the formatter that was given', async () => {
    const formatter: DirectoryFormatter = {
      generateContentAsync: ({ response }, contents) => response.writeAsync(`${contents.length} entries`),
    }
    expect((await request(app => app.useDirectoryBrowser({ fileProvider, formatter }), '/')).body).toBe('5 entries')
  })
})
