import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type NodeServer, Server, WebHostBuilder } from '@windhover/hosting'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as guide from '../../docs/examples/https.ts'
import { testCertificate } from '../support/test-certificate.ts'

const certificate = testCertificate()
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'windhover-guide-'))
  writeFileSync(join(folder, 'server.crt'), certificate.cert)
  writeFileSync(join(folder, 'server.key'), certificate.key)
  writeFileSync(join(folder, 'server.pfx'), 'pfx')
})

afterAll(() => rmSync(folder, { recursive: true }))

function optionsOf(configure: (builder: WebHostBuilder) => void): NodeServer['options'] {
  const builder = new WebHostBuilder().useNodeServer().configure(() => {})
  configure(builder)
  return (builder.build().services.getRequiredService(Server) as NodeServer).options
}

describe('docs/guide/https-and-http2.md', () => {
  it('reads a certificate and its key', () => {
    const { listen, https } = optionsOf(builder => guide.withCertificate(builder, folder))
    expect(listen).toEqual([{ url: 'https://localhost:5001' }])
    expect([String(https?.cert), String(https?.key)]).toEqual([certificate.cert, certificate.key])
  })

  it('reads a PFX', () => {
    expect(optionsOf(builder => guide.withPfx(builder, join(folder, 'server.pfx'), 'secret')).https).toEqual({
      pfx: Buffer.from('pfx'),
      passphrase: 'secret',
    })
  })

  it('chooses by server name', () => {
    const shop = testCertificate('shop.example')
    const { https } = optionsOf(builder => guide.byServerName(builder, shop, certificate))
    expect([https?.serverCertificateSelector?.('shop.example'), https?.serverCertificateSelector?.('other.example')]).toEqual([
      shop,
      undefined,
    ])
  })

  it('speaks HTTP/2 at one of two addresses, with a limit of its own', () => {
    expect(optionsOf(guide.withProtocols).listen).toEqual([
      { url: 'http://localhost:5000' },
      { url: 'http://localhost:5002', protocols: 'http2' },
    ])
    expect(optionsOf(guide.withLimits).limits.http2.maxStreamsPerConnection).toBe(50)
  })
})
