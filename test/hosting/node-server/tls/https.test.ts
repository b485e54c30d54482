import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { get } from 'node:https'
import { connect, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls'
import { NodeServer, type NodeServerOptions } from '@windhover/hosting'
import { describe, expect, it } from 'vitest'
import { testCertificate } from '../../../support/test-certificate.ts'
import { outcomeOf } from '../http2/http2-client.ts'
import { DelegateApplication, RunningServer } from '../running-server.ts'

const certificate = testCertificate()
const listen = 'https://127.0.0.1:0'

function startAsync(options: NodeServerOptions = {}): Promise<RunningServer> {
  return RunningServer.startAsync(
    ({ request, response }) => response.writeAsync(`${request.protocol} ${request.scheme} ${request.isHttps} ${request.host.value}`),
    { listen, https: certificate, ...options },
  )
}

async function secureAsync(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connectTls({ port, host: '127.0.0.1', ca: certificate.cert, ...options })
  await once(socket, 'secureConnect')
  return socket
}

async function http1Async(port: number): Promise<string> {
  const [response] = await once(get({ port, host: '127.0.0.1', ca: certificate.cert, agent: false }), 'response')
  return (await response.toArray()).join('')
}

async function http2Async(port: number): Promise<string | undefined> {
  const session = connectHttp2(`https://127.0.0.1:${port}`, { ca: certificate.cert })
  const { body } = await outcomeOf(session.request({ ':path': '/' }))
  session.destroy()
  return body
}

async function endOf(socket: Socket): Promise<void> {
  socket.on('error', () => {}).resume()
  if (!socket.closed) await once(socket, 'close')
}

describe('an address of https', () => {
  it('serves HTTP/2 to clients that choose it, and HTTP/1.1 to the others', async () => {
    await using running = await startAsync()
    expect(await http2Async(running.port)).toBe(`HTTP/2 https true 127.0.0.1:${running.port}`)
    expect(await http1Async(running.port)).toBe(`HTTP/1.1 https true 127.0.0.1:${running.port}`)
  })

  it.each([
    ['http1AndHttp2', 'h2'],
    ['http1', 'http/1.1'],
    ['http2', 'h2'],
  ] as const)('offers what its protocols say: %s', async (protocols, chosen) => {
    await using running = await startAsync({ protocols })
    const socket = await secureAsync(running.port, { ALPNProtocols: ['h2', 'http/1.1'] })
    expect(socket.alpnProtocol).toBe(chosen)
    socket.destroy()
  })

  it('closes a connection that cannot speak what is offered', async () => {
    await using running = await startAsync({ protocols: 'http2' })
    await endOf(await secureAsync(running.port))
  })

  it('is named with its scheme among the addresses', async () => {
    await using running = await startAsync()
    expect(running.server.options.listen).toEqual([{ url: listen }])
    await using other = new NodeServer({ listen: 'https://localhost:0', https: certificate })
    await other.startAsync(new DelegateApplication(() => {}))
    const [address] = [...other.features].flatMap(([, feature]) => (feature as { addresses?: string[] }).addresses ?? [])
    expect(address).toMatch(/^https:\/\/localhost:\d+$/)
  })

  it('chooses a certificate by the name that the client asks for', async () => {
    const named = testCertificate('shop.example')
    const asked: string[] = []
    const serverCertificateSelector = (name: string): typeof named | undefined => {
      asked.push(name)
      return name === 'shop.example' ? named : undefined
    }
    await using running = await startAsync({ listen: { url: listen, https: { serverCertificateSelector } } })
    for (const [servername, expected] of [
      ['Shop.Example', 'shop.example'],
      ['localhost', 'localhost'],
    ] as const) {
      const socket = await secureAsync(running.port, { servername, rejectUnauthorized: false })
      expect(socket.getPeerCertificate().subject.CN).toBe(expected)
      socket.destroy()
    }
    expect(asked).toEqual(['shop.example', 'localhost'])
  })

  it('speaks no TLS older than 1.2, and only 1.3 when told so', async () => {
    await using running = await startAsync({ https: { ...certificate, minVersion: 'TLSv1.3' } })
    const old = connectTls({ port: running.port, host: '127.0.0.1', ca: certificate.cert, maxVersion: 'TLSv1.2' })
    const [error] = await once(old, 'error')
    expect(error.code).toMatch(/PROTOCOL_VERSION/)
    expect((await secureAsync(running.port)).getProtocol()).toBe('TLSv1.3')
  })

  it.each<[what: string, bytes: string]>([
    ['plain HTTP', 'GET / HTTP/1.1\r\nHost: h\r\n\r\n'],
    ['half a handshake and the end', '\x16\x03\x01'],
  ])('closes a connection with %s, and logs no more than Debug', async (_, bytes) => {
    await using running = await startAsync()
    const socket = connect(running.port, '127.0.0.1')
    socket.end(bytes, 'latin1')
    await endOf(socket)
    expect(running.log.entries.filter(({ level }) => level > 1)).toEqual([])
    expect(await http1Async(running.port)).toContain('HTTP/1.1')
  })

  it('closes a connection whose handshake takes longer than handshakeTimeout', async () => {
    await using running = await startAsync({ https: { ...certificate, handshakeTimeout: 50 } })
    await endOf(connect(running.port, '127.0.0.1'))
  })

  it('counts handshakes as connections, and does not wait for them when it stops', async () => {
    await using running = await startAsync({ limits: { maxConcurrentConnections: 1 } })
    const pending = connect(running.port, '127.0.0.1')
    await once(pending, 'connect')
    await endOf(connect(running.port, '127.0.0.1'))
    await running.server.stopAsync()
    await endOf(pending)
  })

  it.each<[what: string, https: NodeServerOptions['https'], code: string]>([
    ['has no certificate', undefined, 'WINDHOVER_ERR_HTTPS_NOT_CONFIGURED'],
    [
      'has a certificate with the key of another',
      { cert: certificate.cert, key: testCertificate().key },
      'WINDHOVER_ERR_CERTIFICATE_INVALID',
    ],
    ['has a PFX that is none', { pfx: Buffer.from('none') }, 'WINDHOVER_ERR_CERTIFICATE_INVALID'],
  ])('that %s fails the start', async (_, https, code) => {
    await using server = new NodeServer({ listen, ...(https && { https }) })
    await expect(server.startAsync(new DelegateApplication(() => {}))).rejects.toMatchObject({ code })
  })
})
