import { constants, deflateRawSync, inflateRawSync } from 'node:zlib'
import { type WebSocket, type WebSocketAcceptContext, WebSocketMessage, WebSocketMessageType } from '@windhover/core'
import { describe, expect, it } from 'vitest'
import { WebSocket as WsClient } from 'ws'
import { DeflatePeer } from '../../conformance/support/deflate-peer.ts'
import { type Accepted, AcceptingHost } from '../support/accepting-host.ts'
import { frame, type Peer } from '../support/peer.ts'
import { transport } from '../support/transport.ts'

const offer = { 'Sec-WebSocket-Extensions': 'permessage-deflate' }
const { Text, Binary } = WebSocketMessageType

/** A raw DEFLATE block as RFC 7692 section 7.2.1 wants it. */
function deflate(data: string | Uint8Array, windowBits = 15): Buffer {
  return deflateRawSync(data, { windowBits, finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4)
}

async function inflated(peer: Peer): Promise<string> {
  const seen = (await peer.nextAsync())!
  expect(seen.rsv1).toBe(true)
  return inflateRawSync(Buffer.concat([seen.payload, Buffer.of(0, 0, 0xff, 0xff)]), { finishFlush: constants.Z_SYNC_FLUSH }).toString()
}

async function compressing(accept: WebSocketAcceptContext = {}, options = {}): Promise<AcceptingHost> {
  return AcceptingHost.startAsync({ options: { closeTimeout: 300, ...options }, accept: { dangerousEnableCompression: true, ...accept } })
}

async function receiveAll({ socket }: Accepted, size: number): Promise<[number, boolean][]> {
  const results: [number, boolean][] = []
  const buffer = new Uint8Array(size)
  for (;;) {
    const { count, endOfMessage } = await socket.receiveAsync(buffer)
    results.push([count, endOfMessage])
    if (endOfMessage) return results
  }
}

describe('receiving on a socket that compresses', () => {
  it('2.9: receives compressed and plain messages in turn', async () => {
    await using host = await compressing()
    const { socket, peer, end } = await host.acceptAsync(offer)
    peer.send(
      frame('text', deflate('grüße '.repeat(50)), { rsv1: true }),
      frame('text', 'plain'),
      frame('binary', deflate('bytes'), { rsv1: true }),
    )
    expect((await socket.receiveMessageAsync())!.data).toBe('grüße '.repeat(50))
    expect((await socket.receiveMessageAsync())!.data).toBe('plain')
    expect(String((await socket.receiveMessageAsync())!.data)).toBe('bytes')
    end()
  })

  it.each([1, 59, 60, 119, 120, 121, 4096])(
    '2.9: counts expanded bytes, and a buffer of %i bytes that is filled exactly says end',
    async size => {
      await using host = await compressing()
      const accepted = await host.acceptAsync(offer)
      accepted.peer.send(frame('text', deflate('0123456789ab'.repeat(10)), { rsv1: true }))
      const results = await receiveAll(accepted, size)
      expect(results.reduce((sum, [count]) => sum + count, 0)).toBe(120)
      expect(results.length).toBe(Math.ceil(120 / size))
      accepted.end()
    },
  )

  it('2.9: receives a message in compressed fragments, cut anywhere, with pings between', async () => {
    await using host = await compressing()
    const { socket, peer, end } = await host.acceptAsync(offer)
    const text = 'a text that repeats itself, a text that repeats itself'
    const bytes = deflate(text)
    for (let at = 0; at <= bytes.length; at += 3) {
      peer.send(
        frame('text', bytes.subarray(0, at), { fin: false, rsv1: true }),
        frame('ping', 'p'),
        frame('continuation', bytes.subarray(at), { fin: false }),
        frame('continuation'),
      )
      expect((await socket.receiveMessageAsync())!.data).toBe(text)
    }
    end()
  })

  it('receives a large message through a small buffer, byte for byte', async () => {
    await using host = await compressing({}, { maxMessageSize: 4 * 1024 * 1024 })
    const { socket, peer, end } = await host.acceptAsync(offer)
    const data = Buffer.alloc(
      2_000_003,
      Uint8Array.from({ length: 251 }, (_, i) => i),
    )
    void peer.sentAsync(frame('binary', deflate(data), { rsv1: true }))
    const buffer = Buffer.alloc(1000)
    for (let at = 0; ; ) {
      const { count, endOfMessage } = await socket.receiveAsync(buffer)
      expect(buffer.subarray(0, count).equals(data.subarray(at, at + count))).toBe(true)
      at += count
      if (endOfMessage) break
    }
    end()
  })

  it('keeps compressed messages that had arrived when the peer ended the connection', async () => {
    await using host = await compressing()
    const { socket, peer, end } = await host.acceptAsync(offer)
    peer.send(frame('text', deflate('one'), { rsv1: true }), frame('text', deflate('two'), { rsv1: true }))
    peer.finish()
    const seen: unknown[] = []
    for await (const { data } of socket) seen.push(data)
    expect(seen).toEqual(['one', 'two'])
    end()
  })

  it.each([
    ['garbage', Buffer.from('ffffffffffff', 'hex'), {}],
    ['a reference to a window that was refused', deflateRawSync('abcabc', { dictionary: Buffer.from('abcabc') }), {}],
  ])('deviation: answers %s with 1007 and rejects with faulted', async (_, bytes) => {
    await using host = await compressing()
    const { socket, peer, end } = await host.acceptAsync(offer)
    peer.send(frame('text', bytes, { rsv1: true }))
    await expect(socket.receiveAsync(new Uint8Array(64))).rejects.toMatchObject({ webSocketErrorCode: 'faulted' })
    expect(socket.state).toBe('aborted')
    expect(await peer.seeAsync()).toBe('close:1007:')
    end()
  })

  it('2.8: checks the expanded text', async () => {
    await using host = await compressing()
    const { socket, peer, end } = await host.acceptAsync(offer)
    peer.send(frame('text', deflate(Buffer.of(0x61, 0xff)), { rsv1: true }))
    await expect(socket.receiveMessageAsync()).rejects.toMatchObject({ webSocketErrorCode: 'faulted' })
    expect(await peer.seeAsync()).toBe('close:1007:')
    end()
  })

  it.each([
    ['one frame', (bytes: Buffer) => [frame('binary', bytes, { rsv1: true })]],
    [
      'fragments, each of them below the limit',
      (bytes: Buffer) => {
        const parts = Array.from({ length: 20 }, (_, i) => bytes.subarray((i * bytes.length) / 20, ((i + 1) * bytes.length) / 20))
        return parts.map((part, i) => frame(i === 0 ? 'binary' : 'continuation', part, { fin: i === 19, rsv1: i === 0 }))
      },
    ],
  ])('deviation: closes with 1009 when a small message expands beyond maxMessageSize: %s', async (_, cut) => {
    await using host = await compressing({}, { maxMessageSize: 100_000 })
    const bomb = cut(deflate(Buffer.alloc(1_000_000)))
    for (const receive of ['receiveMessageAsync', 'receiveAsync'] as const) {
      const { socket, peer, end } = await host.acceptAsync(offer)
      peer.send(...bomb)
      const loop = async (): Promise<void> => {
        for (;;) await socket[receive](new Uint8Array(4096) as never)
      }
      await expect(loop()).rejects.toMatchObject({ webSocketErrorCode: 'faulted' })
      expect(await peer.seeAsync()).toBe('close:1009:')
      end()
    }
  })

  it.each(['ping', 'close'] as const)('deviation: RSV1 on a %s is a violation', async kind => {
    await using host = await compressing()
    const { socket, peer, end } = await host.acceptAsync(offer)
    peer.send(frame(kind, '', { rsv1: true }))
    await expect(socket.receiveAsync(new Uint8Array(1))).rejects.toMatchObject({ webSocketErrorCode: 'faulted' })
    expect(await peer.seeAsync()).toBe('close:1002:')
    end()
  })

  it('2.8: RSV1 on a continuation is a violation', async () => {
    await using host = await compressing()
    const { socket, peer, end } = await host.acceptAsync(offer)
    const bytes = deflate('hello')
    peer.send(frame('text', bytes.subarray(0, 2), { fin: false, rsv1: true }), frame('continuation', bytes.subarray(2), { rsv1: true }))
    await expect(socket.receiveMessageAsync()).rejects.toMatchObject({ webSocketErrorCode: 'faulted' })
    end()
  })
})

describe('what was compressed at once or in the thread pool', () => {
  const words = Array.from({ length: 4000 }, (_, i) => `word ${(i * 7919) % 1000}`).join(' ')
  /** Around the sizes at which the way changes, and around the window. */
  const sizes = [0, 1, 125, 126, 8191, 8192, 8193, 16_383, 16_384, 16_385, 20_000, 32_767, 32_768, 32_769, 5, 1000]

  it('is received with one window, whatever the sizes are', async () => {
    await using host = await compressing()
    const { socket, peer, end } = await host.acceptAsync(offer)
    const client = new DeflatePeer('permessage-deflate')
    for (const first of [...sizes, ...sizes.toReversed()]) {
      for (const size of [first, 300]) {
        const plain = Buffer.from(words.slice(size % 97, (size % 97) + size))
        void peer.sentAsync(frame('text', client.deflate(plain), { rsv1: true }))
        const { data } = (await socket.receiveMessageAsync())!
        if (data !== plain.toString()) expect.fail(`A text of ${size} bytes is wrong.`)
      }
    }
    end()
  })

  it('is sent with one window, in the order of the calls, whatever the sizes are', async () => {
    await using host = await compressing()
    const { socket, peer, end } = await host.acceptAsync(offer)
    const client = new DeflatePeer('permessage-deflate')
    const texts = [...sizes, ...sizes.toReversed()].flatMap(size => [words.slice(size % 97, (size % 97) + size), words.slice(0, 300)])
    const sends = texts.map(text => socket.sendAsync(text))
    for (const text of texts) {
      const { payload } = (await peer.nextAsync())!
      if (client.inflate(payload).toString() !== text) expect.fail(`A text of ${text.length} bytes is wrong.`)
    }
    await Promise.all(sends)
    end()
  })

  it('is one message when its fragments went different ways', async () => {
    for (const disableServerContextTakeover of [false, true]) {
      await using host = await compressing({ disableServerContextTakeover })
      const { socket, peer, end } = await host.acceptAsync(offer)
      const client = new DeflatePeer(disableServerContextTakeover ? 'server_no_context_takeover' : '')
      for (const parts of [
        [100, 20_000, 100],
        [20_000, 100, 0],
        [0, 0, 20_000],
      ]) {
        const texts = parts.map(size => words.slice(0, size))
        texts.forEach((text, i) => void socket.sendAsync(text, Text, i === 2))
        const payloads = [await peer.nextAsync(), await peer.nextAsync(), await peer.nextAsync()].map(seen => seen!.payload)
        expect(client.inflate(Buffer.concat(payloads)).toString()).toBe(texts.join(''))
      }
      end()
    }
  })

  it('is received in fragments that went different ways', async () => {
    await using host = await compressing()
    const { socket, peer, end } = await host.acceptAsync(offer)
    const client = new DeflatePeer('permessage-deflate')
    for (let i = 0; i < 5; i++) {
      const whole = client.deflate(Buffer.from(words.slice(i, 30_000)))
      peer.send(
        frame('text', whole.subarray(0, i), { fin: false, rsv1: true }),
        frame('continuation', whole.subarray(i, 5000), { fin: false }),
        frame('continuation', whole.subarray(5000)),
        frame('text', client.deflate(Buffer.from('between')), { rsv1: true }),
      )
      expect((await socket.receiveMessageAsync())!.data).toBe(words.slice(i, 30_000))
      expect((await socket.receiveMessageAsync())!.data).toBe('between')
    }
    end()
  })

  it.each([65_535, 65_536, 65_537, 99_999, 100_000, 100_001])(
    'may expand to 100,000 bytes where that is the limit: %i bytes',
    async size => {
      await using host = await compressing({}, { maxMessageSize: 100_000 })
      for (const receive of ['receiveMessageAsync', 'receiveAsync'] as const) {
        const { socket, peer, end } = await host.acceptAsync(offer)
        peer.send(frame('binary', deflate(Buffer.alloc(size)), { rsv1: true }))
        const received = socket[receive](Buffer.alloc(200_000) as never) as Promise<{ data?: Uint8Array; count?: number }>
        if (size > 100_000) await expect(received).rejects.toMatchObject({ webSocketErrorCode: 'faulted' })
        else expect((await received).count ?? (await received).data?.length).toBe(size)
        end()
      }
    },
  )

  it.each([999, 1000, 1001])('is held to a limit below what is expanded at once: %i of 1,000 bytes', async size => {
    await using host = await compressing({}, { maxMessageSize: 1000 })
    const { socket, peer, end } = await host.acceptAsync(offer)
    peer.send(frame('binary', deflate(Buffer.alloc(size)), { rsv1: true }))
    if (size > 1000) {
      await expect(socket.receiveMessageAsync()).rejects.toMatchObject({ webSocketErrorCode: 'faulted' })
      expect(await peer.seeAsync()).toBe('close:1009:')
    } else expect((await socket.receiveMessageAsync())!.data.length).toBe(size)
    end()
  })
})

describe('a final block', () => {
  const final = (text: string): Buffer => deflateRawSync(text)
  const message = (...blocks: Buffer[]): Buffer => frame('text', Buffer.concat(blocks), { rsv1: true })
  /** Fragments are expanded in the thread pool. */
  const fragments = (...blocks: Buffer[]): Buffer =>
    Buffer.concat([frame('text', blocks[0]!, { rsv1: true, fin: false }), frame('continuation', Buffer.concat(blocks.slice(1)))])
  const ways = [
    ['a message', message],
    ['a message in fragments', fragments],
  ] as const

  it('may end a message, and the window goes on behind it', async () => {
    await using host = await compressing()
    const { socket, peer, end } = await host.acceptAsync(offer)
    const next = deflateRawSync('hello hello again', { dictionary: Buffer.from('hello hello'), finishFlush: constants.Z_SYNC_FLUSH })
    peer.send(message(final('hello hello'), Buffer.of(0)), message(final('')), message(next.subarray(0, -4)))
    expect((await socket.receiveMessageAsync())!.data).toBe('hello hello')
    expect((await socket.receiveMessageAsync())!.data).toBe('')
    expect((await socket.receiveMessageAsync())!.data).toBe('hello hello again')
    end()
  })

  it('may have others behind it, which refer to what it said', async () => {
    await using host = await compressing()
    const { socket, peer, end } = await host.acceptAsync(offer)
    const second = deflateRawSync('one two three', { dictionary: Buffer.from('one two') })
    peer.send(message(final('one two'), second, deflate('four')))
    expect((await socket.receiveMessageAsync())!.data).toBe('one twoone two threefour')
    end()
  })

  it.each(ways)('comes at most 15 times before the end of %s', async (_, send) => {
    await using host = await compressing()
    for (const [count, outcome] of [
      [15, 'text:xxxxxxxxxxxxxxx'],
      [16, 'close:1007:'],
    ] as const) {
      const { socket, peer, end } = await host.acceptAsync(offer)
      peer.send(send(...Array.from({ length: count }, () => final('x'))))
      const received = socket.receiveMessageAsync()
      if (count === 15) await socket.sendAsync((await received)!.data, Text, true, { disableCompression: true })
      else await expect(received).rejects.toMatchObject({ webSocketErrorCode: 'faulted' })
      expect(await peer.seeAsync()).toBe(outcome)
      end()
    }
  })

  it.each(ways)('does not lead around the limit of %s', async (_, send) => {
    await using host = await compressing({}, { maxMessageSize: 10_000 })
    const { socket, peer, end } = await host.acceptAsync(offer)
    peer.send(send(...Array.from({ length: 4 }, () => final('x'.repeat(4000)))))
    await expect(socket.receiveMessageAsync()).rejects.toMatchObject({ webSocketErrorCode: 'faulted' })
    expect(await peer.seeAsync()).toBe('close:1009:')
    end()
  })
})

describe('sending on a socket that compresses', () => {
  it('leaves memory of up to 16 KiB to the caller when the call returns', async () => {
    await using host = await compressing()
    const { socket, peer, end } = await host.acceptAsync(offer)
    const data = Buffer.alloc(16 * 1024, 'a')
    const sent = socket.sendAsync(data, Text)
    data.fill('b')
    await sent
    expect(await inflated(peer)).toBe('a'.repeat(16 * 1024))
    end()
  })

  it('lets the event loop go round while it compresses, and keeps the order', async () => {
    await using host = await compressing()
    const all = await Promise.all([host.acceptAsync(offer), host.acceptAsync(offer)])
    const clients = all.map(() => new DeflatePeer(''))
    const texts = Array.from({ length: 1500 }, (_, i) => `${i} `.repeat(2000))
    const countTurns = watchTurns()
    const sends = texts.flatMap(text => all.map(({ socket }) => socket.sendAsync(text)))
    await Promise.all(sends)
    expect(countTurns()).toBeGreaterThan(4)
    for (const text of texts) {
      for (const [i, { peer }] of all.entries()) {
        if (clients[i]!.inflate((await peer.nextAsync())!.payload).toString() !== text) expect.fail(`A text is wrong: ${text.slice(0, 4)}`)
      }
    }
    for (const { end } of all) end()
  })

  it.each([
    ['text', 'hello hello hello', Text],
    ['empty text', '', Text],
    ['one byte', 'x', Binary],
    ['much text', 'lorem ipsum '.repeat(20_000), Text],
  ])('2.9: compresses %s into one frame', async (_, data, type) => {
    await using host = await compressing()
    const { socket, peer, end } = await host.acceptAsync(offer)
    await socket.sendAsync(data, type)
    expect(await inflated(peer)).toBe(data)
    end()
  })

  it('2.9: leaves a message alone when asked', async () => {
    await using host = await compressing()
    const { socket, peer, end } = await host.acceptAsync(offer)
    await socket.sendAsync('secret', Text, true, { disableCompression: true })
    expect(await peer.nextAsync()).toMatchObject({ rsv1: false, payload: Buffer.from('secret') })
    end()
  })

  it('SN-7: keeps the order of messages, whether they are compressed or not', async () => {
    await using host = await compressing()
    const { socket, peer, end } = await host.acceptAsync(offer)
    const sends = Array.from({ length: 60 }, (_, i) =>
      socket.sendAsync(`${i}`.repeat(1 + (i % 7) * 1000), Text, true, { disableCompression: i % 3 === 0 }),
    )
    void socket.closeOutputAsync(1000)
    await Promise.all(sends)
    for (let i = 0; i < sends.length; i++) expect((await peer.nextAsync())!.rsv1).toBe(i % 3 !== 0)
    expect(await peer.seeAsync()).toBe('close:1000:')
    end()
  })

  it('2.9: sets RSV1 on the first fragment only', async () => {
    await using host = await compressing()
    const { socket, peer, end } = await host.acceptAsync(offer)
    await socket.sendAsync('one ', Text, false)
    await socket.sendAsync('two', Text)
    expect([await peer.nextAsync(), await peer.nextAsync()]).toMatchObject([
      { kind: 'text', fin: false, rsv1: true },
      { kind: 'continuation', fin: true, rsv1: false },
    ])
    end()
  })

  it('compresses a prepared message for each socket', async () => {
    await using host = await compressing()
    const message = WebSocketMessage.prepare('prepared '.repeat(10))
    const all = await Promise.all([host.acceptAsync(offer), host.acceptAsync(offer), host.acceptAsync()])
    for (const { socket } of all) void socket.sendAsync(message)
    expect(await inflated(all[0].peer)).toBe('prepared '.repeat(10))
    expect(await inflated(all[1].peer)).toBe('prepared '.repeat(10))
    expect(await all[2].peer.seeAsync()).toBe(`text:${'prepared '.repeat(10)}`)
    for (const { end } of all) end()
  })

  it('settles what is being compressed when the socket dies', async () => {
    await using host = await compressing()
    const { socket, end } = await host.acceptAsync(offer)
    const sends = Array.from({ length: 20 }, () => socket.sendAsync(Buffer.alloc(200_000)))
    socket.abort()
    for (const send of sends) await expect(send).rejects.toMatchObject({ name: 'OperationCanceledException' })
    end()
  })
})

describe('closing a socket that compresses', () => {
  it('drops compressed messages without holding the event loop, and hears the close behind them', async () => {
    await using host = await compressing({}, { closeTimeout: 20_000 })
    const { socket, peer, end } = await host.acceptAsync(offer)
    const dropped = frame('binary', deflate(Buffer.alloc(60_000)), { rsv1: true })
    const countTurns = watchTurns()
    peer.send(...Array.from({ length: 640 }, () => dropped), frame('close', Buffer.of(3, 232)))
    await socket.closeAsync(1000)
    expect(countTurns()).toBeGreaterThan(640 / 33)
    expect(socket.state).toBe('closed')
    end()
  })
})

describe('the agreed parameters', () => {
  it.runIf(transport.name === 'http1').each<[string, WebSocketAcceptContext, object]>([
    ['context takeover both ways', {}, {}],
    ['no context takeover of the server', { disableServerContextTakeover: true }, {}],
    ['no context takeover of the client', {}, { clientNoContextTakeover: true }],
    ['small windows', { serverMaxWindowBits: 9 }, { clientMaxWindowBits: 9 }],
  ])('work with the client of ws, which speaks HTTP/1.1 only: %s', async (_, accept, perMessageDeflate) => {
    await using host = await AcceptingHost.startAsync({ accept: { dangerousEnableCompression: true, ...accept }, handler: echo })
    const client = new WsClient(`ws://127.0.0.1:${host.port}`, { perMessageDeflate: { threshold: 0, ...perMessageDeflate } })
    const messages = Array.from({ length: 30 }, (_, i) => `message ${i % 4} `.repeat(1 + i * 40))
    const received: string[] = []
    client.on('open', () => {
      for (const message of messages) client.send(message)
    })
    client.on('message', data => {
      received.push(String(data))
      if (received.length === messages.length) client.close(1000)
    })
    await new Promise(resolve => client.on('close', resolve))
    expect(client.extensions).toContain('permessage-deflate')
    expect(received).toEqual(messages)
  })

  it('uses what went before: the same message takes fewer bytes the second time, unless takeover is off', async () => {
    for (const disableServerContextTakeover of [false, true]) {
      await using host = await compressing({ disableServerContextTakeover })
      const { socket, peer, end } = await host.acceptAsync(offer)
      const text = 'abcdefghijklmnopqrstuvwxyz0123456789'
      await socket.sendAsync(text)
      await socket.sendAsync(text)
      const [first, second] = [(await peer.nextAsync())!.payload.length, (await peer.nextAsync())!.payload.length]
      if (disableServerContextTakeover) expect(second).toBe(first)
      else expect(second).toBeLessThan(first)
      end()
    }
  })
})

async function echo(socket: WebSocket): Promise<void> {
  for await (const { data, type } of socket) await socket.sendAsync(data, type)
}

/** Counts the turns of the event loop until it is asked how many there were. */
function watchTurns(): () => number {
  let turns = 0
  let isDone = false
  const turn = (): void => {
    turns++
    if (!isDone) setImmediate(turn)
  }
  setImmediate(turn)
  return () => {
    isDone = true
    return turns
  }
}
