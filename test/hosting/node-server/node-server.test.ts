import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer, type ListenOptions, Server as NetServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { duplexPair } from 'node:stream'
import {
  FormatException,
  InvalidOperationException,
  IOException,
  LogLevel,
  OperationCanceledException,
  ServerAddressesFeature,
} from '@windhover/core'
import { NodeServer, type NodeServerOptions } from '@windhover/hosting'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { RawClient } from './raw-client.ts'
import { DelegateApplication, get, KeptLog, RunningServer } from './running-server.ts'

const hello = new DelegateApplication(({ response }) => response.writeAsync('hello'))

async function startAsync(options: NodeServerOptions, addresses: readonly string[] = [], log = new KeptLog()): Promise<NodeServer> {
  const server = new NodeServer(options, log)
  server.features.getRequired(ServerAddressesFeature).addresses.push(...addresses)
  await server.startAsync(hello)
  return server
}

function addressesOf(server: NodeServer): readonly string[] {
  return server.features.getRequired(ServerAddressesFeature).addresses
}

async function answerFrom(host: string, port: number): Promise<string> {
  const client = await RawClient.connectAsync({ host, port })
  client.send(get('/'))
  return client.restAsync()
}

async function occupiedPort(): Promise<{ port: number } & AsyncDisposable> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      server.close()
      await once(server, 'close')
    },
  }
}

async function freePort(): Promise<number> {
  await using occupied = await occupiedPort()
  return occupied.port
}

describe('where NodeServer listens', () => {
  it('puts the address that was bound in place of the one that was asked for', async () => {
    await using server = await startAsync({ listen: 'http://127.0.0.1:0' })
    expect(addressesOf(server)).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/)])
  })

  it('listens on both loopback families for localhost, on the same port', async () => {
    await using server = await startAsync({ listen: 'http://localhost:0' })
    const [address, ...others] = addressesOf(server)
    expect(others).toEqual([])
    const port = Number(new URL(address!).port)
    for (const host of ['127.0.0.1', '::1']) expect(await answerFrom(host, port)).toContain('hello')
  })

  it.each(['*', '+', 'example.org', '[::]'])('listens on every interface for %s', async host => {
    await using server = await startAsync({ listen: `http://${host}:0` })
    const [address] = addressesOf(server)
    expect(address).toMatch(/^http:\/\/\[::\]:\d+$/)
    expect(await answerFrom('127.0.0.1', Number(address!.split(':').at(-1)))).toContain('hello')
  })

  it('listens on several addresses', async () => {
    await using server = await startAsync({ listen: ['http://127.0.0.1:0', 'http://[::1]:0'] })
    expect(addressesOf(server)).toEqual([expect.stringContaining('127.0.0.1'), expect.stringContaining('[::1]')])
  })

  it('listens on a socket file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'windhover-'))
    const path = join(folder, 'App.sock')
    try {
      await using server = await startAsync({ listen: `http://unix:${path}` })
      expect(addressesOf(server)).toEqual([`http://unix:${path}`])
      const client = await RawClient.connectAsync({ path })
      client.send(get('/'))
      expect(await client.restAsync()).toContain('hello')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it("takes the host's addresses when it was told none itself", async () => {
    await using server = await startAsync({}, ['http://127.0.0.1:0'])
    expect(addressesOf(server)).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:[1-9]/)])
  })

  it("prefers its own addresses to the host's, with a Warning", async () => {
    const log = new KeptLog()
    await using server = await startAsync({ listen: 'http://127.0.0.1:0' }, ['http://[::1]:0'], log)
    expect(addressesOf(server)).toEqual([expect.stringContaining('127.0.0.1')])
    expect(log.entries.map(({ level }) => level)).toEqual([LogLevel.Warning])
  })

  it("prefers the host's addresses when it is told to", async () => {
    const server = new NodeServer({ listen: 'http://[::1]:0' })
    const feature = server.features.getRequired(ServerAddressesFeature)
    feature.addresses.push('http://127.0.0.1:0')
    feature.preferHostingUrls = true
    await using _ = server
    await server.startAsync(hello)
    expect(addressesOf(server)).toEqual([expect.stringContaining('127.0.0.1')])
  })
})

describe('addresses that cannot be listened on', () => {
  it.each([
    ['localhost:5000', FormatException, 'WINDHOVER_ERR_ADDRESS_MALFORMED'],
    ['http://', FormatException, 'WINDHOVER_ERR_ADDRESS_MALFORMED'],
    ['ftp://localhost', InvalidOperationException, 'WINDHOVER_ERR_ADDRESS_SCHEME'],
    ['http://localhost:5000/base', InvalidOperationException, 'WINDHOVER_ERR_ADDRESS_WITH_PATH'],
    ['http://localhost:99999', InvalidOperationException, 'WINDHOVER_ERR_ADDRESS_PORT'],
    ['http://localhost:-1', InvalidOperationException, 'WINDHOVER_ERR_ADDRESS_PORT'],
    ['http://localhost:abc', InvalidOperationException, 'WINDHOVER_ERR_ADDRESS_HOST'],
    ['http://127.0.0.1:80?x', InvalidOperationException, 'WINDHOVER_ERR_ADDRESS_HOST'],
    ['http://[zz]:80', InvalidOperationException, 'WINDHOVER_ERR_ADDRESS_HOST'],
    ['http://pipe:/name', InvalidOperationException, 'WINDHOVER_ERR_ADDRESS_HOST'],
    ['https://localhost:5001', InvalidOperationException, 'WINDHOVER_ERR_HTTPS_NOT_CONFIGURED'],
  ])('%s fails the start', async (address, type, code) => {
    const error = await startAsync({ listen: address }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(type)
    expect(error).toMatchObject({ code })
  })

  it('an address in use fails the start with an I/O error, and leaves no other address bound', async () => {
    await using occupied = await occupiedPort()
    const free = await freePort()
    const inUse = `http://127.0.0.1:${occupied.port}`
    const start = startAsync({ listen: [`http://127.0.0.1:${free}`, inUse] })
    await expect(start).rejects.toThrow(IOException)
    await expect(start).rejects.toThrow(`The address ${inUse} is already in use.`)
    await expect(RawClient.connectAsync(free)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('localhost fails the start when its port is in use in one of the families', async () => {
    await using occupied = await occupiedPort()
    await expect(startAsync({ listen: `http://localhost:${occupied.port}` })).rejects.toThrow(IOException)
    await expect(RawClient.connectAsync({ host: '::1', port: occupied.port })).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})

describe('localhost on a machine that lacks a family of addresses', () => {
  afterEach(() => void vi.restoreAllMocks())

  /** As Node fails in a container without that family. */
  function removeAddresses(...missing: string[]): void {
    const listen = NetServer.prototype.listen as (this: NetServer, options: ListenOptions, callback: () => void) => NetServer
    vi.spyOn(NetServer.prototype, 'listen').mockImplementation(function (this: NetServer, ...args: unknown[]) {
      const [options, callback] = args as [ListenOptions, () => void]
      if (!missing.includes(String(options.host))) return listen.call(this, options, callback)
      const error = Object.assign(new Error(`listen EADDRNOTAVAIL: address not available ${options.host}`), { code: 'EADDRNOTAVAIL' })
      process.nextTick(() => this.emit('error', error))
      return this
    })
  }

  it.each([
    ['::1', '127.0.0.1'],
    ['127.0.0.1', '::1'],
  ])('listens without %s, with a Warning', async (missing, present) => {
    removeAddresses(missing)
    const log = new KeptLog()
    await using server = await startAsync({ listen: 'http://localhost:0' }, [], log)
    const [address] = addressesOf(server)
    expect(address).toMatch(/^http:\/\/localhost:\d+$/)
    expect(await answerFrom(present, Number(new URL(address!).port))).toContain('hello')
    expect(log.entries.map(({ level, exception }) => [level, (exception as Error).message])).toEqual([
      [LogLevel.Warning, expect.stringContaining(missing)],
    ])
  })

  it('listens on every interface of IPv4 when there is no IPv6', async () => {
    removeAddresses('::')
    await using server = await startAsync({ listen: 'http://*:0' })
    expect(addressesOf(server)).toEqual([expect.stringMatching(/^http:\/\/0\.0\.0\.0:\d+$/)])
  })

  it('fails the start when both are missing', async () => {
    removeAddresses('127.0.0.1', '::1')
    await expect(startAsync({ listen: 'http://localhost:0' })).rejects.toThrow(IOException)
  })
})

describe('the life of NodeServer', () => {
  it('starts once, also after a stop', async () => {
    await using server = await startAsync({ listen: 'http://127.0.0.1:0' })
    await expect(server.startAsync(hello)).rejects.toThrow(InvalidOperationException)
    await server.stopAsync()
    await expect(server.startAsync(hello)).rejects.toMatchObject({ code: 'WINDHOVER_ERR_SERVER_STARTED' })
  })

  it('does not start when the signal has fired', async () => {
    await using server = new NodeServer({ listen: 'http://127.0.0.1:0' })
    await expect(server.startAsync(hello, AbortSignal.abort())).rejects.toThrow(OperationCanceledException)
    await server.startAsync(hello)
    expect(addressesOf(server)).toHaveLength(1)
  })

  it('refuses connections after the stop', async () => {
    await using running = await RunningServer.startAsync(() => {})
    await running.server.stopAsync()
    await expect(RawClient.connectAsync(running.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('can be stopped without a start, and stopped and disposed again', async () => {
    const server = new NodeServer()
    await server.stopAsync()
    await server.stopAsync()
    await server[Symbol.asyncDispose]()
    expect(addressesOf(server)).toEqual([])
  })
})

describe('connections that come without a port', () => {
  it('are served, with the addresses that they are given', async () => {
    await using server = new NodeServer({ listen: false })
    await server.startAsync(
      new DelegateApplication(({ connection, response }) => response.writeAsync(`${connection.remoteIpAddress}:${connection.remotePort}`)),
    )
    expect(addressesOf(server)).toEqual([])

    const [client, connection] = duplexPair()
    server.connect(connection, { remoteAddress: '192.0.2.1', remotePort: 1234 })
    client.write(get('/'))
    let text = ''
    for await (const chunk of client) text += chunk
    expect(text).toContain('192.0.2.1:1234')
  })

  it('are refused before the start and after the stop', async () => {
    const server = new NodeServer({ listen: false })
    const [, connection] = duplexPair()
    expect(() => server.connect(connection)).toThrow(InvalidOperationException)
    await server.startAsync(hello)
    await server.stopAsync()
    expect(() => server.connect(connection)).toThrow(InvalidOperationException)
  })
})

describe('the limit of connections', () => {
  it('closes one too many at once with a Warning, and takes the next when one has ended', async () => {
    await using running = await RunningServer.startAsync(({ response }) => response.writeAsync('hello'), {
      limits: { maxConcurrentConnections: 1 },
    })
    const first = await running.connectAsync()
    first.send('GET / HTTP/1.1\r\nHost: h\r\n\r\n')
    await first.untilAsync('hello')

    expect(await running.exchangeAsync(get('/'))).toBe('')
    expect(running.log.summary).toEqual([[LogLevel.Warning, 24, undefined]])

    first.send(get('/'))
    await first.restAsync()
    first.end()
    expect(await running.exchangeAsync(get('/'))).toContain('hello')
  })
})
