import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { FeatureCollection, type FeatureSource, HttpContext, type RequestDelegate, ServerAddressesFeature } from '@windhover/core'
import { HttpApplication, NodeServer } from '@windhover/hosting'
import { PhysicalFileProvider } from '@windhover/static-files'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exchange } from '../parity/hosting/runner/http-exchange.ts'
import { applicationBuilder } from './request.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder({
  'secret.txt': 'secret',
  'root/a.txt': 'plain',
  'root/100%.txt': 'percent',
  'root/%61.txt': 'escape in the name',
  'root/sub/file.txt': 'nested',
  'root/admin/secret.txt': 'secret',
  'root/.git/x.txt': 'secret',
})
const large = randomBytes(3 * 1024 * 1024)
writeFileSync(join(folder, 'root/large.bin'), large)

/** How the request with the query `?give-up` ends. */
let givenUp: Promise<unknown> | undefined

class PipelineApplication extends HttpApplication<HttpContext> {
  readonly #pipeline: RequestDelegate

  constructor(pipeline: RequestDelegate) {
    super()
    this.#pipeline = pipeline
  }

  createContext(features: FeatureSource): HttpContext {
    return new HttpContext(new FeatureCollection(features))
  }

  processRequestAsync(context: HttpContext): Promise<void> | void {
    return this.#pipeline(context)
  }

  disposeContext(): void {}
}

const server = new NodeServer({ listen: 'http://127.0.0.1:0' })
let address: string

beforeAll(async () => {
  const app = applicationBuilder()
  app.use((context, next) => {
    const end = next()
    if (context.request.queryString === '?give-up') givenUp = end.then(() => 'ended without an error')
    return end
  })
  app.map('/admin', branch => branch.run(({ response }) => response.writeAsync('guarded')))
  app.useStaticFiles({ fileProvider: new PhysicalFileProvider(join(folder, 'root')), serveUnknownFileTypes: true })
  await server.startAsync(new PipelineApplication(app.build()))
  address = server.features.getRequired(ServerAddressesFeature).addresses[0]!
})

afterAll(() => server.stopAsync())

describe('a path is decoded once, for guard and file alike', () => {
  it.each<[string, string, number, string?]>([
    ['as it is', '/a.txt', 200, 'plain'],
    ['with a query', '/a.txt?/../../secret.txt', 200, 'plain'],
    ['with an escape', '/%61.txt', 200, 'plain'],
    ['with an escaped escape', '/%2561.txt', 200, 'escape in the name'],
    ['with an escaped percent sign', '/100%25.txt', 200, 'percent'],
    ['with a percent sign alone', '/100%.txt', 200, 'percent'],
    ['with dots inside the root', '/sub/../a.txt', 200, 'plain'],
    ['with escaped dots inside the root', '/sub/%2e%2e/a.txt', 200, 'plain'],
    ['with dots', '/../secret.txt', 404],
    ['with escaped dots', '/%2e%2e/secret.txt', 404],
    ['with half escaped dots', '/.%2e/secret.txt', 404],
    ['with dots whose escape is escaped', '/%252e%252e/secret.txt', 404],
    ['with dots whose escape is escaped twice', '/%25252e%25252e/secret.txt', 404],
    ['with an escaped slash behind dots', '/..%2fsecret.txt', 404],
    ['with escaped dots and slash', '/%2e%2e%2fsecret.txt', 404],
    ['with an escaped slash whose escape is escaped', '/..%252fsecret.txt', 404],
    ['with an overlong dot', '/%c0%ae%c0%ae/secret.txt', 404],
    ['with an overlong slash', '/..%c0%afsecret.txt', 404],
    ['with a semicolon behind the dots', '/..;/secret.txt', 404],
    ['with an escaped slash inside the root', '/sub%2Ffile.txt', 404],
    ['with a backslash', '/sub\\file.txt', 404],
    ['with an escaped backslash', '/sub%5Cfile.txt', 404],
    ['with a backslash behind dots', '/..\\secret.txt', 404],
    ['with an escaped backslash behind dots', '/..%5Csecret.txt', 404],
    ['with a doubled slash', '//a.txt', 404],
    ['with a host that is none', '//127.0.0.1/a.txt', 404],
    ['with an escaped slash at the beginning', '/%2Fetc/passwd', 404],
    ['with a slash at the end', '/a.txt/', 404],
    ['with an escaped slash at the end', '/a.txt%2F', 404],
    ['with NUL', '/a.txt%00', 400],
    ['into a dot directory', '/.git/x.txt', 404],
    ['into a dot directory with an escaped dot', '/%2egit/x.txt', 404],
    ['into a dot directory with a dot whose escape is escaped', '/%252egit/x.txt', 404],
    ['into the guarded directory', '/admin/secret.txt', 200, 'guarded'],
    ['into the guarded directory in capitals', '/ADMIN/secret.txt', 200, 'guarded'],
    ['into the guarded directory with an escape', '/%61dmin/secret.txt', 200, 'guarded'],
    ['into the guarded directory with an escaped escape', '/%2561dmin/secret.txt', 404],
    ['into the guarded directory with one dot', '/./admin/secret.txt', 200, 'guarded'],
    ['into the guarded directory with one escaped dot', '/%2e/admin/secret.txt', 200, 'guarded'],
    ['into the guarded directory with dots', '/x/../admin/secret.txt', 200, 'guarded'],
    ['into the guarded directory with a doubled slash', '//admin/secret.txt', 404],
    ['into the guarded directory with a doubled slash behind', '/admin//secret.txt', 200, 'guarded'],
    ['into the guarded directory with an escaped slash', '/admin%2Fsecret.txt', 404],
    ['into the guarded directory with a backslash', '/admin%5Csecret.txt', 404],
  ])('%s: %s', async (_, path, status, body = '') => {
    expect(await exchange(address, { path })).toMatchObject({ status, body })
  })
})

describe('a large file', () => {
  it('arrives as it is', async () => {
    const response = await fetch(`${address}/large.bin`)
    expect(Buffer.from(await response.arrayBuffer()).equals(large)).toBe(true)
  })

  it('arrives in parts that fit together', async () => {
    const half = large.length / 2
    const parts = await Promise.all(
      [`bytes=0-${half - 1}`, `bytes=${half}-`].map(async range =>
        (await fetch(`${address}/large.bin`, { headers: { range } })).arrayBuffer(),
      ),
    )
    expect(Buffer.concat(parts.map(part => Buffer.from(part))).equals(large)).toBe(true)
  })

  it('may be given up by the client: the request ends without an error', async () => {
    const socket = connect(Number(new URL(address).port), '127.0.0.1')
    socket.write('GET /large.bin?give-up HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(socket, 'readable')
    socket.destroy()
    expect(await givenUp).toBe('ended without an error')
    expect((await exchange(address, { path: '/a.txt' })).body).toBe('plain')
  })
})

it('one connection serves several files, HEAD and 304 included', async () => {
  const { headers } = await exchange(address, { path: '/a.txt' })
  const heads = [
    'HEAD /a.txt HTTP/1.1\r\nHost: x\r\n\r\n',
    `GET /a.txt HTTP/1.1\r\nHost: x\r\nIf-None-Match: ${headers!.etag}\r\n\r\n`,
    'GET /sub/file.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  ]
  const socket = connect(Number(new URL(address).port), '127.0.0.1')
  let received = ''
  socket.setEncoding('latin1').on('data', text => (received += text))
  socket.write(heads.join(''))
  await once(socket, 'end')
  expect([...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['200', '304', '200'])
  expect(received.endsWith('\r\n\r\nnested')).toBe(true)
})
