import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { ServerAddressesFeature } from '@windhover/core'
import { type NodeServer, Server, WebHost } from '@windhover/hosting'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testCertificate } from '../../support/test-certificate.ts'

const certificate = testCertificate()
const shop = testCertificate('shop.example')
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'windhover-https-'))
  writeFileSync(join(folder, 'server.crt'), certificate.cert)
  writeFileSync(join(folder, 'server.key'), certificate.key)
  writeFileSync(join(folder, 'shop.pem'), certificate.cert && shop.cert + shop.key)
})

afterAll(() => rmSync(folder, { recursive: true }))

function build(settings: Record<string, string>): WebHost {
  const args = Object.entries(settings).map(([key, value]) => `--NodeServer:${key}=${value}`)
  return WebHost.createDefaultBuilder(['--contentRoot', folder, '--environment', 'Production', ...args])
    .suppressStatusMessages()
    .configureLogging(logging => logging.clearProviders())
    .configure(app => app.run(({ response }) => response.writeAsync('hello')))
    .build()
}

/** The name in the certificate that a client of this server name gets, and what it may speak. */
async function handshakeAsync(host: WebHost, servername = 'localhost'): Promise<[name: string, protocol: string | false | null]> {
  const address = new URL(host.serverFeatures.getRequired(ServerAddressesFeature).addresses[0]!)
  return new Promise((resolve, reject) => {
    const socket = connect({
      port: Number(address.port),
      host: '127.0.0.1',
      servername,
      rejectUnauthorized: false,
      ALPNProtocols: ['h2', 'http/1.1'],
    })
    socket.on('error', reject)
    socket.on('secureConnect', () => {
      resolve([socket.getPeerCertificate().subject.CN as string, socket.alpnProtocol])
      socket.destroy()
    })
  })
}

const url = 'https://127.0.0.1:0'
const endpoint = { 'Endpoints:Web:Url': url }
const pem = { 'Certificates:Default:Path': 'server.crt', 'Certificates:Default:KeyPath': 'server.key' }

describe('https by configuration', () => {
  it('takes the default certificate from files of PEM below the content root', async () => {
    await using host = build({ ...endpoint, ...pem })
    await host.startAsync()
    expect(await handshakeAsync(host)).toEqual(['localhost', 'h2'])
  })

  it('takes that of an endpoint, which may be one file, and its protocols', async () => {
    await using host = build({ ...endpoint, ...pem, 'Endpoints:Web:Certificate:Path': 'shop.pem', 'Endpoints:Web:Protocols': 'Http1' })
    await host.startAsync()
    expect(await handshakeAsync(host)).toEqual(['shop.example', 'http/1.1'])
  })

  it('chooses by server name, the whole name before a pattern', async () => {
    const sni = { 'Endpoints:Web:Sni:*.example:Certificate:Path': 'shop.pem' }
    await using host = build({ ...endpoint, ...pem, ...sni, 'EndpointDefaults:Protocols': 'Http1' })
    await host.startAsync()
    expect(await handshakeAsync(host, 'any.example')).toEqual(['shop.example', 'http/1.1'])
    expect(await handshakeAsync(host, 'example.org')).toEqual(['localhost', 'http/1.1'])
  })

  it.runIf(spawnSync('openssl', ['version']).status === 0)('takes a PFX with its password', async () => {
    const pfx = join(folder, 'server.pfx')
    const input = ['-inkey', join(folder, 'server.key'), '-in', join(folder, 'server.crt')]
    execFileSync('openssl', ['pkcs12', '-export', ...input, '-out', pfx, '-passout', 'pass:secret'])
    const path = { ...endpoint, 'Certificates:Default:Path': 'server.pfx' }
    await using host = build({ ...path, 'Certificates:Default:Password': 'secret' })
    await host.startAsync()
    expect(await handshakeAsync(host)).toEqual(['localhost', 'h2'])
    await using locked = build(path)
    await expect(locked.startAsync()).rejects.toMatchObject({ code: 'WINDHOVER_ERR_CERTIFICATE_INVALID' })
  })

  it('names a file that cannot be read', async () => {
    await using host = build({ ...endpoint, 'Certificates:Default:Path': 'missing.crt' })
    await expect(host.startAsync()).rejects.toMatchObject({
      code: 'WINDHOVER_ERR_CERTIFICATE_UNREADABLE',
      message: expect.stringContaining('missing.crt'),
    })
  })

  it('names protocols that are none', async () => {
    await using host = build({ ...endpoint, ...pem, 'Endpoints:Web:Protocols': 'Http3' })
    await expect(host.startAsync()).rejects.toMatchObject({ code: 'WINDHOVER_ERR_PROTOCOLS_UNKNOWN' })
  })

  it('reads the limits of HTTP/2', async () => {
    await using host = build({ 'Limits:Http2:MaxStreamsPerConnection': '7', 'Limits:MaxRequestHeaderCount': '9' })
    const { limits } = (host.services.getRequiredService(Server) as NodeServer).options
    expect([limits.http2.maxStreamsPerConnection, limits.http2.maxFrameSize, limits.maxRequestHeaderCount]).toEqual([7, 16_384, 9])
  })
})
