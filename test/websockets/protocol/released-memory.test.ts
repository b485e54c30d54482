import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { HttpUpgradeFeature } from '@windhover/core'
import { describe, expect, it } from 'vitest'
import { FrameReader } from '../../../packages/websockets/src/protocol/frame-reader.ts'
import { HandshakeContext, WebSocketsPipeline } from '../support/handshake-context.ts'
import { frame } from '../support/peer.ts'

/** Node 20 has no way to free memory. */
const frees = 'transfer' in ArrayBuffer.prototype
const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 7) & 0xff))

/** A chunk as Node makes it: memory of its own. */
function chunkOf(...parts: Buffer[]): Buffer {
  const all = Buffer.concat(parts)
  const chunk = Buffer.allocUnsafeSlow(all.length)
  all.copy(chunk)
  return chunk
}

function take(reader: FrameReader, count: number): Buffer {
  const target = Buffer.alloc(count)
  let at = 0
  while (at < count) {
    if (!reader.inFrame) expect(reader.nextFrame()).toBe(true)
    at += reader.take(target, at, count)
  }
  return target
}

describe('the memory of a large chunk', () => {
  it('is free when the last byte was copied', () => {
    const reader = new FrameReader(false, true)
    const chunk = chunkOf(frame('binary', bytes))
    reader.push(chunk)
    expect(take(reader, 50_000).equals(bytes.subarray(0, 50_000))).toBe(true)
    expect(chunk.buffer.byteLength).toBe(chunk.length)
    expect(take(reader, 50_000).equals(bytes.subarray(50_000))).toBe(true)
    expect(chunk.buffer.byteLength).toBe(frees ? 0 : chunk.length)
  })

  it('stays when messages were handed out of it', () => {
    const reader = new FrameReader(false, true)
    const chunk = chunkOf(frame('binary', bytes.subarray(0, 20_000)), frame('binary', bytes))
    reader.push(chunk)
    const length = reader.findWhole(65_536)
    expect(length).toBe(20_000)
    const message = reader.takeWholeBytes(length)
    // Another socket hands out of its own chunk in between.
    const other = new FrameReader(false, true)
    other.push(chunkOf(frame('binary', bytes.subarray(0, 30_000))))
    other.takeWholeBytes(other.findWhole(65_536))
    expect(take(reader, 100_000).equals(bytes)).toBe(true)
    expect(message.equals(bytes.subarray(0, 20_000))).toBe(true)
  })

  it.each([
    ['that is somebody else’s', false, (all: Buffer) => chunkOf(all)],
    ['that is a part of larger memory', true, (all: Buffer) => chunkOf(Buffer.alloc(1), all).subarray(1)],
  ])('stays for a chunk %s', (_, ownsChunks, make) => {
    const reader = new FrameReader(false, ownsChunks)
    const chunk = make(frame('binary', bytes))
    reader.push(chunk)
    expect(take(reader, 100_000).equals(bytes)).toBe(true)
    expect(chunk.length).toBeGreaterThan(100_000)
  })

  it('stays as it came for whoever listens beside', async () => {
    const [server, client] = await connectionAsync()
    const kept: Buffer[] = []
    server.on('data', chunk => kept.push(chunk))
    server.pause()
    const context = new HandshakeContext()
    context.features.set(HttpUpgradeFeature, { isUpgradableRequest: true, upgradeAsync: async () => server })
    const seen: unknown[] = []
    const pipeline = new WebSocketsPipeline(async ({ webSockets }) => {
      const socket = await webSockets.acceptWebSocketAsync()
      for (let i = 0; i < 2; i++) seen.push((await socket.receiveMessageAsync())!.data)
      socket.abort()
    })
    const sent = Buffer.concat([frame('binary', bytes), frame('binary', bytes.subarray(0, 40_000))])
    client.write(sent)
    await pipeline.runAsync(context)
    client.destroy()
    expect(Buffer.concat(seen as Buffer[]).equals(Buffer.concat([bytes, bytes.subarray(0, 40_000)]))).toBe(true)
    expect(Buffer.concat(kept).equals(sent)).toBe(true)
  })
})

it('frames of large texts arrive whole, those that the system takes at once and those that wait', async () => {
  const [server, client] = await connectionAsync()
  const context = new HandshakeContext()
  context.features.set(HttpUpgradeFeature, { isUpgradableRequest: true, upgradeAsync: async () => server })
  const texts = Array.from({ length: 300 }, (_, i) => `${i} größer `.repeat(6000))
  let arrived = 0
  const seen: Buffer[] = []
  const pipeline = new WebSocketsPipeline(async ({ webSockets }) => {
    const socket = await webSockets.acceptWebSocketAsync()
    const first = texts.slice(0, 10)
    for (const text of first) await socket.sendAsync(text)
    // Nobody reads yet.
    const sends = texts.slice(10).map(text => socket.sendAsync(text))
    expect(server.writableLength).toBeGreaterThan(0)
    client.on('data', chunk => {
      seen.push(chunk)
      arrived += chunk.length
    })
    await Promise.all(sends)
    const size = texts.reduce((sum, text) => sum + 10 + Buffer.byteLength(text), 0)
    while (arrived < size) await once(client, 'data')
    socket.abort()
  })
  await pipeline.runAsync(context)
  client.destroy()
  const all = Buffer.concat(seen)
  let at = 0
  for (const text of texts) {
    const length = Number(all.readBigUInt64BE(at + 2))
    if (all.toString('utf8', at + 10, at + 10 + length) !== text) expect.fail(`The text at ${at} is wrong.`)
    at += 10 + length
  }
})

async function connectionAsync(): Promise<[Socket, Socket]> {
  const listener = createServer()
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const client = connect((listener.address() as AddressInfo).port, '127.0.0.1')
  const [server] = (await once(listener, 'connection')) as [Socket]
  listener.close()
  return [server, client]
}
