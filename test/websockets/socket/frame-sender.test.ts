import { Duplex } from 'node:stream'
import { expect, it } from 'vitest'
import { FrameSender } from '../../../packages/websockets/src/socket/frame-sender.ts'

/** Takes nothing more until it is told to. */
class SlowStream extends Duplex {
  readonly chunks: Buffer[] = []
  go: (() => void) | undefined

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, written: () => void): void {
    this.chunks.push(chunk)
    this.go = written
  }
}

it('still answers the ping of a peer that did not read while an unasked pong of the keep-alive was due', async () => {
  const stream = new SlowStream({ writableHighWaterMark: 1 })
  const owner = { hasUnread: false, sendRefusal: () => undefined, closeWritten: () => {}, abort: () => {} }
  const sender = new FrameSender(owner, stream, undefined)
  const drained = new Promise<void>(resolve => {
    stream.once('drain', () => {
      sender.drained()
      resolve()
    })
  })
  const sending = sender.send(false, Buffer.of(1), true, false, undefined)
  sender.pong(Buffer.from('owed'))
  sender.signOfLife()
  stream.go!()
  await drained
  await sending
  expect(Buffer.concat(stream.chunks).toString('latin1')).toBe('\x82\x01\x01\x8a\x04owed')
})
