import { type WebSocket, WebSocketMessage, WebSocketMessageType } from '@windhover/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AcceptingHost } from '../support/accepting-host.ts'
import { closeFrame, frame } from '../support/peer.ts'

let host: AcceptingHost
beforeAll(async () => {
  host = await AcceptingHost.startAsync()
})
afterAll(() => host[Symbol.asyncDispose]())

const { Text, Binary, Close } = WebSocketMessageType

describe('sendAsync', () => {
  it.each([
    ['a string as text', (socket: WebSocket) => socket.sendAsync('grüße €'), 'text', 'grüße €'],
    ['bytes as binary', (socket: WebSocket) => socket.sendAsync(Buffer.from('abc')), 'binary', 'abc'],
    ['bytes as text when asked', (socket: WebSocket) => socket.sendAsync(Buffer.from('abc'), Text), 'text', 'abc'],
    ['a string as binary when asked', (socket: WebSocket) => socket.sendAsync('abc', Binary), 'binary', 'abc'],
    ['an empty string', (socket: WebSocket) => socket.sendAsync(''), 'text', ''],
    ['empty bytes', (socket: WebSocket) => socket.sendAsync(new Uint8Array()), 'binary', ''],
    ['a part of a larger memory', (socket: WebSocket) => socket.sendAsync(Buffer.from('0123456789').subarray(3, 6)), 'binary', '345'],
    ['SN-5: text that is not UTF-8', (socket: WebSocket) => socket.sendAsync(Buffer.from([0xff]), Text), 'text', '\ufffd'],
  ])('SN-6: sends %s, unmasked', async (_, send, kind, text) => {
    const { socket, peer, end } = await host.acceptAsync()
    await send(socket)
    const seen = await peer.nextAsync()
    expect({ ...seen, payload: seen!.payload.toString() }).toEqual({ kind, fin: true, rsv1: false, payload: text })
    end()
  })

  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 131_070, 1_048_576])('SN-2: sends %i bytes as one frame', async length => {
    const { socket, peer, end } = await host.acceptAsync()
    const data = Buffer.alloc(
      length,
      Uint8Array.from({ length: 251 }, (_, i) => i),
    )
    await socket.sendAsync(data)
    const seen = await peer.nextAsync()
    expect(seen).toMatchObject({ kind: 'binary', fin: true })
    expect(Buffer.compare(seen!.payload, data)).toBe(0)
    end()
  })

  it('SN-3: continues a message that was not ended, whatever type the next call names', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    await socket.sendAsync('ab', Text, false)
    await socket.sendAsync('cd', Binary, false)
    await socket.sendAsync('ef', Text)
    await socket.sendAsync('next', Binary)
    expect([await peer.seeAsync(), await peer.seeAsync(), await peer.seeAsync(), await peer.seeAsync()]).toEqual([
      'text…:ab',
      'continuation…:cd',
      'continuation:ef',
      'binary:next',
    ])
    end()
  })

  it('SN-4: ends a message with an empty frame', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    await socket.sendAsync('ab', Text, false)
    await socket.sendAsync('', Text)
    expect([await peer.seeAsync(), await peer.seeAsync()]).toEqual(['text…:ab', 'continuation:'])
    end()
  })

  it('SN-7: keeps the order of calls that nobody awaits, small and large ones mixed', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    const sizes = Array.from({ length: 400 }, (_, i) => [3, 200, 5000, 20_000, 70_000][i % 5]! + i)
    for (const [i, size] of sizes.entries()) void socket.sendAsync(Buffer.alloc(size, i))
    for (const [i, size] of sizes.entries()) {
      const { payload } = (await peer.nextAsync())!
      expect([payload.length, payload[0], payload.at(-1)]).toEqual([size, i & 0xff, i & 0xff])
    }
    end()
  })

  it('SN-7: sends a pong between the fragments of a message, never within a frame', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    void socket.receiveAsync(new Uint8Array(8))
    await socket.sendAsync('one', Text, false)
    expect(await peer.seeAsync()).toBe('text…:one')
    peer.send(frame('ping', 'p'))
    expect(await peer.seeAsync()).toBe('pong:p')
    await socket.sendAsync('two', Text)
    expect(await peer.seeAsync()).toBe('continuation:two')
    end()
  })

  it('lets the caller use its buffer again when the promise has resolved', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    for (const size of [10, 1000, 16 * 1024, 16 * 1024 + 1, 300_000]) {
      const buffer = Buffer.alloc(size, 'a')
      await socket.sendAsync(buffer)
      buffer.fill('b')
      expect((await peer.nextAsync())!.payload.every(byte => byte === 0x61)).toBe(true)
    }
    end()
  })

  it('resolves with nothing, also when it has waited for its next turn', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    const results = new Set<unknown>()
    const began = performance.now()
    while (performance.now() - began < 20) results.add(await socket.sendAsync('x'))
    expect([...results]).toEqual([undefined])
    peer.destroy()
    end()
  })

  it('SN-1: throws an argument error for the type "close" and changes nothing', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    expect(() => socket.sendAsync('x', Close)).toThrow(expect.objectContaining({ name: 'ArgumentException', paramName: 'messageType' }))
    expect(() => socket.sendAsync('x', 'speech' as 'text')).toThrow(expect.objectContaining({ paramName: 'messageType' }))
    await socket.sendAsync('fine')
    expect(await peer.seeAsync()).toBe('text:fine')
    end()
  })

  it.each([
    ['a number', 5],
    ['null', null],
    ['an object', {}],
    ['an array', [1]],
    ['an ArrayBuffer', new ArrayBuffer(4)],
  ])('throws an argument error for %s as data', async (_, data) => {
    const { socket, end } = await host.acceptAsync()
    expect(() => socket.sendAsync(data as never)).toThrow(expect.objectContaining({ paramName: 'data' }))
    expect(() => socket.sendAsync(data as never, Text)).toThrow(expect.objectContaining({ paramName: 'data' }))
    end()
  })

  it('SN-12: throws when the fragments of a message differ in disableCompression, also on a socket that does not compress', async () => {
    const { socket, end } = await host.acceptAsync()
    await socket.sendAsync('a', Text, false, { disableCompression: true })
    expect(() => socket.sendAsync('b', Text, true)).toThrow(expect.objectContaining({ paramName: 'disableCompression' }))
    await socket.sendAsync('b', Text, true, { disableCompression: true })
    await socket.sendAsync('c')
    end()
  })

  it('SN-13: sends after the close frame of the peer', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.send(closeFrame(1000))
    await socket.receiveAsync(new Uint8Array(8))
    await socket.sendAsync('one more')
    expect(await peer.seeAsync()).toBe('text:one more')
    end()
  })

  it('deviation: rejects with connection-closed-prematurely when the peer is gone, and leaves the state', async () => {
    const { socket, peer, context, end } = await host.acceptAsync()
    const aborted = new Promise(resolve => context.requestAborted.addEventListener('abort', resolve))
    peer.reset()
    await aborted
    await expect(socket.sendAsync('into the void')).rejects.toMatchObject({ webSocketErrorCode: 'connection-closed-prematurely' })
    expect(socket.state).toBe('open')
    end()
  })

  it('ends long before closeTimeout, and aborts the request, when a peer that does not read ends its half', {
    timeout: 5_000,
  }, async () => {
    const { socket, peer, context, end } = await host.acceptAsync()
    const aborted = new Promise(resolve => context.requestAborted.addEventListener('abort', resolve))
    peer.pause()
    const sending = socket.sendAsync(new Uint8Array(32 * 1024 * 1024))
    peer.finish()
    await aborted
    await expect(sending).rejects.toMatchObject({ webSocketErrorCode: 'connection-closed-prematurely' })
    end()
  })
})

describe('a message that was prepared', () => {
  it.each([
    ['text', 'grüße', undefined, 'text'],
    ['bytes', Buffer.from('grüße'), undefined, 'binary'],
    ['bytes as text', Buffer.from('grüße'), 'text' as const, 'text'],
  ])('goes to many sockets: %s', async (_, data, type, kind) => {
    const message = WebSocketMessage.prepare(data, type)
    const all = await Promise.all(Array.from({ length: 5 }, () => host.acceptAsync()))
    for (const { socket } of all) void socket.sendAsync(message)
    for (const { socket } of all) void socket.sendAsync(message)
    for (const { peer, end } of all) {
      expect(await peer.seeAsync()).toBe(`${kind}:grüße`)
      expect(await peer.seeAsync()).toBe(`${kind}:grüße`)
      end()
    }
  })

  it('keeps its bytes although the caller changes them', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    const bytes = Buffer.from('before')
    const message = WebSocketMessage.prepare(bytes)
    bytes.fill('x')
    await socket.sendAsync(message)
    expect(await peer.seeAsync()).toBe('binary:before')
    end()
  })

  it.each([100, 70_000])('continues a message like other data (%i bytes)', async size => {
    const { socket, peer, end } = await host.acceptAsync()
    const message = WebSocketMessage.prepare('m'.repeat(size))
    await socket.sendAsync('begun', Text, false)
    await socket.sendAsync(message)
    await socket.sendAsync(message)
    expect(await peer.seeAsync()).toBe('text…:begun')
    expect(await peer.nextAsync()).toMatchObject({ kind: 'continuation', fin: true })
    expect(await peer.nextAsync()).toMatchObject({ kind: 'text', fin: true })
    end()
  })
})
