import { WebSocketCloseStatus } from '@windhover/core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { AcceptingHost } from '../support/accepting-host.ts'
import { closeFrame, frame, isEmptyFrame } from '../support/peer.ts'

let host: AcceptingHost
let impatient: AcceptingHost
beforeAll(async () => {
  host = await AcceptingHost.startAsync()
  impatient = await AcceptingHost.startAsync({ options: { closeTimeout: 50 } })
})
afterAll(async () => {
  await host[Symbol.asyncDispose]()
  await impatient[Symbol.asyncDispose]()
})

const buffer = new Uint8Array(64)

describe('closeOutputAsync', () => {
  it('CL-1: sends the close frame and goes on receiving', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    await socket.closeOutputAsync(1001, 'going')
    expect(socket.state).toBe('close-sent')
    expect(await peer.seeAsync()).toBe('close:1001:going')
    peer.send(frame('text', 'in flight'), closeFrame(1001, 'too'))
    expect(await socket.receiveAsync(buffer)).toMatchObject({ count: 9, closeStatus: undefined })
    expect(await socket.receiveAsync(buffer)).toMatchObject({ closeStatus: 1001, closeStatusDescription: 'too' })
    expect(socket.state).toBe('closed')
    end()
  })

  it('CL-1: completes the handshake when the peer has closed', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.send(closeFrame(1000))
    await socket.receiveAsync(buffer)
    await socket.closeOutputAsync(1000)
    expect(socket.state).toBe('closed')
    expect(await peer.seeAsync()).toBe('close:1000:')
    expect(await peer.seeAsync()).toBe('eof')
    end()
  })

  it.each([
    ['close-sent', async (socket: Socket) => socket.closeOutputAsync()],
    ['closed', (socket: Socket) => socket[Symbol.dispose]()],
    ['aborted', (socket: Socket) => socket.abort()],
  ])('CL-1: rejects with invalid-state in the state %s', async (state, bring) => {
    const { socket, end } = await host.acceptAsync()
    await bring(socket)
    expect(socket.state).toBe(state)
    await expect(socket.closeOutputAsync()).rejects.toMatchObject({ webSocketErrorCode: 'invalid-state' })
    end()
  })
})

type Socket = Awaited<ReturnType<AcceptingHost['acceptAsync']>>['socket']

describe('closeAsync', () => {
  it('CL-2: sends the close frame, drops data, and resolves with the close frame of the peer', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    const closing = socket.closeAsync(1000, 'done')
    expect(await peer.seeAsync()).toBe('close:1000:done')
    peer.send(
      frame('text', 'dropped'),
      frame('binary', Buffer.alloc(100_000)),
      frame('text', 'half', { fin: false }),
      closeFrame(1008, 'peer'),
    )
    await closing
    expect(socket).toMatchObject({ state: 'closed', closeStatus: 1008, closeStatusDescription: 'peer' })
    end()
  })

  it('CL-2: sends no second close frame after closeOutputAsync', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    await socket.closeOutputAsync(1001)
    const closing = socket.closeAsync(1000, 'ignored')
    expect(await peer.seeAsync()).toBe('close:1001:')
    peer.send(closeFrame(1001))
    await closing
    expect(await peer.seeAsync()).toBe('eof')
    end()
  })

  it('CL-2: sends one close frame for two calls at once, and both resolve', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    const both = Promise.all([socket.closeAsync(1000), socket.closeAsync(1001)])
    expect(await peer.seeAsync()).toBe('close:1000:')
    peer.send(closeFrame(1000))
    await both
    expect(await peer.seeAsync()).toBe('eof')
    end()
  })

  it('CL-4: leaves data to a receive that is pending, and goes on waiting', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    const receiving = socket.receiveAsync(buffer)
    const closing = socket.closeAsync()
    peer.send(frame('text', 'data'))
    expect(await receiving).toMatchObject({ count: 4, messageType: 'text' })
    peer.send(closeFrame(1001))
    await closing
    expect(socket.state).toBe('closed')
    end()
  })

  it('CL-4: resolves together with the receive that sees the close frame', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    const receiving = socket.receiveAsync(buffer)
    const closing = socket.closeAsync()
    peer.send(closeFrame(1001))
    expect(await receiving).toMatchObject({ closeStatus: 1001 })
    await closing
    end()
  })

  it('CL-4: resolves when a receive beside it has taken what came first, and nobody receives up to the close frame', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    const receiving = socket.receiveMessageAsync()
    const closing = socket.closeAsync()
    expect(await peer.seeAsync()).toBe('close:1000:')
    peer.send(Buffer.concat([frame('text', 'taken'), frame('text', 'dropped'), closeFrame(1008)]))
    expect(await receiving).toEqual({ type: 'text', data: 'taken' })
    await closing
    expect(socket).toMatchObject({ state: 'closed', closeStatus: 1008 })
    end()
  })

  it('CL-4: drops the rest of a message whose beginning it has dropped, also under a receive that comes later', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    const closing = socket.closeAsync()
    expect(await peer.seeAsync()).toBe('close:1000:')
    peer.send(frame('text', 'begin', { fin: false }), frame('ping', 'seen'))
    expect(await peer.seeAsync()).toBe('pong:seen')
    const receiving = socket.receiveMessageAsync()
    peer.send(frame('continuation', 'ning'), frame('text', 'whole'))
    expect(await receiving).toEqual({ type: 'text', data: 'whole' })
    peer.send(frame('text', 'begin', { fin: false }), frame('ping', 'seen'))
    expect(await peer.seeAsync()).toBe('pong:seen')
    const frames = socket.receiveAsync(buffer)
    peer.send(frame('continuation', 'ning'), closeFrame(1000))
    expect(await frames).toMatchObject({ messageType: 'close', closeStatus: 1000 })
    await closing
    end()
  })

  it('CL-6: keeps what the peer said, not what we said', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    const closing = socket.closeAsync(1003, 'mine')
    expect(socket.closeStatus).toBeUndefined()
    peer.send(closeFrame(4000, 'theirs'))
    await closing
    expect(socket).toMatchObject({ closeStatus: 4000, closeStatusDescription: 'theirs' })
    end()
  })

  it('CL-11: sends nothing more after a violation of the peer, and rejects with faulted', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    const closing = socket.closeAsync()
    expect(await peer.seeAsync()).toBe('close:1000:')
    peer.send(Buffer.from([0xff, 0xff]))
    await expect(closing).rejects.toMatchObject({ webSocketErrorCode: 'faulted' })
    expect(await peer.seeAsync()).toBe('eof')
    end()
  })

  it('KA-1: answers pings while it waits', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    const closing = socket.closeAsync()
    await peer.seeAsync()
    peer.send(frame('ping', 'p'))
    expect(await peer.seeAsync()).toBe('pong:p')
    peer.send(closeFrame(1000))
    await closing
    end()
  })

  it('deviation: does nothing on a socket that is closed', async () => {
    const { socket, end } = await host.acceptAsync()
    socket[Symbol.dispose]()
    await socket.closeAsync(1000)
    expect(socket.state).toBe('closed')
    end()
  })

  it('rejects with invalid-state on a socket that was aborted', async () => {
    const { socket, end } = await host.acceptAsync()
    socket.abort()
    await expect(socket.closeAsync()).rejects.toMatchObject({ webSocketErrorCode: 'invalid-state' })
    end()
  })

  it('deviation: aborts a peer that does not answer within closeTimeout', async () => {
    const { socket, peer, context, end } = await impatient.acceptAsync()
    await expect(socket.closeAsync()).rejects.toMatchObject({ code: 'WINDHOVER_ERR_WEBSOCKET_CLOSE_TIMEOUT' })
    expect(socket.state).toBe('aborted')
    expect(context.requestAborted.aborted).toBe(true)
    await peer.endAsync()
    end()
  })

  it('gives a peer that is slow to take what was sent before the whole closeTimeout for its answer', async () => {
    const { socket, peer, end } = await impatient.acceptAsync()
    peer.pause()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const sending = socket.sendAsync(Buffer.alloc(32 * 1024 * 1024))
    const closing = socket.closeAsync()
    vi.advanceTimersByTime(49)
    peer.resume()
    await sending
    vi.advanceTimersByTime(49)
    expect(await peer.seeAsync()).toMatch(/^binary:/)
    expect(await peer.seeAsync()).toBe('close:1000:')
    peer.send(closeFrame(1000))
    await closing
    expect(socket.state).toBe('closed')
    end()
  })

  it.each([
    ['ends', 'finish'],
    ['resets', 'reset'],
  ] as const)('rejects with connection-closed-prematurely when the peer %s the connection instead', async (_, leave) => {
    const { socket, peer, end } = await host.acceptAsync()
    const closing = socket.closeAsync()
    await peer.seeAsync()
    peer[leave]()
    await expect(closing).rejects.toMatchObject({ webSocketErrorCode: 'connection-closed-prematurely' })
    expect(socket.state).toBe('aborted')
    end()
  })

  it('deviation: ends TCP as soon as the handshake is complete, while the handler goes on and its request is not aborted', async () => {
    const { socket, peer, context, end } = await host.acceptAsync()
    peer.send(closeFrame(1000))
    await socket.receiveAsync(buffer)
    await socket.closeAsync()
    expect(await peer.seeAsync()).toBe('close:1000:')
    expect(await peer.endAsync()).toBe('eof')
    peer.finish()
    await new Promise(setImmediate)
    expect(context.requestAborted.aborted).toBe(false)
    end()
  })

  it('drops what the peer sends behind its close frame', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.send(closeFrame(1000), closeFrame(1001), Buffer.alloc(300_000))
    expect(await socket.receiveAsync(buffer)).toMatchObject({ closeStatus: 1000 })
    await socket.closeAsync()
    expect(socket.closeStatus).toBe(1000)
    expect(await peer.seeAsync()).toBe('close:1000:')
    end()
  })

  it('answers a peer that ends its half of TCP right behind its close frame', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.send(frame('text', 'last'), closeFrame(1000))
    peer.finish()
    expect(await socket.receiveAsync(buffer)).toMatchObject({ count: 4 })
    expect(await socket.receiveAsync(buffer)).toMatchObject({ closeStatus: 1000 })
    await socket.closeAsync(1000)
    expect(await peer.seeAsync()).toBe('close:1000:')
    expect(await peer.seeAsync()).toBe('eof')
    end()
  })
})

describe('the status and the description of a close', () => {
  it.each([1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4000, 4999])('sends %i', async status => {
    const { socket, peer, end } = await host.acceptAsync()
    await socket.closeOutputAsync(status)
    expect(await peer.seeAsync()).toBe(`close:${status}:`)
    peer.send(closeFrame(1000))
    end()
  })

  it.each([-1, 0, 999, 1004, 1006, 1015, 1016, 2999, 5000, 65_536, 1000.5, Number.NaN, '1000', null])(
    'deviation: refuses %s as an argument, and the socket stays open',
    async status => {
      const { socket, peer, end } = await host.acceptAsync()
      for (const close of ['closeAsync', 'closeOutputAsync'] as const)
        expect(() => socket[close](status as number)).toThrow(
          expect.objectContaining({ name: 'ArgumentException', paramName: 'closeStatus' }),
        )
      await socket.sendAsync('open')
      expect(await peer.seeAsync()).toBe('text:open')
      end()
    },
  )

  it('deviation: writes an empty close frame for 1005', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    await socket.closeOutputAsync(WebSocketCloseStatus.Empty)
    expect(isEmptyFrame(await peer.nextAsync(), 'close')).toBe(true)
    peer.send(closeFrame())
    end()
  })

  it.each([
    ['null', null, ''],
    ['nothing', undefined, ''],
    ['123 bytes', 'a'.repeat(123), 'a'.repeat(123)],
    ['41 euro signs', '€'.repeat(41), '€'.repeat(41)],
  ])('sends %s as description', async (_, description, seen) => {
    const { socket, peer, end } = await host.acceptAsync()
    await socket.closeOutputAsync(1000, description)
    expect(await peer.seeAsync()).toBe(`close:1000:${seen}`)
    peer.send(closeFrame(1000))
    end()
  })

  it.each([
    ['124 bytes', 1000, 'a'.repeat(124)],
    ['42 euro signs', 1000, '€'.repeat(42)],
    ['one for 1005', 1005, 'why'],
    ['bytes', 1000, Buffer.from('x')],
    ['a number', 1000, 5],
    ['an object', 1000, { toString: () => 'x' }],
  ])('refuses %s as description', async (_, status, description) => {
    const { socket, end } = await host.acceptAsync()
    expect(() => socket.closeAsync(status, description as string)).toThrow(expect.objectContaining({ paramName: 'statusDescription' }))
    expect(socket.state).toBe('open')
    end()
  })

  it.each([0, 999, 1004, 1005, 1006, 1015, 1016, 2000, 2999, 5000])('answers %i from the peer with 1002 and ends Closed', async status => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.send(closeFrame(status))
    await expect(socket.receiveAsync(buffer)).rejects.toMatchObject({ webSocketErrorCode: 'faulted' })
    expect(socket).toMatchObject({ state: 'closed', closeStatus: undefined })
    expect(await peer.seeAsync()).toBe('close:1002:')
    expect(await peer.seeAsync()).toBe('eof')
    end()
  })

  it.each([
    ['a payload of one byte', frame('close', Buffer.of(3))],
    ['a reason that is not UTF-8', frame('close', Buffer.of(3, 0xe8, 0xff))],
    ['a reason with a surrogate', frame('close', Buffer.of(3, 0xe8, 0xed, 0xa0, 0x80))],
  ])('answers %s from the peer with 1002 and ends Closed', async (_, bytes) => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.send(bytes)
    await expect(socket.receiveAsync(buffer)).rejects.toMatchObject({ webSocketErrorCode: 'faulted' })
    expect(socket.state).toBe('closed')
    expect(await peer.seeAsync()).toBe('close:1002:')
    end()
  })
})
