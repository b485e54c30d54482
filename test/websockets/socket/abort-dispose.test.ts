import { once } from 'node:events'
import type { WebSocket } from '@windhover/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Accepted, AcceptingHost } from '../support/accepting-host.ts'
import { closeFrame, frame } from '../support/peer.ts'

let host: AcceptingHost
beforeAll(async () => {
  host = await AcceptingHost.startAsync({ options: { closeTimeout: 5000 } })
})
afterAll(() => host[Symbol.asyncDispose]())

const large = Buffer.alloc(32 * 1024 * 1024)

/** Operations that wait: one of each kind, and sends that queue behind a peer that does not read. */
function pendingOperations({ socket, peer }: Accepted): Promise<unknown>[] {
  peer.pause()
  return [
    socket.receiveAsync(new Uint8Array(8)),
    socket.sendAsync(large),
    socket.sendAsync('queued'),
    socket.sendAsync(large),
    socket.sendAsync('with a signal', undefined, true, new AbortController().signal),
    socket.closeAsync(),
    socket.closeAsync(1000, 'again', new AbortController().signal),
  ]
}

describe('abort', () => {
  it('AB-1: settles everything that is pending as cancelled, and ends TCP without a close frame', async () => {
    const accepted = await host.acceptAsync()
    const pending = pendingOperations(accepted)
    accepted.socket.abort()
    expect(accepted.socket.state).toBe('aborted')
    for (const operation of pending) await expect(operation).rejects.toMatchObject({ name: 'OperationCanceledException' })
    accepted.peer.resume()
    await accepted.peer.endAsync()
    expect(accepted.peer.waiting.some(seen => seen.kind === 'close')).toBe(false)
    accepted.end()
  })

  it('1.9: aborts the request while the handler still runs', async () => {
    const { socket, context, peer, end } = await host.acceptAsync()
    const { requestAborted } = context
    socket.abort()
    expect(requestAborted.aborted).toBe(true)
    await peer.endAsync()
    end()
  })

  it.each([
    ['open', 'aborted', async () => {}],
    ['close-sent', 'aborted', (socket: WebSocket) => socket.closeOutputAsync()],
    ['close-received', 'aborted', receiveClose],
    ['closed', 'closed', async (socket: WebSocket) => socket[Symbol.dispose]()],
    ['aborted', 'aborted', async (socket: WebSocket) => socket.abort()],
  ])('2.2: leads from %s to %s', async (from, to, bring) => {
    const { socket, peer, end } = await host.acceptAsync()
    await bring(socket, peer)
    expect(socket.state).toBe(from)
    socket.abort()
    expect(socket.state).toBe(to)
    end()
  })

  it.each([
    ['receiveAsync', (socket: WebSocket) => socket.receiveAsync(new Uint8Array(8))],
    ['receiveMessageAsync', (socket: WebSocket) => socket.receiveMessageAsync()],
    ['the iterator', (socket: WebSocket) => socket.messages().next()],
    ['sendAsync', (socket: WebSocket) => socket.sendAsync('x')],
    ['closeOutputAsync', (socket: WebSocket) => socket.closeOutputAsync()],
    ['closeAsync', (socket: WebSocket) => socket.closeAsync()],
  ])('2.2: makes %s reject with invalid-state', async (_, call) => {
    const { socket, end } = await host.acceptAsync()
    socket.abort()
    await expect(call(socket)).rejects.toMatchObject({ webSocketErrorCode: 'invalid-state', message: expect.stringContaining('"aborted"') })
    end()
  })

  it('follows from an abort of the request, which cancels what is pending', async () => {
    const { socket, context, end } = await host.acceptAsync()
    const receiving = socket.receiveAsync(new Uint8Array(8))
    context.abort()
    await expect(receiving).rejects.toMatchObject({ name: 'OperationCanceledException' })
    expect(socket.state).toBe('aborted')
    await expect(socket.sendAsync('x')).rejects.toMatchObject({ webSocketErrorCode: 'invalid-state' })
    end()
  })
})

describe('dispose', () => {
  it('deviation: settles what is pending at once and writes nothing by itself', async () => {
    const accepted = await host.acceptAsync()
    const { socket, peer } = accepted
    const pending = [socket.receiveAsync(new Uint8Array(8)), socket.closeOutputAsync().then(() => socket.closeAsync())]
    expect(await peer.seeAsync()).toBe('close:1000:')
    socket[Symbol.dispose]()
    for (const operation of pending)
      await expect(operation).rejects.toMatchObject({
        webSocketErrorCode: 'connection-closed-prematurely',
        code: 'WINDHOVER_ERR_WEBSOCKET_DISPOSED',
      })
    expect(socket.state).toBe('closed')
    expect(peer.waiting).toEqual([])
    accepted.end()
  })

  it('sends what had been sent before, and then closes, when the handler has ended', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.pause()
    const buffer = Buffer.alloc(100_000, 'a')
    const sends = [socket.sendAsync(large), ...Array.from({ length: 20 }, () => socket.sendAsync(buffer))]
    socket[Symbol.dispose]()
    await Promise.allSettled(sends)
    buffer.fill('b')
    end()
    peer.resume()
    expect((await peer.nextAsync())!.payload.length).toBe(large.length)
    for (let i = 0; i < 20; i++) expect((await peer.nextAsync())!.payload.every(byte => byte === 0x61)).toBe(true)
    expect(await peer.seeAsync()).toBe('close:1000:')
    peer.send(closeFrame(1000))
  })

  it.each([
    ['open', async () => {}],
    ['close-sent', (socket: WebSocket) => socket.closeOutputAsync()],
    ['close-received', receiveClose],
  ])('2.2: leads from %s to closed, and later calls reject with invalid-state', async (from, bring) => {
    const { socket, peer, end } = await host.acceptAsync()
    await bring(socket, peer)
    expect(socket.state).toBe(from)
    socket[Symbol.dispose]()
    socket[Symbol.dispose]()
    expect(socket.state).toBe('closed')
    await expect(socket.sendAsync('x')).rejects.toMatchObject({ webSocketErrorCode: 'invalid-state' })
    await expect(socket.receiveAsync(new Uint8Array(1))).rejects.toMatchObject({ webSocketErrorCode: 'invalid-state' })
    await expect(socket.receiveMessageAsync()).rejects.toMatchObject({ webSocketErrorCode: 'invalid-state' })
    end()
  })

  it('works by `using`', async () => {
    const { socket, end } = await host.acceptAsync()
    {
      using inner = socket
      expect(inner.state).toBe('open')
    }
    expect(socket.state).toBe('closed')
    end()
  })

  it('1.9: does not abort the request', async () => {
    const { socket, context, peer, end } = await host.acceptAsync()
    socket[Symbol.dispose]()
    peer.send(frame('text', 'x'))
    await new Promise(setImmediate)
    expect(context.requestAborted.aborted).toBe(false)
    end()
  })
})

describe('promises that nobody awaits', () => {
  it('cannot end the process when the peer is gone, and still throw when they are awaited', async () => {
    const unhandled: unknown[] = []
    const listener = (reason: unknown): void => void unhandled.push(reason)
    process.on('unhandledRejection', listener)
    try {
      const accepted = await host.acceptAsync()
      const { requestAborted } = accepted.context
      const floating = pendingOperations(accepted)
      accepted.peer.reset()
      await once(requestAborted, 'abort')
      void accepted.socket.sendAsync('later')
      void accepted.socket.receiveAsync(new Uint8Array(1))
      void accepted.socket.closeOutputAsync()
      await new Promise(setImmediate)
      await new Promise(setImmediate)
      expect(unhandled).toEqual([])
      for (const operation of floating) await expect(operation).rejects.toThrow()
      accepted.end()
    } finally {
      process.off('unhandledRejection', listener)
    }
  })
})

async function receiveClose(socket: WebSocket, peer: Accepted['peer']): Promise<void> {
  peer.send(closeFrame(1000))
  await socket.receiveAsync(new Uint8Array(8))
}
