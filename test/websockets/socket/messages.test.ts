import { once } from 'node:events'
import type { WebSocketMessage } from '@windhover/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AcceptingHost } from '../support/accepting-host.ts'
import { closeFrame, frame } from '../support/peer.ts'

const maxMessageSize = 100_000
let host: AcceptingHost
beforeAll(async () => {
  host = await AcceptingHost.startAsync({ options: { maxMessageSize } })
})
afterAll(() => host[Symbol.asyncDispose]())

const long = 'größer als ein Schnipsel '.repeat(3000)

describe('receiveMessageAsync', () => {
  it.each<[string, Buffer[], WebSocketMessage]>([
    ['text', [frame('text', 'hello')], { type: 'text', data: 'hello' }],
    ['text beyond ASCII', [frame('text', 'grüße € 🙂')], { type: 'text', data: 'grüße € 🙂' }],
    ['a byte order mark', [frame('text', '\ufeffx')], { type: 'text', data: '\ufeffx' }],
    ['empty text', [frame('text')], { type: 'text', data: '' }],
    ['bytes', [frame('binary', Buffer.of(0, 255))], { type: 'binary', data: Buffer.of(0, 255) }],
    ['no bytes', [frame('binary')], { type: 'binary', data: Buffer.alloc(0) }],
    [
      'fragments with an empty one',
      [frame('text', 'a', { fin: false }), frame('continuation', '', { fin: false }), frame('continuation', 'b')],
      { type: 'text', data: 'ab' },
    ],
    [
      'fragments that split a character',
      [frame('text', Buffer.of(0xe2, 0x82), { fin: false }), frame('continuation', Buffer.of(0xac))],
      { type: 'text', data: '€' },
    ],
    [
      'fragments around a ping',
      [frame('binary', 'a', { fin: false }), frame('ping'), frame('continuation', 'b')],
      { type: 'binary', data: Buffer.from('ab') },
    ],
    ['text of several chunks', [frame('text', long)], { type: 'text', data: long }],
    ['bytes of several chunks', [frame('binary', long)], { type: 'binary', data: Buffer.from(long) }],
    [
      'a message of exactly the limit',
      [frame('binary', Buffer.alloc(maxMessageSize))],
      { type: 'binary', data: Buffer.alloc(maxMessageSize) },
    ],
  ])('receives %s', async (_, frames, message) => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.send(...frames)
    expect(await socket.receiveMessageAsync()).toEqual(message)
    const waiting = socket.receiveMessageAsync()
    for (const bytes of frames) for (const half of [bytes.subarray(0, 3), bytes.subarray(3)]) await peer.sentAsync(half)
    expect(await waiting).toEqual(message)
    end()
  })

  it('gives each message memory of its own', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.send(frame('binary', 'one'), frame('binary', 'two'))
    const first = await socket.receiveMessageAsync()
    const second = await socket.receiveMessageAsync()
    expect([first, second].map(message => String(message!.data))).toEqual(['one', 'two'])
    end()
  })

  it('keeps memory in this thread in which other messages lie', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    const [first, second] = ['a'.repeat(100), 'b'.repeat(100)]
    peer.send(Buffer.concat([frame('binary', first), frame('binary', second)]))
    const data = (await socket.receiveMessageAsync())?.data as Uint8Array<ArrayBuffer>
    try {
      structuredClone(data.buffer, { transfer: [data.buffer] })
    } catch {
      // Node 20 copies what must not be transferred; newer ones refuse.
    }
    expect(data.fill(0)).toHaveLength(100)
    expect(await socket.receiveMessageAsync()).toEqual({ type: 'binary', data: Buffer.from(second) })
    end()
  })

  it('holds no more memory for a large message than its bytes, however they come', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    const bytes = Buffer.alloc(maxMessageSize, 'b')
    const whole = frame('binary', bytes)
    const received = socket.receiveMessageAsync()
    for (const part of [whole.subarray(0, 20_000), whole.subarray(20_000, 60_000), whole.subarray(60_000)]) await peer.sentAsync(part)
    const message = await received
    expect(message).toEqual({ type: 'binary', data: bytes })
    expect((message!.data as Uint8Array).buffer.byteLength).toBe(maxMessageSize)
    end()
  })

  it('resolves with undefined when the peer closes, again when it is asked again', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.send(closeFrame(1000))
    expect(await socket.receiveMessageAsync()).toBeUndefined()
    expect(await socket.receiveMessageAsync()).toBeUndefined()
    expect(socket.state).toBe('close-received')
    await socket.closeAsync()
    expect(await socket.receiveMessageAsync()).toBeUndefined()
    end()
  })

  it('rejects when the peer vanishes', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.send(frame('text', 'half', { fin: false }))
    peer.finish()
    await expect(socket.receiveMessageAsync()).rejects.toMatchObject({ webSocketErrorCode: 'connection-closed-prematurely' })
    end()
  })

  it.each([
    ['one frame', [frame('binary', Buffer.alloc(maxMessageSize + 1))]],
    ['one frame that is only announced', [frame('binary', Buffer.alloc(maxMessageSize + 1)).subarray(0, 20)]],
    [
      'many fragments',
      [frame('text', '', { fin: false }), ...Array.from({ length: 11 }, () => frame('continuation', 'x'.repeat(10_000), { fin: false }))],
    ],
  ])('closes with 1009 on a message that is too large: %s', async (_, frames) => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.send(...frames)
    await expect(socket.receiveMessageAsync()).rejects.toMatchObject({ webSocketErrorCode: 'faulted' })
    expect(socket.state).toBe('aborted')
    expect(await peer.seeAsync()).toBe('close:1009:')
    end()
  })

  it('does not limit what is received by buffers', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.send(frame('binary', Buffer.alloc(maxMessageSize * 2)))
    const buffer = new Uint8Array(maxMessageSize * 2)
    expect(await socket.receiveAsync(buffer)).toMatchObject({ count: maxMessageSize * 2, endOfMessage: true })
    end()
  })

  it('keeps memory in proportion to the bytes of a million fragments', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    const receiving = socket.receiveMessageAsync()
    await peer.sentAsync(frame('binary', '', { fin: false }))
    const empty = Buffer.concat(Array.from({ length: 10_000 }, () => frame('continuation', '', { fin: false })))
    const before = process.memoryUsage().arrayBuffers
    let most = 0
    for (let i = 0; i < 100; i++) {
      await peer.sentAsync(empty)
      most = Math.max(most, process.memoryUsage().arrayBuffers - before)
    }
    await peer.sentAsync(frame('continuation', 'end'))
    expect(await receiving).toEqual({ type: 'binary', data: Buffer.from('end') })
    expect(most).toBeLessThan(32 * 1024 * 1024)
    end()
  })
})

describe('the message iterator', () => {
  it('yields messages until the peer closes', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.send(frame('text', 'a'), frame('binary', 'b'), closeFrame(1000))
    const seen: unknown[] = []
    for await (const message of socket) seen.push(message.type === 'text' ? message.data : message.data.length)
    expect(seen).toEqual(['a', 1])
    expect(socket.state).toBe('close-received')
    for await (const message of socket) seen.push(message)
    expect(seen.length).toBe(2)
    end()
  })

  it.each([
    ['ends', 'finish'],
    ['resets', 'reset'],
  ] as const)('just ends when the peer %s the connection', async (_, leave) => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.send(frame('text', 'a'))
    let count = 0
    for await (const { type } of socket) {
      expect(type).toBe('text')
      count++
      peer[leave]()
    }
    expect(count).toBe(1)
    for await (const _ of socket) count++
    expect(count).toBe(1)
    end()
  })

  it('leaves the socket open on break', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.send(frame('text', 'first'), frame('text', 'second'))
    for await (const message of socket) {
      expect(message.data).toBe('first')
      break
    }
    expect(socket.state).toBe('open')
    for await (const message of socket.messages()) {
      expect(message.data).toBe('second')
      break
    }
    await socket.sendAsync('open')
    expect(await peer.seeAsync()).toBe('text:open')
    end()
  })

  it('has one reader at a time: a second one rejects', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    const first = socket.messages().next()
    await expect(socket.messages().next()).rejects.toMatchObject({ code: 'WINDHOVER_ERR_WEBSOCKET_SECOND_RECEIVE' })
    await expect(socket.receiveAsync(new Uint8Array(1))).rejects.toMatchObject({ code: 'WINDHOVER_ERR_WEBSOCKET_SECOND_RECEIVE' })
    peer.send(frame('text', 'x'))
    expect(await first).toEqual({ done: false, value: { type: 'text', data: 'x' } })
    end()
  })

  it('throws what the peer did wrong', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.send(frame('text', Buffer.of(0xff)))
    await expect(socket.messages().next()).rejects.toMatchObject({ webSocketErrorCode: 'faulted' })
    await expect(socket.messages().next()).rejects.toMatchObject({ webSocketErrorCode: 'invalid-state' })
    end()
  })

  it('throws on a socket that the application has disposed or aborted', async () => {
    const { socket, end } = await host.acceptAsync()
    const waiting = socket.messages().next()
    socket.abort()
    await expect(waiting).rejects.toMatchObject({ name: 'OperationCanceledException' })
    await expect(socket.messages().next()).rejects.toMatchObject({ webSocketErrorCode: 'invalid-state' })
    end()
  })

  it('stays at its end', async () => {
    const { socket, peer, context, end } = await host.acceptAsync()
    const messages = socket.messages()
    await messages.return!()
    peer.send(frame('text', 'x'))
    expect(await messages.next()).toEqual({ done: true, value: undefined })
    expect((await socket.receiveMessageAsync())!.data).toBe('x')
    peer.finish()
    await once(context.requestAborted, 'abort')
    expect(await socket.messages().next()).toEqual({ done: true, value: undefined })
    end()
  })
})
