import { type HttpContext, LogLevel } from '@windhover/core'
import { ForwardedHeaders, type ForwardedHeadersOptions } from '@windhover/hosting'
import { TestServer } from '@windhover/testing'
import { describe, expect, it } from 'vitest'

type Seen = Record<'address' | 'scheme' | 'host' | 'pathBase', string | undefined> & { headers: Record<string, string> }

const { XForwardedFor, XForwardedHost, XForwardedProto, XForwardedPrefix, All } = ForwardedHeaders

function see({ request, connection }: HttpContext): Seen {
  const headers = [...request.headers].filter(([name]) => /^x-/i.test(name)).map(([name, value]) => [name.toLowerCase(), value])
  return {
    address: connection.remoteIpAddress,
    scheme: request.scheme,
    host: request.host.value,
    pathBase: request.pathBase,
    headers: Object.fromEntries(headers),
  }
}

async function seenAsync(
  options: Partial<ForwardedHeadersOptions>,
  headers: Record<string, string>,
  remoteIpAddress = '127.0.0.1',
): Promise<{ seen: Seen; logs: string[] }> {
  let seen!: Seen
  await using server = await TestServer.startAsync(app => {
    app.useForwardedHeaders(options)
    app.run(context => {
      seen = see(context)
    })
  })
  await server.fetch('/', { headers, connection: { remoteIpAddress, remotePort: 4711 } })
  const logs = server.logs.filter(entry => entry.level !== LogLevel.Information && entry.category.includes('Forwarded'))
  return { seen, logs: logs.map(entry => entry.message) }
}

const all = {
  'X-Forwarded-For': '203.0.113.7',
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-Host': 'public.example:8443',
  'X-Forwarded-Prefix': '/shop',
}
const untouched = { address: '127.0.0.1', scheme: 'http', host: 'localhost', pathBase: '' }

describe('useForwardedHeaders', () => {
  it('takes over what the proxy says, and keeps what the connection itself was', async () => {
    expect((await seenAsync({ forwardedHeaders: All }, all)).seen).toEqual({
      address: '203.0.113.7',
      scheme: 'https',
      host: 'public.example:8443',
      pathBase: '/shop',
      headers: { 'x-original-for': '127.0.0.1:4711', 'x-original-proto': 'http', 'x-original-host': 'localhost' },
    })
  })

  it('does nothing until headers are named', async () => {
    expect((await seenAsync({}, all)).seen).toMatchObject(untouched)
  })

  it.each<[string, number, Partial<Seen>]>([
    ['the address', XForwardedFor, { address: '203.0.113.7' }],
    ['the scheme', XForwardedProto, { scheme: 'https' }],
    ['the host', XForwardedHost, { host: 'public.example:8443' }],
    ['the path base', XForwardedPrefix, { pathBase: '/shop' }],
    ['two of them', XForwardedFor | XForwardedProto, { address: '203.0.113.7', scheme: 'https' }],
  ])('takes over %s alone when no more is asked for', async (_name, forwardedHeaders, expected) => {
    expect((await seenAsync({ forwardedHeaders }, all)).seen).toMatchObject({ ...untouched, ...expected })
  })

  it.each<[string, Partial<ForwardedHeadersOptions>, string]>([
    ['a stranger', {}, '198.51.100.9'],
    ['a machine outside of the known networks', { knownNetworks: ['10.0.0.0/8'] }, '11.0.0.1'],
    ['a stranger, whose headers name no address', { forwardedHeaders: XForwardedProto | XForwardedHost }, '198.51.100.9'],
  ])('believes nothing from %s', async (_name, options, address) => {
    const { seen, logs } = await seenAsync({ forwardedHeaders: All, ...options }, all, address)
    expect(seen).toMatchObject({ ...untouched, address })
    expect(logs).toEqual([`Unknown proxy: ${address}`])
  })

  it.each<[string, Partial<ForwardedHeadersOptions>, string]>([
    ['::1, by default', {}, '::1'],
    ['an address in a known network', { knownNetworks: ['10.0.0.0/8'] }, '10.1.2.3'],
    ['such an address written as IPv6', { knownNetworks: ['10.0.0.0/8'] }, '::ffff:10.1.2.3'],
    ['a known address', { knownProxies: ['198.51.100.9'] }, '198.51.100.9'],
    ['everybody, when both lists are empty', { knownProxies: [], knownNetworks: [] }, '198.51.100.9'],
  ])('believes %s', async (_name, options, address) => {
    expect((await seenAsync({ forwardedHeaders: XForwardedFor, ...options }, all, address)).seen.address).toBe('203.0.113.7')
  })

  it.each<[string, number | null, string, string | undefined]>([
    ['the last entry alone by default', 1, '10.0.0.1', '203.0.113.7, 10.0.0.2'],
    ['as many as the limit says', 2, '10.0.0.2', '203.0.113.7'],
    ['all entries of known proxies without a limit', null, '203.0.113.7', undefined],
  ])('takes over %s', async (_name, forwardLimit, address, left) => {
    const options = { forwardedHeaders: XForwardedFor, forwardLimit, knownNetworks: ['10.0.0.0/8', '127.0.0.0/8'] }
    const { seen } = await seenAsync(options, { 'X-Forwarded-For': '203.0.113.7, 10.0.0.2, 10.0.0.1' })
    expect([seen.address, seen.headers['x-forwarded-for']]).toEqual([address, left])
  })

  it('stops at the first proxy that is not known, and keeps what those before have said', async () => {
    const options = { forwardedHeaders: XForwardedFor | XForwardedProto, forwardLimit: null }
    const headers = { 'X-Forwarded-For': '192.0.2.1, 198.51.100.9', 'X-Forwarded-Proto': 'ftp, https' }
    expect((await seenAsync(options, headers)).seen).toMatchObject({ address: '198.51.100.9', scheme: 'https' })
  })

  it.each([
    ['203.0.113.7:80', '203.0.113.7'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['2001:db8::1', '2001:db8::1'],
    ['unknown', '127.0.0.1'],
    ['203.0.113.7:99999', '127.0.0.1'],
    ['[203.0.113.7]', '127.0.0.1'],
    ['203.0.113', '127.0.0.1'],
  ])('reads the address %s as %s', async (entry, address) => {
    expect((await seenAsync({ forwardedHeaders: XForwardedFor }, { 'X-Forwarded-For': entry })).seen.address).toBe(address)
  })

  it.each([
    ['X-Forwarded-Proto', 'ht tp'],
    ['X-Forwarded-Host', 'evil.example/path'],
    ['X-Forwarded-Host', 'user@evil.example'],
    ['X-Forwarded-Host', 'other.example'],
    ['X-Forwarded-Prefix', 'shop'],
  ])('leaves a bad %s alone: %s', async (name, value) => {
    const options = { forwardedHeaders: All, allowedHosts: ['*.public.example'] }
    expect((await seenAsync(options, { [name]: value })).seen).toMatchObject(untouched)
  })

  it('wants the same number of entries when it is told so, with a Warning', async () => {
    const options = { forwardedHeaders: XForwardedFor | XForwardedProto, requireHeaderSymmetry: true }
    const { seen, logs } = await seenAsync(options, { 'X-Forwarded-For': '203.0.113.7' })
    expect(seen).toMatchObject(untouched)
    expect(logs).toEqual(['The forwarded headers X-Forwarded-For, X-Forwarded-Proto have different numbers of entries.'])
  })

  it.each<[Partial<ForwardedHeadersOptions>, string]>([
    [{ knownProxies: ['proxy.example'] }, 'WINDHOVER_ERR_KNOWN_PROXY'],
    [{ knownNetworks: ['10.0.0.0'] }, 'WINDHOVER_ERR_KNOWN_PROXY'],
    [{ knownNetworks: ['10.0.0.0/33'] }, 'WINDHOVER_ERR_KNOWN_PROXY'],
    [{ forwardLimit: 0 }, 'WINDHOVER_ERR_FORWARD_LIMIT'],
  ])('refuses %o', async (options, code) => {
    await expect(TestServer.startAsync(app => void app.useForwardedHeaders(options))).rejects.toMatchObject({ code })
  })

  it('lets a page of the forwarded host open a WebSocket, and no other page', async () => {
    await using server = await TestServer.startAsync(app => {
      app.useForwardedHeaders({ forwardedHeaders: XForwardedHost | XForwardedProto })
      app.useWebSockets()
      app.run(async context => {
        await context.webSockets.acceptWebSocketAsync()
      })
    })
    const headers = { 'X-Forwarded-Host': 'public.example', 'X-Forwarded-Proto': 'https' }
    const connection = { remoteIpAddress: '127.0.0.1' }
    const socket = await server.connectWebSocketAsync('/', { origin: 'https://public.example', headers, connection })
    expect((await socket.waitForCloseAsync()).code).toBe(1000)
    await expect(server.connectWebSocketAsync('/', { origin: 'http://localhost', headers, connection })).rejects.toMatchObject({
      status: 403,
    })
  })
})
