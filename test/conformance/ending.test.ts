import type { Duplex } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EchoServer } from './support/echo-server.ts'
import { close, continuation, deflated, frame, opcodes, ping, type ReceivedFrame, takeFrames, text } from './support/frames.ts'

/** What a client sends that neither answers the server's close frame nor ends its own half, and the close frame that it sees. */
const endings: [name: string, send: Buffer[], code: number | null][] = [
  ['the close handshake', [close(1000)], 1000],
  ['the close handshake with a reason', [close(4000, 'enough')], 4000],
  ['an empty close frame', [close()], null],
  ['a close frame within a message', [text('half', { fin: false }), close(1001)], 1001],
  ['a close frame with data behind it', [close(1000), text('late'), ping('late')], 1000],
  ['two close frames', [close(1000), close(1001)], 1000],
  ['a close frame of one byte', [frame(opcodes.close, Buffer.of(3))], 1002],
  ['a close frame with a forbidden code', [close(1005)], 1002],
  ['a close frame whose reason is no UTF-8', [close(1000, Buffer.of(0xff))], 1002],
  ['a reserved opcode', [frame(3)], 1002],
  ['a reserved bit', [text('x', { rsv: 2 })], 1002],
  ['RSV1 on a continuation', [text(deflated('x'), { rsv: 4, fin: false }), continuation('', { rsv: 4 })], 1002],
  ['a ping of 126 bytes', [ping('p'.repeat(126))], 1002],
  ['a fragmented ping', [ping('p', { fin: false })], 1002],
  ['a continuation of nothing', [continuation('x')], 1002],
  ['a frame that is not masked', [text('x', { mask: false })], 1002],
  ['text that is no UTF-8', [text(Buffer.of(0xff))], 1007],
  ['data that cannot be expanded', [text(Buffer.of(0xff, 0xff, 0xff, 0xff), { rsv: 4 })], 1007],
  ['a violation with much data behind it', [frame(3), text('x'.repeat(300_000))], 1002],
]

describe.each(['buffer loop', 'message loop'] as const)('the server ends the connection first (RFC 6455 section 7.1.1), %s', loop => {
  let server: EchoServer

  beforeAll(async () => {
    // Longer than a test: nothing here may wait for the peer.
    server = await EchoServer.startAsync(loop, { closeTimeout: 60_000 })
  })
  afterAll(() => server.stopAsync())

  it.each(endings)('after %s', async (_, send, code) => {
    const connection = await server.connectAsync('permessage-deflate')
    const frames = framesUntilEndAsync(connection)
    connection.write(Buffer.concat(send))
    const closing = (await frames).at(-1)!
    expect(closing.opcode).toBe(opcodes.close)
    expect(closing.payload.length === 0 ? null : closing.payload.readUInt16BE(0)).toBe(code)
    connection.destroy()
  })
})

async function framesUntilEndAsync(connection: Duplex): Promise<ReceivedFrame[]> {
  const frames: ReceivedFrame[] = []
  const chunks: Buffer[] = []
  for await (const chunk of connection) chunks.push(chunk)
  takeFrames(Buffer.concat(chunks), frames)
  return frames
}
