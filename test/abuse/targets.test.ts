import { join } from 'node:path'
import { PhysicalFileProvider } from '@windhover/static-files'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../static-files/temporary-folder.ts'
import { handshakeBytes } from '../support/raw-handshake.ts'
import { tellPath } from './support/applications.ts'
import { attackTable, Target } from './support/target.ts'

interface Row {
  readonly target: string
  readonly status: number
  /** As the pipeline sees it: what was mapped, and the rest. */
  readonly path?: readonly [pathBase: string, path: string]
}

describe('the target of an upgrade: the host never comes from it, it is decoded once, and map and handler see the same', () => {
  const rows: readonly Row[] = [
    { target: '//evil.com/ws', status: 200, path: ['', '//evil.com/ws'] },
    { target: '///x', status: 200, path: ['', '///x'] },
    { target: '/\\evil.com/ws', status: 200, path: ['', '/\\evil.com/ws'] },
    { target: 'http://x/', status: 400 },
    { target: 'http://evil.com/ws', status: 400 },
    { target: 'http://localhost@evil.com/ws', status: 400 },
    { target: 'http://evil.com@localhost/ws', status: 400 },
    { target: 'http://localhost/ws/a', status: 200, path: ['/ws', '/a'] },
    { target: 'http:///ws', status: 400 },
    { target: 'ftp://localhost/ws', status: 400 },
    { target: '*', status: 405 },
    { target: 'localhost:80', status: 400 },
    { target: 'ws', status: 400 },
    { target: '?x', status: 400 },
    { target: '/ws#fragment', status: 200, path: ['', '/ws#fragment'] },
    { target: '/ws/#/../x', status: 200, path: ['/ws', '/x'] },
    { target: '/..;/ws', status: 200, path: ['', '/..;/ws'] },
    { target: '/ws/..;/x', status: 200, path: ['/ws', '/..;/x'] },
    { target: '/a/%2e%2e/ws/b', status: 200, path: ['/ws', '/b'] },
    { target: '/../../ws/b', status: 200, path: ['/ws', '/b'] },
    { target: '/ws%2fb', status: 200, path: ['', '/ws%2fb'] },
    { target: '/%2577s/b', status: 200, path: ['', '/%77s/b'] },
    { target: '/%77s/b', status: 200, path: ['/ws', '/b'] },
    { target: '/ws/%00', status: 400 },
    { target: '/ws/%', status: 200, path: ['/ws', '/%'] },
    { target: '/ws/%c0%af', status: 200, path: ['/ws', '/%c0%af'] },
    { target: '/ws?http://evil.com/', status: 200, path: ['/ws', ''] },
  ]

  const target = attackTable(app => {
    app.map('/ws', tellPath)
    tellPath(app)
  })

  it.each(rows)('$target: $status', async ({ target: requested, status, path }) => {
    await target().strikeAsync(async () => {
      const peer = await target().connectTcpAsync()
      peer.send(handshakeBytes({ path: requested, headers: ['Origin: http://localhost'] }))
      const answer = await peer.answerAsync()
      expect(answer.status).toBe(status)
      if (path !== undefined) expect(JSON.parse(answer.body)).toEqual(['localhost', ...path])
    })
  })

  it.each(['http://evil.com/ws', '//evil.com/ws', '/ws'])(
    '%s from a page of evil.com is refused: Origin is held against Host',
    async path => {
      let accepted = 0
      await using target = await Target.startAsync(app => {
        app.run(async ({ webSockets }) => {
          accepted++
          await webSockets.acceptWebSocketAsync()
        })
      })
      await target.attackAsync(async () => {
        const peer = await target.connectTcpAsync()
        peer.send(handshakeBytes({ path, headers: ['Origin: http://evil.com', 'Cookie: session=1'] }))
        expect([400, 403]).toContain((await peer.answerAsync()).status)
      })
      expect(accepted).toBe(0)
    },
  )
})

describe("guard on map('/admin'), and a static file behind it: one decoding, one path for guard, handler and file", () => {
  const folder = temporaryFolder({
    'secret.txt': 'outside',
    'root/admin/secret.txt': 'secret',
    'root/a.txt': 'plain',
    'root/100%.txt': 'percent',
    'root/%61.txt': 'escape in the name',
  })
  const none = 404
  const target = attackTable(app => {
    app.map('/admin', branch =>
      branch.run(({ response }) => {
        response.statusCode = 401
      }),
    )
    app.useStaticFiles({ fileProvider: new PhysicalFileProvider(join(folder, 'root')), serveUnknownFileTypes: true })
  })

  it.each([
    ['/admin/secret.txt', 401],
    ['/ADMIN/secret.txt', 401],
    ['/%61dmin/secret.txt', 401],
    ['/%2561dmin/secret.txt', none],
    ['/./admin/secret.txt', 401],
    ['/x/../admin/secret.txt', 401],
    ['/x/%2e%2e/admin/secret.txt', 401],
    ['/%2e/admin/secret.txt', 401],
    ['//admin/secret.txt', none],
    ['/.//admin/secret.txt', none],
    ['/admin%2fsecret.txt', none],
    ['/admin%5csecret.txt', none],
    ['/admin\\secret.txt', none],
    ['/.%5cadmin/secret.txt', none],
    ['/admin./secret.txt', none],
    ['/admin%20/secret.txt', none],
    ['/admin;/secret.txt', none],
    ['/admin%00/secret.txt', 400],
    ['/../secret.txt', none],
    ['/%2e%2e/secret.txt', none],
    ['/%2e%2e%2fsecret.txt', none],
    ['/..%5csecret.txt', none],
    ['/%252e%252e/secret.txt', none],
    ['/a.txt', 200, 'plain'],
    ['/%61.txt', 200, 'plain'],
    ['/%2561.txt', 200, 'escape in the name'],
    ['/100%25.txt', 200, 'percent'],
    ['/100%2525.txt', none],
  ] as [string, number, string?][])('%s: %i', async (path, status, body) => {
    await target().strikeAsync(async () => {
      const peer = await target().connectTcpAsync()
      peer.send(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
      const answer = await peer.answerAsync()
      expect(answer.status).toBe(status)
      expect(answer.body).toBe(body ?? '')
    })
  })
})
