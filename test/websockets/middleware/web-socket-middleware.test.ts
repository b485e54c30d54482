import { once } from 'node:events'
import { HostApplicationLifetime, LogLevel } from '@windhover/core'
import { describe, expect, it } from 'vitest'
import { AcceptingHost } from '../support/accepting-host.ts'
import { closeFrame, frame, isEmptyFrame } from '../support/peer.ts'

describe('useWebSockets finishes what the handler has left open', () => {
  it('closes with 1000 when the handler returns, and ends TCP when the peer has answered', async () => {
    await using host = await AcceptingHost.startAsync()
    const { peer, end, ended } = await host.acceptAsync()
    end()
    expect(await peer.seeAsync()).toBe('close:1000:')
    peer.send(closeFrame(1000))
    expect(await peer.seeAsync()).toBe('eof')
    expect(await ended).toEqual({ error: undefined })
    expect(host.logged(LogLevel.Debug)).toEqual([expect.stringContaining('returned with its WebSocket open')])
    expect(host.logged(LogLevel.Warning)).toEqual([])
  })

  it('closes with 1011 when the handler throws; the error goes on and is logged once', async () => {
    await using host = await AcceptingHost.startAsync()
    const { peer, end, ended } = await host.acceptAsync()
    const error = new Error('a bug')
    end(error)
    expect(await peer.seeAsync()).toBe('close:1011:')
    peer.send(closeFrame(1011))
    expect(await ended).toEqual({ error })
    await peer.endAsync()
    expect(host.logs.filter(entry => entry.level >= LogLevel.Error).map(entry => entry.exception)).toEqual([error])
  })

  it('waits for the peer before the request goes on', async () => {
    await using host = await AcceptingHost.startAsync()
    const { peer, end, ended } = await host.acceptAsync()
    end()
    await peer.seeAsync()
    const other = await host.acceptAsync()
    expect(await Promise.race([ended, other.socket.sendAsync('x').then(() => 'still waiting')])).toBe('still waiting')
    peer.send(closeFrame(1000))
    await ended
    other.end()
  })

  it.each([
    ['with a status', closeFrame(4321, 'theirs'), 'close:4321:'],
    ['without a status', closeFrame(), ''],
  ])('echoes the status of a peer that has closed %s', async (_, bytes, answer) => {
    await using host = await AcceptingHost.startAsync()
    const { socket, peer, end } = await host.acceptAsync()
    peer.send(bytes)
    await socket.receiveAsync(new Uint8Array(1))
    end()
    if (answer === '') expect(isEmptyFrame(await peer.nextAsync(), 'close')).toBe(true)
    else expect(await peer.seeAsync()).toBe(answer)
    expect(await peer.seeAsync()).toBe('eof')
    expect(host.logged(LogLevel.Debug)).toEqual([])
  })

  it('sends nothing when the handshake is complete', async () => {
    await using host = await AcceptingHost.startAsync()
    const { socket, peer, end, ended } = await host.acceptAsync()
    peer.send(closeFrame(1000))
    await socket.receiveAsync(new Uint8Array(1))
    await socket.closeAsync(1000)
    end()
    expect([await peer.seeAsync(), await peer.seeAsync()]).toEqual(['close:1000:', 'eof'])
    expect(await ended).toEqual({ error: undefined })
  })

  it('behaves the same when the handler has disposed the socket', async () => {
    await using host = await AcceptingHost.startAsync({
      handler: async socket => {
        using owned = socket
        await owned.sendAsync('hello')
      },
    })
    const { peer } = await host.acceptAsync()
    expect([await peer.seeAsync(), await peer.seeAsync()]).toEqual(['text:hello', 'close:1000:'])
  })

  it('drops what the peer sends before it answers, however much', async () => {
    await using host = await AcceptingHost.startAsync()
    const { peer, end, ended } = await host.acceptAsync()
    const sent = peer.sentAsync(
      Buffer.concat([...Array.from({ length: 50 }, () => frame('binary', Buffer.alloc(100_000))), closeFrame(1000)]),
    )
    end()
    await ended
    await sent
    expect(await peer.seeAsync()).toBe('close:1000:')
    expect(await peer.seeAsync()).toBe('eof')
  })

  it('gives a peer that does not answer closeTimeout, then ends the connection', async () => {
    await using host = await AcceptingHost.startAsync({ options: { closeTimeout: 40 } })
    const { peer, end, ended } = await host.acceptAsync()
    const start = performance.now()
    end()
    expect(await ended).toEqual({ error: undefined })
    expect(performance.now() - start).toBeGreaterThan(30)
    expect(await peer.seeAsync()).toBe('close:1000:')
    await peer.endAsync()
  })

  it.each(['finish', 'reset'] as const)('is done at once when the peer has gone (%s)', async leave => {
    await using host = await AcceptingHost.startAsync()
    const { peer, end, ended, context } = await host.acceptAsync()
    const aborted = once(context.requestAborted, 'abort')
    peer[leave]()
    await aborted
    end()
    expect(await ended).toEqual({ error: undefined })
  })

  it('warns when an operation is still pending', async () => {
    await using host = await AcceptingHost.startAsync()
    const { socket, peer, end } = await host.acceptAsync()
    const receiving = socket.receiveAsync(new Uint8Array(1))
    end()
    await expect(receiving).rejects.toMatchObject({ code: 'WINDHOVER_ERR_WEBSOCKET_DISPOSED' })
    expect(await peer.seeAsync()).toBe('close:1000:')
    expect(host.logged(LogLevel.Warning)).toEqual([expect.stringContaining('pending')])
  })
})

describe('an error that the peer has caused', () => {
  it.each([
    ['vanished', Buffer.alloc(0), 'connection-closed-prematurely'],
    ['broke the protocol', Buffer.of(0xff, 0xff), 'faulted'],
  ])('is logged at Debug and nowhere else when the handler lets it pass: the peer %s', async (_, bytes, code) => {
    await using host = await AcceptingHost.startAsync({ handler: async socket => void (await socket.receiveAsync(new Uint8Array(1))) })
    const { peer, ended } = await host.acceptAsync()
    peer.send(bytes)
    peer.finish()
    expect(await ended).toMatchObject({ error: { webSocketErrorCode: code } })
    expect(host.logged(LogLevel.Debug)).toEqual([expect.stringContaining('ended with its connection')])
    expect(host.logs.filter(entry => entry.level >= LogLevel.Warning)).toEqual([])
  })

  it('is an error all the same when it is another one', async () => {
    await using host = await AcceptingHost.startAsync({
      handler: async socket => {
        await socket.receiveAsync(new Uint8Array(1)).catch(() => {})
        throw new Error('a bug behind it')
      },
    })
    const { peer, ended } = await host.acceptAsync()
    peer.finish()
    await ended
    await peer.endAsync()
    expect(host.logs.filter(entry => entry.level >= LogLevel.Error).length).toBe(1)
  })
})

describe('a host that stops', () => {
  it('closes open sockets with 1001, the loops end, and the stop takes no time-out', async () => {
    await using host = await AcceptingHost.startAsync({
      handler: async socket => {
        for await (const { data } of socket) await socket.sendAsync(data)
      },
    })
    const all = await Promise.all(Array.from({ length: 5 }, () => host.acceptAsync()))
    const start = performance.now()
    const stopping = host.host.stopAsync()
    for (const { peer } of all) {
      expect(await peer.seeAsync()).toBe('close:1001:')
      peer.send(closeFrame(1001))
    }
    for (const { ended } of all) expect(await ended).toEqual({ error: undefined })
    await stopping
    expect(performance.now() - start).toBeLessThan(900)
  })

  it('lets a later send reject with the shutdown as its cause, which is logged at Debug when nobody catches it', async () => {
    await using host = await AcceptingHost.startAsync({
      handler: async (socket, context) => {
        const { applicationStopping } = context.requestServices.getRequiredService(HostApplicationLifetime)
        await once(applicationStopping, 'abort')
        while (socket.state === 'open') await new Promise(setImmediate)
        await socket.sendAsync('too late')
      },
    })
    const { peer, ended } = await host.acceptAsync()
    const stopping = host.host.stopAsync()
    expect(await peer.seeAsync()).toBe('close:1001:')
    peer.send(closeFrame(1001))
    expect(await ended).toMatchObject({
      error: { webSocketErrorCode: 'invalid-state', cause: { code: 'WINDHOVER_ERR_WEBSOCKET_HOST_STOPPING' } },
    })
    await stopping
    expect(host.logged(LogLevel.Debug)).toEqual([expect.stringContaining('ended with its connection')])
    expect(host.logs.filter(entry => entry.level >= LogLevel.Error)).toEqual([])
  })

  it('lets a handler that watches the stop itself come first, with a reason of its own', async () => {
    await using host = await AcceptingHost.startAsync({
      handler: async (socket, context) => {
        await once(context.requestServices.getRequiredService(HostApplicationLifetime).applicationStopping, 'abort')
        await socket.closeAsync(1001, 'back in a minute')
      },
    })
    const { peer } = await host.acceptAsync()
    const stopping = host.host.stopAsync()
    expect(await peer.seeAsync()).toBe('close:1001:back in a minute')
    peer.send(closeFrame(1001))
    await stopping
  })

  it('aborts a peer that does not answer within closeTimeout', async () => {
    await using host = await AcceptingHost.startAsync({
      options: { closeTimeout: 50 },
      handler: async socket => {
        for await (const _ of socket);
      },
    })
    const { peer, ended } = await host.acceptAsync()
    const stopping = host.host.stopAsync()
    expect(await peer.seeAsync()).toBe('close:1001:')
    await ended
    await stopping
  })

  it('leaves the sockets to the application with onStopping: "none"', async () => {
    await using host = await AcceptingHost.startAsync({ options: { onStopping: 'none' } })
    const { socket, peer, end } = await host.acceptAsync()
    const stopping = host.host.stopAsync()
    await new Promise(setImmediate)
    peer.send(frame('text', 'still here'))
    expect(await socket.receiveMessageAsync()).toMatchObject({ data: 'still here' })
    expect(socket.state).toBe('open')
    end()
    expect(await peer.seeAsync()).toBe('close:1000:')
    peer.send(closeFrame(1000))
    await stopping
  })
})
