import { Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { Duplex } from 'node:stream'
import { HttpUpgradeFeature, type WebSocket } from '@windhover/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { HandshakeContext, WebSocketsPipeline } from '../support/handshake-context.ts'
import { closeFrame, frame } from '../support/peer.ts'

/** Says at once that it has written, and keeps the very memory that it was given, as a pair of streams does. */
class KeepingStream extends Duplex {
  readonly chunks: Uint8Array[] = []

  override _read(): void {}

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, written: () => void): void {
    this.chunks.push(chunk)
    written()
  }
}

it('writes memory that is used again to sockets of TCP and TLS alone: another stream may keep what it was given', async () => {
  const stream = new KeepingStream()
  const context = new HandshakeContext()
  context.features.set(HttpUpgradeFeature, { isUpgradableRequest: true, upgradeAsync: async () => stream })
  const texts = Array.from({ length: 300 }, (_, i) => `message ${String(i).padStart(3, '0')}`)
  const pipeline = new WebSocketsPipeline(async ({ webSockets }) => {
    const socket = await webSockets.acceptWebSocketAsync()
    for (let tick = 0; tick < 3; tick++) {
      for (const text of texts.slice(tick * 100, tick * 100 + 100)) void socket.sendAsync(text)
      await new Promise(setImmediate)
    }
    socket.abort()
  })
  await pipeline.runAsync(context)

  const frames = texts.map(text => Buffer.concat([Buffer.of(0x81, text.length), Buffer.from(text)]))
  expect(Buffer.concat(stream.chunks).toString('latin1')).toBe(Buffer.concat(frames).toString('latin1'))
})

/** A socket of TCP without a connection, which remembers each write. */
class RecordingSocket extends Socket {
  readonly #writes: string[] = []

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, written: () => void): void {
    this.#writes.push(Buffer.from(chunk).toString('latin1'))
    written()
  }

  /** The payloads of short text frames, write by write, since this was asked last. */
  takeWrites(): string[][] {
    return this.#writes.splice(0).map(bytes =>
      bytes
        .split('\x81')
        .slice(1)
        .map(rest => rest.slice(1)),
    )
  }
}

describe('a socket of TCP', () => {
  let now = 0
  let stream: RecordingSocket
  let socket: WebSocket
  let handled: Promise<void>
  let accept: (socket: WebSocket) => void

  beforeEach(async () => {
    vi.spyOn(performance, 'now').mockImplementation(() => now)
    stream = new RecordingSocket()
    const context = new HandshakeContext()
    context.features.set(HttpUpgradeFeature, { isUpgradableRequest: true, upgradeAsync: async () => stream })
    const accepted = new Promise<WebSocket>(resolve => {
      accept = resolve
    })
    const pipeline = new WebSocketsPipeline(async ({ webSockets }) => {
      const opened = await webSockets.acceptWebSocketAsync()
      accept(opened)
      for await (const { data } of opened) {
        await opened.sendAsync(data)
        if (data === 'slow') now += 5
      }
    })
    handled = pipeline.runAsync(context)
    socket = await accepted
    await turnAsync()
    stream.takeWrites()
  })

  afterEach(async () => {
    stream.push(closeFrame(1000))
    await handled
    stream.destroy()
    vi.restoreAllMocks()
  })

  it('gets the first frame of a tick at once, and the others in one write when the tick ends', async () => {
    for (let tick = 0; tick < 2; tick++) {
      for (const text of ['a', 'b', 'c', 'd']) void socket.sendAsync(text)
      expect(stream.takeWrites()).toEqual([['a']])
      await turnAsync()
      expect(stream.takeWrites()).toEqual([['b', 'c', 'd']])
    }
  })

  it('gets all answers to what came together in one write, once it has shown that they come quickly', async () => {
    expect(await answersTo('a', 'b', 'c')).toEqual([['a'], ['b', 'c']])
    expect(await answersTo('d', 'e', 'f')).toEqual([['d', 'e', 'f']])
    expect(await answersTo('g')).toEqual([['g']])
    expect(await answersTo('h', 'i')).toEqual([['h', 'i']])
  })

  it('gets an answer at once again when the handler has computed between two of them', async () => {
    expect(await answersTo('a', 'b')).toEqual([['a'], ['b']])
    expect(await answersTo('slow', 'c', 'd')).toEqual([['slow', 'c'], ['d']])
    expect(await answersTo('e', 'slow', 'f')).toEqual([['e'], ['slow'], ['f']])
  })

  async function answersTo(...texts: string[]): Promise<string[][]> {
    stream.push(Buffer.concat(texts.map(text => frame('text', text))))
    await turnAsync()
    return stream.takeWrites()
  }
})

/** Several turns of the event loop, because the turn of a socket may end with the first. */
async function turnAsync(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise(setImmediate)
}
