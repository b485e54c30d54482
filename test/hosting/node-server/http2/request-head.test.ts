import type { OutgoingHttpHeaders } from 'node:http2'
import { HttpExtendedConnectFeature } from '@windhover/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RunningServer } from '../running-server.ts'
import { Http2Client } from './http2-client.ts'

/** What ASP.NET Core 10 does with the same requests was looked up with a program on Kestrel. */
describe('a request over HTTP/2', () => {
  let running: RunningServer
  let client: Http2Client

  beforeAll(async () => {
    running = await RunningServer.startAsync(
      async context => {
        const { request, response } = context
        const { method, scheme, protocol, path, queryString } = request
        const connect = context.features.getRequired(HttpExtendedConnectFeature)
        await response.writeAsJsonAsync({
          method,
          scheme,
          protocol,
          path,
          queryString,
          host: request.host.value,
          headers: Object.fromEntries(request.headers),
          isExtendedConnect: connect.isExtendedConnect,
          isUpgradable: context.features.get(HttpExtendedConnectFeature) === undefined,
          id: context.traceIdentifier.split(':')[1],
        })
      },
      { protocols: 'http2' },
    )
    client = await Http2Client.connectAsync(running.port)
  })

  afterAll(async () => {
    client[Symbol.dispose]()
    await running[Symbol.asyncDispose]()
  })

  async function seenAsync(headers: OutgoingHttpHeaders): Promise<Record<string, unknown>> {
    const { body } = await client.requestAsync(headers)
    return JSON.parse(body!)
  }

  it('looks to the pipeline like one over HTTP/1.1', async () => {
    expect(await seenAsync({ ':path': '/a/../b%20c?q=1', ':authority': 'a.example:81', 'x-name': 'Value' })).toEqual({
      method: 'GET',
      scheme: 'http',
      protocol: 'HTTP/2',
      path: '/b c',
      queryString: '?q=1',
      host: 'a.example:81',
      headers: { 'x-name': 'Value', host: 'a.example:81' },
      isExtendedConnect: false,
      isUpgradable: false,
      id: '00000001',
    })
  })

  it.each<[what: string, headers: OutgoingHttpHeaders, expected: Record<string, unknown>]>([
    ['several Cookie lines are one header', { cookie: ['a=1', 'b=2'] }, { headers: { cookie: 'a=1; b=2', host: 'h' } }],
    ['a Host beside :authority does not count', { host: 'b.example' }, { host: 'h' }],
    ['a value is UTF-8', { x: Buffer.from('é').toString('latin1') }, { headers: { x: 'é', host: 'h' } }],
    ['OPTIONS * has no path', { ':method': 'OPTIONS', ':path': '*' }, { path: '' }],
    ['an encoded slash stays', { ':path': '/a%2Fb' }, { path: '/a%2Fb' }],
    ['a method is as it was sent', { ':method': 'get' }, { method: 'get' }],
  ])('%s', async (_, headers, expected) => {
    expect(await seenAsync({ ':authority': 'h', ...headers })).toMatchObject(expected)
  })

  it.each<[what: string, headers: OutgoingHttpHeaders]>([
    ['a path without a slash', { ':path': 'abc' }],
    ['a path that is a URL', { ':path': 'http://x/abc' }],
    ['* without OPTIONS', { ':path': '*' }],
    ['NUL in the path', { ':path': '/a%00b' }],
    ['a path that is not ASCII', { ':path': '/é' }],
    ['a path longer than a request line', { ':path': `/${'a'.repeat(9_000)}` }],
    ['a blank in the authority', { ':authority': 'a b' }],
    ['user information in the authority', { ':authority': 'user@host' }],
    ['https without TLS', { ':scheme': 'https' }],
    ['another scheme', { ':scheme': 'ftp' }],
    ['a method that is no token', { ':method': 'G@T' }],
    [':protocol without CONNECT', { ':protocol': 'websocket' }],
    ['a value that is no UTF-8', { x: '\u00e9' }],
  ])('is reset with PROTOCOL_ERROR for %s', async (_, headers) => {
    expect(await client.requestAsync(headers)).toEqual({ code: 'PROTOCOL_ERROR' })
  })

  it.each<[what: string, headers: OutgoingHttpHeaders]>([
    ['101 headers', Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`h${i}`, 'v']))],
    ['more than 32 KiB of headers', Object.fromEntries(Array.from({ length: 4 }, (_, i) => [`h${i}`, 'v'.repeat(9_000)]))],
  ])('is answered with 431 for %s', async (_, headers) => {
    expect(await client.requestAsync(headers)).toEqual({ status: 431, headers: { 'content-length': '0' }, code: 'NO_ERROR' })
  })

  it('that was refused leaves the connection to the others', async () => {
    expect((await client.requestAsync({ ':path': 'bad' })).code).toBe('PROTOCOL_ERROR')
    expect((await client.requestAsync()).status).toBe(200)
  })

  it('without TLS and without prior knowledge of the endpoint is answered with what it should speak', async () => {
    await using other = await RunningServer.startAsync(() => {})
    const seen = await other.exchangeAsync('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
    // GOAWAY with HTTP_1_1_REQUIRED.
    expect(Buffer.from(seen, 'latin1').toString('hex')).toBe(`0000080700${'00'.repeat(4)}${'00'.repeat(4)}0000000d`)
  })
})
