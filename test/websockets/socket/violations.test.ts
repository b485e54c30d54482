import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AcceptingHost } from '../support/accepting-host.ts'
import { closeFrame, frame } from '../support/peer.ts'

let host: AcceptingHost
beforeAll(async () => {
  host = await AcceptingHost.startAsync({ options: { closeTimeout: 300 } })
})
afterAll(() => host[Symbol.asyncDispose]())

/** The first two bytes of a frame: masked, with this length. */
const start = (first: number, length = 0): Buffer => Buffer.of(first, 0x80 | length)
const mask = Buffer.alloc(4)

const violations: [string, Buffer[]][] = [
  ['RSV1 without compression', [start(0xc1), mask]],
  ['RSV2', [start(0xa1), mask]],
  ['RSV3', [start(0x91), mask]],
  ['all RSV bits', [start(0xf1), mask]],
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode): [string, Buffer[]] => [
    `the reserved opcode ${opcode}`,
    [start(0x80 | opcode), mask],
  ]),
  ['an unmasked text frame', [frame('text', 'hello', { masked: false })]],
  ['an unmasked frame at its second byte', [frame('text', 'hello', { masked: false }).subarray(0, 2)]],
  ['an unmasked empty ping', [frame('ping', '', { masked: false })]],
  ['a continuation without a message', [frame('continuation', 'x')]],
  ['a continuation behind a complete message', [frame('text', 'x'), frame('continuation', 'y')]],
  ['text while a message is open', [frame('text', 'x', { fin: false }), frame('text', 'y')]],
  ['binary while a message is open', [frame('text', 'x', { fin: false }), frame('binary', 'y')]],
  ['a fragmented ping', [frame('ping', '', { fin: false })]],
  ['a fragmented close', [frame('close', '', { fin: false })]],
  ['a ping of 126 bytes', [frame('ping', 'x'.repeat(126))]],
  ['a long ping by its announcement', [frame('ping', 'x'.repeat(126)).subarray(0, 4)]],
  ['a long close', [frame('close', Buffer.concat([Buffer.of(3, 0xe8), Buffer.alloc(124, 'x')]))]],
  ['a length with its most significant bit', [Buffer.of(0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0), mask]],
  ['a length with its most significant bit by its third byte', [Buffer.of(0x82, 0xff, 0xff)]],
  ['a reserved opcode at its first byte', [Buffer.of(0x83)]],
]

describe('a frame that breaks the protocol', () => {
  it.each(violations)('2.8: %s: close 1002, faulted, TCP ends and the request is aborted', async (_, frames) => {
    const { socket, peer, context, end } = await host.acceptAsync()
    const aborted = once(context.requestAborted, 'abort')
    peer.send(...frames)
    const buffer = new Uint8Array(16)
    const receiveAll = async (): Promise<void> => {
      for (;;) await socket.receiveAsync(buffer)
    }
    await expect(receiveAll()).rejects.toMatchObject({ webSocketErrorCode: 'faulted', code: 'WINDHOVER_ERR_WEBSOCKET_FAULTED' })
    expect(socket).toMatchObject({ state: 'aborted', closeStatus: undefined })
    expect(await peer.seeAsync()).toBe('close:1002:')
    expect(await peer.endAsync()).toBe('eof')
    peer.finish()
    await aborted
    end()
  })

  it.each(violations)('2.8: %s: the same for the message loop', async (_, frames) => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.send(...frames)
    await expect(receiveMessages(socket)).rejects.toMatchObject({ webSocketErrorCode: 'faulted' })
    expect(await peer.seeAsync()).toBe('close:1002:')
    end()
  })

  it('is noticed wherever TCP cuts the bytes', async () => {
    for (const [, frames] of violations) {
      const bytes = Buffer.concat(frames)
      const { socket, peer, end } = await host.acceptAsync()
      const receiving = receiveMessages(socket)
      for (const byte of bytes) await peer.sentAsync(Buffer.of(byte))
      await expect(receiving).rejects.toMatchObject({ webSocketErrorCode: 'faulted' })
      expect(await peer.seeAsync()).toBe('close:1002:')
      end()
    }
  })

  it('leaves nothing pending', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.pause()
    const sends = [socket.sendAsync(Buffer.alloc(20_000_000)), socket.sendAsync('queued')]
    const receiving = socket.receiveAsync(new Uint8Array(1))
    peer.send(start(0xf1), mask)
    await expect(receiving).rejects.toMatchObject({ webSocketErrorCode: 'faulted' })
    for (const send of sends) await expect(send).rejects.toMatchObject({ webSocketErrorCode: 'faulted' })
    end()
  })

  it('is not looked for behind the close frame', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.send(closeFrame(1000), start(0xf1), mask)
    expect(await socket.receiveAsync(new Uint8Array(1))).toMatchObject({ closeStatus: 1000 })
    await socket.closeAsync()
    expect(await peer.seeAsync()).toBe('close:1000:')
    end()
  })
})

describe('frames that are unusual but legal', () => {
  it.each([
    ['a length of 5 in 16 bits', Buffer.concat([Buffer.of(0x81, 0xfe, 0, 5), mask, Buffer.from('hello')])],
    ['a length of 5 in 64 bits', Buffer.concat([Buffer.of(0x81, 0xff, 0, 0, 0, 0, 0, 0, 0, 5), mask, Buffer.from('hello')])],
  ])('2.8: %s', async (_, bytes) => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.send(bytes)
    expect(await socket.receiveMessageAsync()).toEqual({ type: 'text', data: 'hello' })
    end()
  })

  it('2.8: a ping with a long form of its length is answered', async () => {
    const { peer, end } = await host.acceptAsync()
    peer.send(Buffer.concat([Buffer.of(0x89, 0xfe, 0, 2), mask, Buffer.from('hi')]))
    expect(await peer.seeAsync()).toBe('pong:hi')
    end()
  })

  it('2.8: a frame of 2^63 - 1 bytes begins', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.send(Buffer.concat([Buffer.of(0x82, 0xff, 0x7f, 255, 255, 255, 255, 255, 255, 255), mask, Buffer.from('x')]))
    expect(await socket.receiveAsync(new Uint8Array(1))).toMatchObject({ count: 1, endOfMessage: false })
    end()
  })
})

const invalid: [string, number[]][] = [
  ['a stray continuation byte', [0x61, 0x80]],
  ['an overlong slash', [0xc0, 0xaf]],
  ['an overlong character of 3 bytes', [0xe0, 0x80, 0xaf]],
  ['an overlong character of 4 bytes', [0xf0, 0x80, 0x80, 0xaf]],
  ['a high surrogate', [0xed, 0xa0, 0x80]],
  ['a low surrogate', [0xed, 0xbf, 0xbf]],
  ['a character above U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
  ['the byte F5', [0xf5, 0x80, 0x80, 0x80]],
  ['the byte FF', [0xff]],
  ['a character that ASCII cuts off', [0xe2, 0x82, 0x61]],
]

describe('text that is not UTF-8', () => {
  it.each(invalid)('2.8: %s: close 1007 and faulted', async (_, bytes) => {
    for (const rest of ['', ' and a lot more of harmless text behind it, so that other ways of checking are taken']) {
      const { socket, peer, end } = await host.acceptAsync()
      peer.send(frame('text', Buffer.concat([Buffer.from(bytes), Buffer.from(rest)])))
      await expect(socket.receiveAsync(new Uint8Array(256))).rejects.toMatchObject({ webSocketErrorCode: 'faulted' })
      expect(await peer.seeAsync()).toBe('close:1007:')
      end()
    }
  })

  it.each(invalid)('2.8: %s: the same for whole messages', async (_, bytes) => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.send(frame('text', Buffer.from(bytes)))
    await expect(socket.receiveMessageAsync()).rejects.toMatchObject({ webSocketErrorCode: 'faulted' })
    expect(await peer.seeAsync()).toBe('close:1007:')
    end()
  })

  it.each(invalid)('2.8: %s: also when fragments and small buffers cut it', async (_, bytes) => {
    const { socket, peer, end } = await host.acceptAsync()
    for (const [i, byte] of bytes.entries()) peer.send(frame(i === 0 ? 'text' : 'continuation', Buffer.of(byte), { fin: false }))
    peer.send(frame('continuation'))
    const receiveAll = async (): Promise<void> => {
      for (;;) await socket.receiveAsync(new Uint8Array(1))
    }
    await expect(receiveAll()).rejects.toMatchObject({ webSocketErrorCode: 'faulted' })
    expect(await peer.seeAsync()).toBe('close:1007:')
    end()
  })

  it.each([
    ['in one frame', [frame('text', Buffer.of(0x61, 0xc3))]],
    ['before an empty final fragment (deviation)', [frame('text', Buffer.of(0x61, 0xc3), { fin: false }), frame('continuation')]],
  ])('2.8: a truncated character at the end, %s', async (_, frames) => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.send(...frames)
    await expect(receiveMessages(socket)).rejects.toMatchObject({ webSocketErrorCode: 'faulted' })
    expect(await peer.seeAsync()).toBe('close:1007:')
    end()
  })

  it('deviation: is noticed as the bytes arrive, within a frame that is not complete', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    const receiving = socket.receiveAsync(new Uint8Array(64))
    peer.send(frame('text', Buffer.concat([Buffer.of(0xff), Buffer.alloc(50, 'x')])).subarray(0, 12))
    await expect(receiving).rejects.toMatchObject({ webSocketErrorCode: 'faulted' })
    expect(await peer.seeAsync()).toBe('close:1007:')
    end()
  })

  it('does not concern binary messages', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.send(frame('binary', Buffer.of(0xff, 0xc3)))
    expect(await socket.receiveAsync(new Uint8Array(8))).toMatchObject({ count: 2 })
    end()
  })

  it('accepts every character, cut anywhere', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    const text = 'aé€😀\u07ff\u0800\ud7ff\ue000\uffff\u{10000}\u{10ffff}'
    const bytes = Buffer.from(text)
    for (let at = 0; at <= bytes.length; at++) {
      peer.send(frame('text', bytes.subarray(0, at), { fin: false }), frame('continuation', bytes.subarray(at)))
      expect(await socket.receiveMessageAsync()).toEqual({ type: 'text', data: text })
    }
    end()
  })
})

async function receiveMessages(socket: { receiveMessageAsync(): Promise<unknown> }): Promise<void> {
  for (;;) await socket.receiveMessageAsync()
}
