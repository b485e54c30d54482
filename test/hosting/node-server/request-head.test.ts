import { LogLevel } from '@windhover/core'
import { beforeAll, describe, expect, it } from 'vitest'
import { get, RunningServer } from './running-server.ts'

let server: RunningServer

beforeAll(async () => {
  server = await RunningServer.startAsync(({ request, response }) => {
    const { path, queryString } = request
    const headers = [...request.headers]
    return response.writeAsJsonAsync({ path, queryString, headers })
  })
  return () => server[Symbol.asyncDispose]()
})

async function seen(bytes: string): Promise<{ path: string; queryString: string; headers: [string, string][] }> {
  const answer = await server.exchangeAsync(bytes)
  return JSON.parse(Buffer.from(answer.slice(answer.indexOf('\r\n\r\n')), 'latin1').toString('utf8'))
}

function statusOf(answer: string): number {
  return Number(answer.split(' ', 2)[1])
}

describe('the path of a request', () => {
  it.each([
    ['/a%20b', '/a b'],
    ['/%2561dmin', '/%61dmin'],
    ['/./admin', '/admin'],
    ['/x/../admin', '/admin'],
    ['/%2e/admin', '/admin'],
    ['/x/%2E%2e/admin', '/admin'],
    ['//admin', '//admin'],
    ['/..;/admin', '/..;/admin'],
    ['/a%2Fb/..%2f', '/a%2Fb/..%2f'],
    ['/../../../etc/passwd', '/etc/passwd'],
    ['/100%25.txt', '/100%.txt'],
    ['/a/b/..', '/a/'],
    ['//evil.com/ws', '//evil.com/ws'],
    ['///x', '///x'],
    ['/%C3%A9%ff', '/é%ff'],
  ])('%s is %s', async (target, path) => {
    expect((await seen(get(target))).path).toBe(path)
  })

  it('keeps the query as it was sent', async () => {
    expect(await seen(get('/a?b=%20&c=../d#e'))).toMatchObject({ path: '/a', queryString: '?b=%20&c=../d#e' })
  })

  it('takes the host from Host alone, also of an absolute target', async () => {
    const { path, headers } = await seen('GET http://H:80/x/../y HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')
    expect(path).toBe('/y')
    expect(headers).toContainEqual(['Host', 'h'])
  })
})

describe('a request that is refused before the pipeline', () => {
  it.each([
    ['a target with NUL', 400, get('/%00')],
    ['a target with user information', 400, 'GET http://user@h/ HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['an absolute target of another host', 400, 'GET http://other/ HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['an absolute target of another port', 400, 'GET http://h:8080/ HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['no Host', 400, 'GET / HTTP/1.1\r\n\r\n'],
    ['two Hosts', 400, 'GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n'],
    ['a Host with a path', 400, 'GET / HTTP/1.1\r\nHost: h/x\r\n\r\n'],
    ['a header value that is no UTF-8', 400, get('/', 'x-a: \xff')],
    ['101 headers', 431, get('/', ...Array.from({ length: 99 }, (_, index) => `x-${index}: 1`))],
    ['2,000 headers', 431, get('/', ...Array.from({ length: 2_000 }, (_, index) => `x-${index}: 1`))],
    ['33 KiB of headers', 431, get('/', `x-a: ${'x'.repeat(33 * 1024)}`)],
    ['1 MiB in one header', 431, get('/', `x-a: ${'x'.repeat(1024 * 1024)}`)],
    ['a request line of 9 KiB', 414, get(`/${'x'.repeat(9 * 1024)}`)],
    ['a request line of 1 MiB', 414, get(`/${'x'.repeat(1024 * 1024)}`)],
    ['no version', 400, 'GET / \r\nHost: h\r\n\r\n'],
    ['a version of another protocol', 400, 'GET / WS/1.1\r\nHost: h\r\n\r\n'],
    ['http/1.1 in lower case', 505, 'GET / http/1.1\r\nHost: h\r\n\r\n'],
    ['HTTP/2.0', 505, 'GET / HTTP/2.0\r\nHost: h\r\n\r\n'],
    ['a version without its minor part', 505, 'GET / HTTP/1.\r\nHost: h\r\n\r\n'],
    ['a blank in the path', 400, 'GET /a b HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['a blank in the path, behind empty lines', 400, '\r\n\r\nGET /a b HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['a folded header', 400, get('/', 'x-a: 1\r\n 2')],
    ['both framings', 400, 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['no request at all', 400, '\x16\x03\x01\x02\r\n\r\n'],
  ])('%s: %i, without a body, and the connection ends', async (_, status, bytes) => {
    const answer = await server.exchangeAsync(bytes)
    expect(statusOf(answer)).toBe(status)
    expect(answer).toMatch(/\r\nContent-Length: 0\r\nConnection: close\r\nDate: [^\r]+\r\n\r\n$/)
  })

  it('says so at Debug only, because any client could fill the log', async () => {
    server.log.entries.length = 0
    await server.exchangeAsync('GET / HTTP/1.1\r\n\r\n')
    expect(server.log.summary).toEqual([[LogLevel.Debug, 17, undefined]])
  })
})

describe('the headers of a request', () => {
  it('may be 100', async () => {
    const { headers } = await seen(get('/', ...Array.from({ length: 98 }, (_, index) => `x-${index}: ${index}`)))
    expect(headers).toHaveLength(100)
  })

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('may be named %s', async name => {
    expect((await seen(get('/', `${name}: polluted`))).headers).toContainEqual([name, 'polluted'])
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('are UTF-8', async () => {
    expect((await seen(get('/', `x-a: ${Buffer.from('é你').toString('latin1')}`))).headers).toContainEqual(['x-a', 'é你'])
  })
})
