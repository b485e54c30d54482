import { once } from 'node:events'
import { performance } from 'node:perf_hooks'
import { LogLevel, type WebSocket } from '@windhover/core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { collectGarbage } from '../../support/collect-garbage.ts'
import { AcceptingHost } from '../support/accepting-host.ts'
import { closeFrame, frame, type Peer } from '../support/peer.ts'

let host: AcceptingHost
beforeAll(async () => {
  host = await AcceptingHost.startAsync({ options: { closeTimeout: 300 } })
})
afterAll(() => host[Symbol.asyncDispose]())

const mebi = 1024 * 1024

/** Sends until the peer's system takes no more: the server has stopped reading. */
async function fill(peer: Peer, bytes: Buffer): Promise<void> {
  let isFull = false
  for (let sent = 0; !isFull && sent < 64 * mebi; sent += bytes.length) {
    isFull = (await Promise.race([peer.sentAsync(bytes), turnsAsync(enoughTurns).then(() => 'full')])) === 'full'
  }
}

/** Both ends live in this process, and the loopback interface hands over at once: what has not happened after so many turns of the event loop does not happen by itself. */
const enoughTurns = 200

async function turnsAsync(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate)
}

describe('the read-ahead', () => {
  it('deviation: answers pings while the application does not receive, each of them once', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.send(frame('text', 'x'.repeat(1000)), frame('ping', '1'), frame('text', 'y'), frame('ping', '2'))
    expect([await peer.seeAsync(), await peer.seeAsync()]).toEqual(['pong:1', 'pong:2'])
    const third = frame('ping', '3')
    peer.send(third.subarray(0, 4))
    await peer.sentAsync(third.subarray(4))
    expect(await peer.seeAsync()).toBe('pong:3')
    expect((await socket.receiveMessageAsync())!.data).toBe('x'.repeat(1000))
    expect((await socket.receiveMessageAsync())!.data).toBe('y')
    peer.send(frame('ping', '4'), frame('text', 'z'))
    expect((await socket.receiveMessageAsync())!.data).toBe('z')
    expect(await peer.seeAsync()).toBe('pong:4')
    expect(peer.waiting).toEqual([])
    end()
  })

  it('answers a ping behind a frame that is read in part', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.send(frame('text', 'hello'), frame('ping', 'p'), frame('text', 'next'))
    await socket.receiveAsync(new Uint8Array(3))
    expect(await peer.seeAsync()).toBe('pong:p')
    expect(await socket.receiveAsync(new Uint8Array(8))).toMatchObject({ count: 2, endOfMessage: true })
    expect((await socket.receiveMessageAsync())!.data).toBe('next')
    expect(peer.waiting).toEqual([])
    end()
  })

  it('shows a violation and a close frame to the receive that gets there, not before', async () => {
    const first = await host.acceptAsync()
    first.peer.send(frame('text', 'good'), Buffer.of(0xf1, 0x80), frame('ping', 'never'))
    const second = await host.acceptAsync()
    second.peer.send(frame('text', 'good'), frame('ping', 'p'), closeFrame(1001), frame('ping', 'never'))
    expect(await second.peer.seeAsync()).toBe('pong:p')
    for (const { socket } of [first, second]) {
      expect(socket.state).toBe('open')
      expect((await socket.receiveMessageAsync())!.data).toBe('good')
    }
    await expect(first.socket.receiveMessageAsync()).rejects.toMatchObject({ webSocketErrorCode: 'faulted' })
    expect(await second.socket.receiveAsync(new Uint8Array(1))).toMatchObject({ closeStatus: 1001 })
    expect(second.peer.waiting).toEqual([])
    first.end()
    second.end()
  })

  it.each([
    ['one byte per packet', 1],
    ['seven bytes per packet', 7],
    ['5000 bytes per packet', 5000],
    ['small and large packets in turn', 0],
  ])('keeps the order of what comes in %s while nobody receives', async (_, size) => {
    const { socket, peer, end } = await host.acceptAsync()
    const messages = Array.from({ length: 40 }, (_, i) => `${i} ${'x'.repeat(i * 37)}`)
    const bytes = Buffer.concat(messages.map(message => frame('text', message)))
    for (let at = 0, round = 0; at < bytes.length; round++) {
      const length = size || (round % 3 === 0 ? 6000 : 5)
      await peer.sentAsync(bytes.subarray(at, at + length))
      at += length
      if (round % 100 === 0) await new Promise(setImmediate)
    }
    for (const message of messages) expect((await socket.receiveMessageAsync())!.data).toBe(message)
    end()
  })

  it('holds 260 KB of single bytes on four sockets in little memory', async () => {
    const all = await Promise.all(Array.from({ length: 4 }, () => host.acceptAsync()))
    collectGarbage()
    const before = process.memoryUsage()
    const part = frame('binary', Buffer.alloc(65_000))
    for (const { peer } of all) {
      for (let at = 0; at < 4000; at++) await peer.sentAsync(part.subarray(at, at + 1))
      await peer.sentAsync(part.subarray(4000))
    }
    for (const { socket, peer, end } of all) {
      peer.send(frame('ping'))
      expect(await peer.seeAsync()).toBe('pong:')
      expect((await socket.receiveMessageAsync())!.data.length).toBe(65_000)
      end()
    }
    collectGarbage()
    expect(process.memoryUsage().arrayBuffers - before.arrayBuffers).toBeLessThan(8 * mebi)
  })

  it('stops reading from a peer that floods, and goes on where it stopped', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    collectGarbage()
    const before = process.memoryUsage().arrayBuffers
    const message = frame('binary', Buffer.alloc(10_000, 7))
    const round = Buffer.concat(Array.from({ length: 25 }, () => message))
    await fill(peer, round)
    collectGarbage()
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * mebi)
    for (let count = 0; count < 100; count++) expect((await socket.receiveMessageAsync())!.data.length).toBe(10_000)
    end()
  })

  it('deviation: aborts a socket whose read-ahead stays full for unreadTimeout, with a warning', async () => {
    await using hasty = await AcceptingHost.startAsync({ options: { unreadTimeout: 80 } })
    const { socket, peer, context, end } = await hasty.acceptAsync()
    const aborted = once(context.requestAborted, 'abort')
    void peer.sentAsync(Buffer.alloc(4 * mebi, frame('binary', Buffer.alloc(1000)))).catch(() => {})
    await aborted
    expect(socket.state).toBe('aborted')
    await expect(socket.receiveAsync(new Uint8Array(1))).rejects.toMatchObject({
      webSocketErrorCode: 'invalid-state',
      cause: { code: 'WINDHOVER_ERR_WEBSOCKET_UNREAD_TIMEOUT' },
    })
    expect(hasty.logged(LogLevel.Warning)).toEqual([expect.stringContaining('unreadTimeout')])
    end()
  })

  it('leaves a socket alone whose application receives slowly, until it does not', async () => {
    let now = performance.now()
    let sweep = (): void => {}
    vi.spyOn(performance, 'now').mockImplementation(() => now)
    vi.spyOn(globalThis, 'setInterval').mockImplementation(((sweepAll: (sockets: unknown) => void, _: number, sockets: unknown) => {
      sweep = () => sweepAll(sockets)
      return setTimeout(() => {}, 1)
    }) as never)
    try {
      await using hasty = await AcceptingHost.startAsync({ options: { unreadTimeout: 120 } })
      const { socket, peer, end } = await hasty.acceptAsync()
      await fill(peer, Buffer.alloc(mebi, frame('binary', Buffer.alloc(1000))))
      const pass = async (milliseconds: number): Promise<void> => {
        for (const end = now + milliseconds; now < end; sweep()) now += 30
        await turnsAsync(2)
      }
      for (let count = 0; count < 8; count++) {
        await pass(90)
        await socket.receiveMessageAsync()
      }
      expect(socket.state).toBe('open')
      await pass(180)
      expect(socket.state).toBe('aborted')
      end()
    } finally {
      vi.restoreAllMocks()
    }
  })
})

describe('a flood of pings', () => {
  it('is answered in order', async () => {
    const { peer, end } = await host.acceptAsync()
    const pings = Array.from({ length: 2000 }, (_, i) => frame('ping', String(i)))
    peer.send(...pings)
    for (let i = 0; i < pings.length; i++) expect(await peer.seeAsync()).toBe(`pong:${i}`)
    end()
  })

  it('costs no memory when the peer does not read the answers, and the last one is answered', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    const receiving = socket.receiveAsync(new Uint8Array(8))
    peer.pause()
    const payload = 'x'.repeat(125)
    const round = Buffer.concat(Array.from({ length: 1000 }, () => frame('ping', payload)))
    collectGarbage()
    const before = process.memoryUsage().arrayBuffers
    for (let i = 0; i < 200; i++) await peer.sentAsync(round)
    collectGarbage()
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * mebi)
    await peer.sentAsync(Buffer.concat([frame('ping', 'last'), frame('text', 'done')]))
    expect(await receiving).toMatchObject({ count: 4 })
    peer.resume()
    let seen = await peer.seeAsync()
    while (seen !== 'pong:last') {
      expect(seen).toBe(`pong:${payload}`)
      seen = await peer.seeAsync()
    }
    end()
  })
})

describe('a peer that does not read', () => {
  it('SN-9: makes a send wait, and lets it go on when it reads again', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.pause()
    let isDone = false
    const data = Buffer.alloc(32 * mebi)
    const sending = socket.sendAsync(data).then(() => {
      isDone = true
    })
    peer.send(frame('text', 'x'))
    await socket.receiveMessageAsync()
    expect(isDone).toBe(false)
    peer.resume()
    await sending
    expect((await peer.nextAsync())!.payload.length).toBe(data.length)
    end()
  })

  it('bounds the memory of a loop that awaits its sends', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.pause()
    collectGarbage()
    const before = process.memoryUsage().arrayBuffers
    let sent = 0
    const loop = sendForEver(socket, () => sent++)
    let last = -1
    while (last !== sent) {
      last = sent
      await turnsAsync(enoughTurns)
    }
    collectGarbage()
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(24 * mebi)
    socket.abort()
    await expect(loop).rejects.toThrow()
    end()
  })
})

async function sendForEver(socket: WebSocket, sent: () => void): Promise<void> {
  for (;;) {
    await socket.sendAsync('m'.repeat(1000))
    sent()
  }
}
