import { once } from 'node:events'
import { LogLevel } from '@windhover/core'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type Accepted, AcceptingHost } from '../support/accepting-host.ts'
import { closeFrame, frame, isEmptyFrame } from '../support/peer.ts'

const aborted = ({ context }: Accepted): Promise<unknown> => once(context.requestAborted, 'abort')

describe('keep-alive by ping', () => {
  it('KA-6: sends a ping with a counter of 8 bytes when nothing has come for an interval, and the next one when it was answered', async () => {
    await using host = await AcceptingHost.startAsync({ options: { keepAliveInterval: 30, keepAliveTimeout: 5000 } })
    const { peer, end } = await host.acceptAsync()
    for (let count = 1; count < 4; count++) {
      const ping = (await peer.nextAsync())!
      expect([ping.kind, ping.payload.readBigUInt64BE()]).toEqual(['ping', BigInt(count)])
      peer.send(frame('pong', ping.payload))
    }
    end()
  })

  it('KA-7: aborts a peer that sends nothing after a ping, cancels what is pending, and later calls name the timeout', async () => {
    await using host = await AcceptingHost.startAsync({ options: { keepAliveInterval: 20, keepAliveTimeout: 40 } })
    const accepted = await host.acceptAsync()
    const { socket, peer, end } = accepted
    const requestAborted = aborted(accepted)
    const timeout = { code: 'WINDHOVER_ERR_WEBSOCKET_KEEP_ALIVE_TIMEOUT', webSocketErrorCode: 'faulted' }
    await expect(socket.receiveAsync(new Uint8Array(1))).rejects.toMatchObject({ name: 'OperationCanceledException', cause: timeout })
    await requestAborted
    expect(socket.state).toBe('aborted')
    await expect(socket.sendAsync('x')).rejects.toMatchObject({ webSocketErrorCode: 'invalid-state', cause: timeout })
    expect((await peer.nextAsync())!.kind).toBe('ping')
    await peer.endAsync()
    end()
    expect(host.logged(LogLevel.Debug)).toEqual([expect.stringContaining('keepAliveTimeout')])
  })

  it('KA-7: works while a close waits for the peer, and ends the message loop as a peer that has vanished', async () => {
    await using host = await AcceptingHost.startAsync({ options: { keepAliveInterval: 20, keepAliveTimeout: 40 } })
    const first = await host.acceptAsync()
    await expect(first.socket.closeAsync()).rejects.toMatchObject({ name: 'OperationCanceledException' })
    const second = await host.acceptAsync()
    for await (const _ of second.socket) expect.unreachable()
    first.end()
    second.end()
  })

  it('deviation: any bytes count as life, also while the application does not receive', async () => {
    await using host = await AcceptingHost.startAsync({ options: { keepAliveInterval: 20, keepAliveTimeout: 100 } })
    const { socket, peer, end } = await host.acceptAsync()
    for (let count = 0; count < 12; count++) {
      expect((await peer.nextAsync())!.kind).toBe('ping')
      peer.send(frame('text', 'not a pong'))
    }
    expect(socket.state).toBe('open')
    end()
  })

  it('does not abort a peer whose pong came in time to a process that was busy', async () => {
    await using host = await AcceptingHost.startAsync({ options: { keepAliveInterval: 20, keepAliveTimeout: 100 } })
    const { socket, peer, end } = await host.acceptAsync()
    const ping = (await peer.nextAsync())!
    peer.send(frame('pong', ping.payload))
    const until = performance.now() + 200
    while (performance.now() < until);
    expect((await peer.nextAsync())!.kind).toBe('ping')
    expect(socket.state).toBe('open')
    end()
  })

  it('KA-6: has one ping outstanding at a time', async () => {
    await using host = await AcceptingHost.startAsync({ options: { keepAliveInterval: 10, keepAliveTimeout: 100 } })
    const { socket, peer, end } = await host.acceptAsync()
    await expect(socket.receiveAsync(new Uint8Array(1))).rejects.toThrow()
    await peer.endAsync()
    expect(peer.waiting.map(seen => seen.kind)).toEqual(['ping'])
    end()
  })

  it('1.6: is overridden by the accept context, each value by itself', async () => {
    await using host = await AcceptingHost.startAsync({
      options: { keepAliveInterval: 600_000, keepAliveTimeout: 30 },
      accept: { keepAliveInterval: 20 },
    })
    const accepted = await host.acceptAsync()
    await expect(accepted.socket.receiveAsync(new Uint8Array(1))).rejects.toMatchObject({ name: 'OperationCanceledException' })
    accepted.end()
  })
})

describe('keep-alive by unsolicited pongs', () => {
  it.each([
    ['zero', 0],
    ['less', -1],
    ['infinite', Number.POSITIVE_INFINITY],
  ])('KA-4, KA-5: a timeout of %s sends empty pongs, whatever the traffic, and detects nothing', async (_, keepAliveTimeout) => {
    await using host = await AcceptingHost.startAsync({ options: { keepAliveInterval: 20, keepAliveTimeout } })
    const { socket, peer, end } = await host.acceptAsync()
    for (let count = 0; count < 4; count++) {
      expect(isEmptyFrame(await peer.nextAsync(), 'pong')).toBe(true)
      peer.send(frame('text', 'traffic'))
    }
    expect(socket.state).toBe('open')
    end()
  })

  it('KA-5: stops after our own close frame', async () => {
    await using host = await AcceptingHost.startAsync({ options: { keepAliveInterval: 10, keepAliveTimeout: 0 } })
    const first = await host.acceptAsync()
    const second = await host.acceptAsync()
    await first.socket.closeOutputAsync()
    for (let count = 0; count < 5; count++) expect(isEmptyFrame(await second.peer.nextAsync(), 'pong')).toBe(true)
    while ((await first.peer.nextAsync())!.kind !== 'close');
    expect(first.peer.waiting).toEqual([])
    for (const { peer, end } of [first, second]) {
      peer.send(closeFrame(1000))
      end()
    }
  })
})

describe('keep-alive', () => {
  it('has one timer for all sockets, and none when the last one has gone', async () => {
    const set = vi.spyOn(globalThis, 'setInterval')
    const clear = vi.spyOn(globalThis, 'clearInterval')
    onTestFinished(() => {
      set.mockRestore()
      clear.mockRestore()
    })
    await using host = await AcceptingHost.startAsync({ options: { keepAliveInterval: 61_000, keepAliveTimeout: 62_000 } })
    const sweeps = (): unknown[] => set.mock.results.filter((_, i) => set.mock.calls[i]![1] === 15_250).map(result => result.value)
    const accepted: Accepted[] = []
    for (let i = 0; i < 20; i++) accepted.push(await host.acceptAsync())
    expect(sweeps()).toHaveLength(1)

    for (const { end, peer } of accepted) {
      end()
      peer.send(closeFrame(1000))
    }
    await Promise.all(accepted.map(({ ended }) => ended))
    expect(clear.mock.calls.map(([timer]) => timer)).toContain(sweeps()[0])
  })

  it.each([0, -1, Number.POSITIVE_INFINITY])('KA-4: is off with an interval of %s', async keepAliveInterval => {
    await using host = await AcceptingHost.startAsync({ options: { keepAliveInterval: 10, keepAliveTimeout: 0 } })
    await using off = await AcceptingHost.startAsync({ options: { keepAliveInterval, keepAliveTimeout: 10 } })
    const quiet = await off.acceptAsync()
    const clock = await host.acceptAsync()
    for (let count = 0; count < 5; count++) await clock.peer.nextAsync()
    expect(quiet.peer.waiting).toEqual([])
    expect(quiet.socket.state).toBe('open')
    quiet.end()
    clock.end()
  })

  it.each([{ keepAliveInterval: Number.NaN }, { keepAliveTimeout: '30' as unknown as number }])(
    'throws at once for %o in the accept context',
    async accept => {
      await using host = await AcceptingHost.startAsync({
        before: app => {
          app.use(async (context, next) => {
            if (context.request.path !== '/try') return next()
            context.response.statusCode = 400
          })
        },
        accept,
      })
      const peer = await host.connectAsync()
      expect(await peer.handshakeAsync()).toContain(' 500 ')
    },
  )
})
