import { getEventListeners } from 'node:events'
import type { WebSocket } from '@windhover/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AcceptingHost } from '../support/accepting-host.ts'
import { closeFrame, frame } from '../support/peer.ts'

let host: AcceptingHost
beforeAll(async () => {
  host = await AcceptingHost.startAsync({ options: { closeTimeout: 300 } })
})
afterAll(() => host[Symbol.asyncDispose]())

const large = Buffer.alloc(32 * 1024 * 1024)
const reason = new Error('enough')
const canceled = { name: 'OperationCanceledException', code: 'WINDHOVER_ERR_WEBSOCKET_CANCELED', cause: reason }

const operations: [string, (socket: WebSocket, options: AbortSignal | { signal: AbortSignal }) => Promise<unknown>][] = [
  ['receiveAsync', (socket, options) => socket.receiveAsync(new Uint8Array(8), options)],
  ['receiveMessageAsync', (socket, options) => socket.receiveMessageAsync(options)],
  ['sendAsync', (socket, options) => socket.sendAsync('x', undefined, true, options)],
  ['closeOutputAsync', (socket, options) => socket.closeOutputAsync(1000, null, options)],
  ['closeAsync', (socket, options) => socket.closeAsync(1000, null, options)],
]

describe('a signal that has fired before the call', () => {
  it.each(operations.slice(2))('SN-8, CL-3: cancels %s and leaves the socket usable', async (_, call) => {
    const { socket, peer, end } = await host.acceptAsync()
    await expect(call(socket, AbortSignal.abort(reason))).rejects.toMatchObject(canceled)
    await expect(call(socket, { signal: AbortSignal.abort(reason) })).rejects.toMatchObject(canceled)
    expect(socket.state).toBe('open')
    await socket.sendAsync('after')
    expect(await peer.seeAsync()).toBe('text:after')
    end()
  })

  it.each(operations.slice(0, 2))('RC-12: cancels %s and aborts the socket, although data has arrived', async (_, call) => {
    const { socket, peer, context, end } = await host.acceptAsync()
    peer.send(frame('text', 'here'), frame('ping'))
    await peer.seeAsync()
    await expect(call(socket, AbortSignal.abort(reason))).rejects.toMatchObject(canceled)
    expect(socket.state).toBe('aborted')
    expect(context.requestAborted.aborted).toBe(true)
    end()
  })

  it('2.2: counts after the arguments and after the state', async () => {
    const { socket, end } = await host.acceptAsync()
    const signal = AbortSignal.abort(reason)
    expect(() => socket.sendAsync('x', 'close', true, signal)).toThrow(expect.objectContaining({ paramName: 'messageType' }))
    expect(() => socket.closeAsync(1006, null, signal)).toThrow(expect.objectContaining({ paramName: 'closeStatus' }))
    socket[Symbol.dispose]()
    await expect(socket.sendAsync('x', undefined, true, signal)).rejects.toMatchObject({ webSocketErrorCode: 'invalid-state' })
    end()
  })
})

describe('a signal that fires during the operation', () => {
  it.each(operations.slice(0, 2))('RC-12: cancels %s and aborts the socket', async (_, call) => {
    const { socket, context, peer, end } = await host.acceptAsync()
    const controller = new AbortController()
    const pending = call(socket, controller.signal)
    controller.abort(reason)
    await expect(pending).rejects.toMatchObject(canceled)
    expect(socket.state).toBe('aborted')
    expect(context.requestAborted.aborted).toBe(true)
    await peer.endAsync()
    end()
  })

  it('RC-12: cancels the iterator and aborts the socket', async () => {
    const { socket, end } = await host.acceptAsync()
    const controller = new AbortController()
    const pending = socket.messages({ signal: controller.signal }).next()
    controller.abort(reason)
    await expect(pending).rejects.toMatchObject(canceled)
    expect(socket.state).toBe('aborted')
    end()
  })

  it('SN-8: cancels a send under way and aborts the socket', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.pause()
    const controller = new AbortController()
    const sending = socket.sendAsync(large, undefined, true, controller.signal)
    controller.abort(reason)
    await expect(sending).rejects.toMatchObject(canceled)
    expect(socket.state).toBe('aborted')
    end()
  })

  it('SN-8: takes a send that waits for its turn out of the queue and leaves the socket usable', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.pause()
    const controller = new AbortController()
    const first = socket.sendAsync(large)
    const queued = socket.sendAsync('queued', undefined, true, controller.signal)
    const last = socket.sendAsync('last')
    controller.abort(reason)
    await expect(queued).rejects.toMatchObject(canceled)
    peer.resume()
    await Promise.all([first, last])
    expect((await peer.nextAsync())!.payload.length).toBe(large.length)
    expect(await peer.seeAsync()).toBe('text:last')
    end()
  })

  it('CL-3: takes a close that waits for its turn out of the queue, and its time limit too', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.pause()
    const controller = new AbortController()
    const first = socket.sendAsync(large)
    const closing = socket.closeAsync(1000, null, controller.signal)
    controller.abort(reason)
    await expect(closing).rejects.toMatchObject(canceled)
    expect(socket.state).toBe('open')
    peer.resume()
    await first
    await socket.sendAsync('open')
    await peer.nextAsync()
    expect(await peer.seeAsync()).toBe('text:open')
    end()
  })

  it('CL-3: cancels a close that waits for the peer and aborts the socket', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    const controller = new AbortController()
    const closing = socket.closeAsync(1000, null, controller.signal)
    expect(await peer.seeAsync()).toBe('close:1000:')
    controller.abort(reason)
    await expect(closing).rejects.toMatchObject(canceled)
    expect(socket.state).toBe('aborted')
    end()
  })
})

describe('a signal that is used again and again', () => {
  it('has one listener for all operations of all sockets, and none more after 1,000', async () => {
    const { signal } = new AbortController()
    const all = await Promise.all(Array.from({ length: 20 }, () => host.acceptAsync()))
    for (let round = 0; round < 50; round++) {
      const receives = all.map(({ socket }) => socket.receiveAsync(new Uint8Array(8), signal))
      for (const { peer } of all) peer.send(frame('text', 'x'))
      await Promise.all(receives)
      for (const { socket } of all) await socket.sendAsync('y', undefined, true, { signal })
    }
    expect(getEventListeners(signal, 'abort').length).toBe(1)
    for (const { end, peer } of all) {
      peer.send(closeFrame(1000))
      end()
    }
  })

  it('throws an argument error at once for what is no signal', async () => {
    const { socket, end } = await host.acceptAsync()
    for (const [, call] of operations)
      expect(() => call(socket, { signal: {} as AbortSignal })).toThrow(expect.objectContaining({ paramName: 'signal' }))
    expect(socket.state).toBe('open')
    end()
  })
})
