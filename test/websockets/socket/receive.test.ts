import { WebSocketCloseStatus, WebSocketMessageType, type WebSocketReceiveResult, WebSocketState } from '@windhover/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Accepted, AcceptingHost } from '../support/accepting-host.ts'
import { closeFrame, frame } from '../support/peer.ts'

let host: AcceptingHost
beforeAll(async () => {
  host = await AcceptingHost.startAsync()
})
afterAll(() => host[Symbol.asyncDispose]())

/** One receive with a buffer of its own: what came, and the rest of the result. */
async function receive({ socket }: Accepted, size = 4096): Promise<[string, number, boolean, string]> {
  const buffer = Buffer.alloc(size)
  const { count, messageType, endOfMessage } = await socket.receiveAsync(buffer)
  return [buffer.toString('latin1', 0, count), count, endOfMessage, messageType]
}

describe('receiveAsync', () => {
  it('RC-1: delivers at most one frame, however large the buffer is', async () => {
    const accepted = await host.acceptAsync()
    accepted.peer.send(frame('binary', 'ab', { fin: false }), frame('continuation', 'cd', { fin: false }), frame('continuation', 'efghijk'))
    expect(await receive(accepted)).toEqual(['ab', 2, false, 'binary'])
    expect(await receive(accepted)).toEqual(['cd', 2, false, 'binary'])
    expect(await receive(accepted)).toEqual(['efghijk', 7, true, 'binary'])
    accepted.end()
  })

  it('RC-2: splits a frame that is larger than the buffer, and says end on its last part', async () => {
    const accepted = await host.acceptAsync()
    accepted.peer.send(frame('text', '0123456789'))
    expect(await receive(accepted, 4)).toEqual(['0123', 4, false, 'text'])
    expect(await receive(accepted, 4)).toEqual(['4567', 4, false, 'text'])
    expect(await receive(accepted, 4)).toEqual(['89', 2, true, 'text'])
    accepted.end()
  })

  it('RC-2: waits within a frame until the buffer is full or the frame complete', async () => {
    const accepted = await host.acceptAsync()
    const other = await host.acceptAsync()
    const bytes = frame('text', 'slowly')
    const received = receive(accepted)
    for (const byte of bytes.subarray(0, -1)) await accepted.peer.sentAsync(Buffer.of(byte))
    // The pong of another socket comes after what was sent before its ping.
    other.peer.send(frame('ping', 'x'))
    expect(await Promise.race([received, other.peer.seeAsync()])).toBe('pong:x')
    other.end()
    accepted.peer.send(bytes.subarray(-1))
    expect(await received).toEqual(['slowly', 6, true, 'text'])
    accepted.end()
  })

  it('RC-3: names the type of the message on its continuation frames', async () => {
    const accepted = await host.acceptAsync()
    accepted.peer.send(frame('text', 'a', { fin: false }), frame('continuation', 'b'), frame('binary', 'c'))
    expect((await receive(accepted))[3]).toBe(WebSocketMessageType.Text)
    expect((await receive(accepted))[3]).toBe(WebSocketMessageType.Text)
    expect((await receive(accepted))[3]).toBe(WebSocketMessageType.Binary)
    accepted.end()
  })

  it.each([
    ['final', true],
    ['not final', false],
  ])('RC-4: delivers an empty frame that is %s', async (_, fin) => {
    const accepted = await host.acceptAsync()
    accepted.peer.send(frame('binary', '', { fin }))
    expect(await receive(accepted)).toEqual(['', 0, fin, 'binary'])
    accepted.end()
  })

  it('RC-5: waits for data with an empty buffer without taking any', async () => {
    const accepted = await host.acceptAsync()
    const waiting = receive(accepted, 0)
    accepted.peer.send(frame('text', 'data'))
    expect(await waiting).toEqual(['', 0, false, 'text'])
    expect(await receive(accepted, 0)).toEqual(['', 0, false, 'text'])
    expect(await receive(accepted)).toEqual(['data', 4, true, 'text'])
    accepted.peer.send(frame('text'))
    expect(await receive(accepted, 0)).toEqual(['', 0, true, 'text'])
    accepted.end()
  })

  it('RC-6: answers a ping within a pending receive, which goes on waiting', async () => {
    const accepted = await host.acceptAsync()
    const waiting = receive(accepted)
    accepted.peer.send(frame('ping', 'are you there'))
    expect(await accepted.peer.seeAsync()).toBe('pong:are you there')
    accepted.peer.send(frame('pong', 'unasked'), frame('text', 'x'))
    expect(await waiting).toEqual(['x', 1, true, 'text'])
    accepted.end()
  })

  it.each([
    ['a code and a reason', closeFrame(1001, 'going'), 1001, 'going', false],
    ['a code only', closeFrame(1000), 1000, '', true],
    ['a code of the application', closeFrame(4321, 'ä€'), 4321, 'ä€', false],
    ['nothing (deviation: 1005, not 1000)', closeFrame(), WebSocketCloseStatus.Empty, '', true],
  ])('RC-7, RC-8: delivers a close frame with %s', async (_, bytes, closeStatus, closeStatusDescription, wasNormal) => {
    const accepted = await host.acceptAsync()
    accepted.peer.send(bytes)
    const result = await accepted.socket.receiveAsync(new Uint8Array(8))
    expect(result).toMatchObject({ count: 0, messageType: 'close', endOfMessage: true, closeStatus, closeStatusDescription, wasNormal })
    expect(accepted.socket).toMatchObject({ state: WebSocketState.CloseReceived, closeStatus, closeStatusDescription })
    accepted.end()
  })

  it('RC-7: delivers a close frame in the middle of a fragmented message', async () => {
    const accepted = await host.acceptAsync()
    accepted.peer.send(frame('text', 'half', { fin: false }), closeFrame(1000))
    expect(await receive(accepted)).toEqual(['half', 4, false, 'text'])
    expect((await receive(accepted))[3]).toBe('close')
    accepted.end()
  })

  it('RC-9: refuses a receive after the close frame', async () => {
    const accepted = await host.acceptAsync()
    accepted.peer.send(closeFrame(1000))
    await receive(accepted)
    await expect(receive(accepted)).rejects.toMatchObject({ webSocketErrorCode: 'invalid-state' })
    accepted.end()
  })

  it('RC-10: streams a message of any size through a small buffer', async () => {
    const accepted = await host.acceptAsync()
    const size = 3 * 1024 * 1024 + 7
    const message = Buffer.alloc(
      size,
      Uint8Array.from({ length: 251 }, (_, i) => i),
    )
    void accepted.peer.sentAsync(frame('binary', message))
    const buffer = new Uint8Array(4096)
    let at = 0
    for (let result: WebSocketReceiveResult | undefined; !result?.endOfMessage; at += result.count) {
      result = await accepted.socket.receiveAsync(buffer)
      expect(Buffer.compare(buffer.subarray(0, result.count), message.subarray(at, at + result.count))).toBe(0)
    }
    expect(at).toBe(size)
    accepted.end()
  })

  it('deviation: refuses a second receive while one is pending, which stays', async () => {
    const accepted = await host.acceptAsync()
    const first = receive(accepted)
    await expect(receive(accepted)).rejects.toMatchObject({ code: 'WINDHOVER_ERR_WEBSOCKET_SECOND_RECEIVE' })
    accepted.peer.send(frame('text', 'one'))
    expect(await first).toEqual(['one', 3, true, 'text'])
    accepted.end()
  })

  it.each([
    ['the peer ends TCP', (accepted: Accepted) => accepted.peer.finish()],
    ['the peer resets TCP', (accepted: Accepted) => accepted.peer.reset()],
    ['the peer ends within a header', (accepted: Accepted) => cut(accepted, 1)],
    ['the peer ends within the mask', (accepted: Accepted) => cut(accepted, 4)],
    ['the peer ends within the payload', (accepted: Accepted) => cut(accepted, 8)],
  ])('RC-13: rejects with connection-closed-prematurely when %s', async (_, leave) => {
    const accepted = await host.acceptAsync()
    const receiving = receive(accepted)
    leave(accepted)
    await expect(receiving).rejects.toMatchObject({ name: 'WebSocketException', webSocketErrorCode: 'connection-closed-prematurely' })
    expect(accepted.socket).toMatchObject({ state: 'aborted', closeStatus: undefined })
    accepted.end()
  })

  it('RC-13: delivers what came before the end, then rejects', async () => {
    const accepted = await host.acceptAsync()
    accepted.peer.send(frame('text', 'last words'))
    accepted.peer.finish()
    await aborted(accepted)
    expect(await receive(accepted)).toEqual(['last words', 10, true, 'text'])
    await expect(receive(accepted)).rejects.toMatchObject({ webSocketErrorCode: 'connection-closed-prematurely' })
    accepted.end()
  })

  it('RC-15: splits text within a character when the buffer is small', async () => {
    const accepted = await host.acceptAsync()
    accepted.peer.send(frame('text', 'ä'))
    expect(await receive(accepted, 1)).toEqual(['\xc3', 1, false, 'text'])
    expect(await receive(accepted, 1)).toEqual(['\xa4', 1, true, 'text'])
    accepted.end()
  })

  it('RC-16: waits for the rest of a header', async () => {
    const accepted = await host.acceptAsync()
    const next = frame('text', 'second')
    accepted.peer.send(frame('text', 'first'), next.subarray(0, 3))
    expect(await receive(accepted)).toEqual(['first', 5, true, 'text'])
    const waiting = receive(accepted)
    accepted.peer.send(next.subarray(3))
    expect(await waiting).toEqual(['second', 6, true, 'text'])
    accepted.end()
  })

  it('keeps what arrives before the first receive', async () => {
    const accepted = await host.acceptAsync()
    accepted.peer.send(frame('text', 'early'), frame('ping', 'now'))
    expect(await accepted.peer.seeAsync()).toBe('pong:now')
    expect(await receive(accepted)).toEqual(['early', 5, true, 'text'])
    accepted.end()
  })

  it.each([
    ['a string', 'buffer'],
    ['an array', [1, 2]],
    ['an ArrayBuffer', new ArrayBuffer(8)],
    ['nothing', undefined],
  ])('throws an argument error at once for %s as buffer', async (_, buffer) => {
    const { socket, end } = await host.acceptAsync()
    expect(() => socket.receiveAsync(buffer as never)).toThrow(expect.objectContaining({ paramName: 'buffer' }))
    expect(socket.state).toBe('open')
    end()
  })

  it('fills a part of a larger memory, wherever it begins', async () => {
    const accepted = await host.acceptAsync()
    const memory = new Uint8Array(4096).fill(1)
    const text = 'x'.repeat(300)
    for (const offset of [0, 1, 2, 3, 5]) {
      accepted.peer.send(frame('text', text))
      const buffer = memory.subarray(offset, offset + 1000)
      const { count } = await accepted.socket.receiveAsync(buffer)
      expect(Buffer.from(buffer.subarray(0, count)).toString()).toBe(text)
      expect(buffer[count]).toBe(1)
    }
    accepted.end()
  })
})

async function cut(accepted: Accepted, length: number): Promise<void> {
  await accepted.peer.sentAsync(frame('text', 'a longer text').subarray(0, length))
  accepted.peer.finish()
}

function aborted({ context }: Accepted): Promise<void> {
  const signal = context.requestAborted
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
