import { Duplex } from 'node:stream'
import { HttpUpgradeFeature } from '@windhover/core'
import { expect, it } from 'vitest'
import { HandshakeContext, WebSocketsPipeline } from '../support/handshake-context.ts'

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
