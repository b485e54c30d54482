import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { buffer, text } from 'node:stream/consumers'
import { MemorySocket } from '@windhover/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'

const addresses = { localAddress: '127.0.0.1', localPort: 80, remoteAddress: '127.0.0.1', remotePort: 49_152 }

describe('a connection in memory', () => {
  afterEach(() => vi.useRealTimers())

  it('reports the addresses that it was made with, mirrored at the client', () => {
    const { client, server } = MemorySocket.pair({ localAddress: '10.0.0.1', localPort: 80, remoteAddress: '2001:db8::1', remotePort: 7 })
    expect(server).toMatchObject({
      localAddress: '10.0.0.1',
      localPort: 80,
      remoteAddress: '2001:db8::1',
      remotePort: 7,
      remoteFamily: 'IPv6',
    })
    expect(client).toMatchObject({
      localAddress: '2001:db8::1',
      localPort: 7,
      remoteAddress: '10.0.0.1',
      remotePort: 80,
      remoteFamily: 'IPv4',
    })
  })

  it('delivers in a later turn of the event loop, not inside the write', async () => {
    const { client, server } = MemorySocket.pair(addresses)
    const seen: string[] = []
    server.on('data', () => seen.push('arrived'))
    client.write('a')
    await Promise.resolve()
    process.nextTick(() => seen.push('next tick'))
    await once(server, 'data')
    expect(seen).toEqual(['next tick', 'arrived'])
  })

  it('carries on while a test has replaced the clock', async () => {
    vi.useFakeTimers()
    const { client, server } = MemorySocket.pair(addresses)
    client.end('hello')
    expect(await text(server)).toBe('hello')
  })

  it('copies what is written: the memory may be used again once the write is done', async () => {
    const { client, server } = MemorySocket.pair(addresses)
    const memory = Buffer.from('first')
    client.write(memory, () => memory.fill('x'))
    client.end()
    expect(await text(server)).toBe('first')
  })

  it('keeps the order of many writes of all sizes', async () => {
    const { client, server } = MemorySocket.pair(addresses)
    const chunks = Array.from({ length: 300 }, (_, i) => Buffer.alloc((i * 977) % 9_000, i))
    const received = buffer(server)
    for (const chunk of chunks) client.write(chunk)
    client.end()
    expect(Buffer.concat(chunks).equals(await received)).toBe(true)
  })

  it('makes a writer wait whose peer does not read, and lets it go on when the peer reads', async () => {
    const { client, server } = MemorySocket.pair(addresses)
    let done = 0
    for (let i = 0; i < 64; i++) client.write(Buffer.alloc(16 * 1024), () => done++)
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
    expect(done).toBeLessThan(16)
    expect(client.writableNeedDrain).toBe(true)

    server.resume()
    await once(client, 'drain')
    expect(done).toBe(64)
  })

  it('lets no writer fill the memory of its peer by one large write', async () => {
    const { client, server } = MemorySocket.pair(addresses)
    let isDone = false
    client.write(Buffer.alloc(16 * 1024 * 1024), () => {
      isDone = true
    })
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
    server.read(0)
    expect(server.readableLength).toBeLessThan(256 * 1024)
    expect(isDone).toBe(false)
  })

  it('ends one direction by end() and leaves the other open', async () => {
    const { client, server } = MemorySocket.pair(addresses)
    server.once('end', () => server.end('response'))
    client.end('request')
    const [request] = await once(server, 'data')
    const [response] = await once(client, 'data')
    expect([String(request), String(response)]).toEqual(['request', 'response'])
  })

  it('lets arrive what was written before destroy()', async () => {
    const { client, server } = MemorySocket.pair(addresses)
    client.write('last words')
    client.destroy()
    expect(await text(server)).toBe('last words')
  })

  it('fails the peer with ECONNRESET at once on resetAndDestroy(), also in place of bytes under way', async () => {
    const { client, server } = MemorySocket.pair(addresses)
    const seen: string[] = []
    server.on('data', () => seen.push('data'))
    client.write('never seen')
    client.resetAndDestroy()
    const [error] = await once(server, 'error')
    expect(error).toMatchObject({ code: 'ECONNRESET' })
    expect(seen).toEqual([])
    expect(server.destroyed).toBe(true)
  })

  it('fails a write to a peer that is gone with EPIPE', async () => {
    const { client, server } = MemorySocket.pair(addresses)
    client.destroy()
    const failed = once(server, 'error')
    server.write('anybody there?')
    expect((await failed)[0]).toMatchObject({ code: 'EPIPE' })
  })

  it('lets a waiting writer go when its peer is destroyed', async () => {
    const { client, server } = MemorySocket.pair(addresses)
    client.on('error', () => {})
    const written = new Promise(resolve => client.write(Buffer.alloc(1024 * 1024), resolve))
    await new Promise(setImmediate)
    server.destroy()
    await written
  })

  it('destroySoon() sends everything before the end', async () => {
    const { client, server } = MemorySocket.pair(addresses)
    client.write(Buffer.alloc(300 * 1024))
    client.destroySoon()
    expect((await buffer(server)).length).toBe(300 * 1024)
    expect(client.destroyed).toBe(true)
  })

  it('serves as a connection of http.Server and http.request', async () => {
    const { client, server } = MemorySocket.pair(addresses)
    const httpServer = createServer((incoming, outgoing) => {
      incoming.resume().on('end', () => outgoing.end(`${incoming.method} ${incoming.url} from ${incoming.socket.remotePort}`))
    })
    httpServer.emit('connection', server)
    const outgoing = request({ createConnection: () => client as never, path: '/a', method: 'POST' })
    outgoing.end(Buffer.alloc(200_000))
    const [incoming] = await once(outgoing, 'response')
    expect(await text(incoming)).toBe('POST /a from 49152')
  })
})
