import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EchoServer } from './support/echo-server.ts'
import { Echoes } from './support/echoes.ts'
import { binary, close, continuation, opcodes, text } from './support/frames.ts'

const kibi = 1024
const mebi = 1024 * kibi
const largest = 16 * mebi
const letters = Buffer.alloc(largest, 'The quick brown fox jumps over the lazy dog. κόσμε ')
/** No pattern that a wrong offset could hide in. */
const bytes = Buffer.from(Uint32Array.from({ length: largest / 4 }, (_, i) => Math.imul(i, 2_654_435_761)).buffer)

describe.each(['buffer loop', 'message loop'] as const)('large and many messages, %s', loop => {
  let server: EchoServer

  beforeAll(async () => {
    server = await EchoServer.startAsync(loop, { maxMessageSize: largest })
  })
  afterAll(() => server.stopAsync())

  it.each([64 * kibi, 256 * kibi, mebi, 4 * mebi, 8 * mebi, largest])('echoes a text of %i bytes', async size => {
    // The pattern ends anywhere, also within a character.
    const payload = wholeCharacters(letters.subarray(0, size))
    await expectEcho(text(payload), opcodes.text, payload)
  })

  it.each([64 * kibi, 256 * kibi, mebi, 4 * mebi, 8 * mebi, largest])('echoes %i bytes', size =>
    expectEcho(binary(bytes.subarray(0, size)), opcodes.binary, bytes.subarray(0, size)),
  )

  it.each([
    [64, 4 * mebi],
    [256, 4 * mebi],
    [kibi, 4 * mebi],
    [1300, 64 * kibi],
    [4 * kibi, 4 * mebi],
    [16 * kibi, 4 * mebi],
    [64 * kibi, 4 * mebi],
    [256 * kibi, 4 * mebi],
    [mebi, 4 * mebi],
  ])('echoes a message in fragments of %i bytes, %i in all', (fragment, size) =>
    expectEcho(fragmented(bytes.subarray(0, size), fragment), opcodes.binary, bytes.subarray(0, size)),
  )

  it.each([
    [64, 512 * kibi],
    [512, mebi],
    [997, 64 * kibi],
    [2 * kibi, mebi],
  ])('echoes a frame that arrives in pieces of %i bytes, %i in all', async (piece, size) => {
    const payload = wholeCharacters(letters.subarray(0, size))
    await expectEcho(text(payload), opcodes.text, payload, piece)
  })

  const counted = [0, 16, 64, 125, 126, 256, kibi, 4 * kibi, 16 * kibi]

  it.each(counted)('echoes 1,000 messages of %i bytes one after the other', size =>
    expectEchoes(binary(bytes.subarray(0, size)), opcodes.binary, bytes.subarray(0, size)),
  )

  it.each(counted)('echoes 1,000 texts of %i bytes one after the other', size => {
    const payload = wholeCharacters(letters.subarray(0, size))
    return expectEchoes(text(payload), opcodes.text, payload)
  })

  async function expectEchoes(message: Buffer, opcode: number, payload: Buffer): Promise<void> {
    const connection = await server.connectAsync()
    const echoes = new Echoes(connection)
    for (let i = 0; i < 1000; i++) {
      connection.write(message)
      const echo = await echoes.nextAsync()
      if (echo.opcode !== opcode || !echo.data.equals(payload)) expect.fail(`The echo ${i} is wrong.`)
    }
    connection.destroy()
  }

  async function expectEcho(message: Buffer, opcode: number, payload: Buffer, piece = message.length): Promise<void> {
    const connection = await server.connectAsync()
    const echoes = new Echoes(connection)
    const echo = echoes.nextAsync()
    for (let at = 0; at < message.length; at += piece) {
      connection.write(message.subarray(at, at + piece))
      if (piece < message.length) await new Promise(setImmediate)
    }
    const { opcode: echoed, data } = await echo
    expect(echoed).toBe(opcode)
    // An assertion on the buffers themselves takes seconds.
    expect(data.equals(payload)).toBe(true)
    connection.end(close(1000))
    expect((await echoes.nextAsync()).opcode).toBe(opcodes.close)
    connection.destroy()
  }
})

function fragmented(payload: Buffer, size: number): Buffer {
  const frames = []
  for (let at = 0; at < payload.length; at += size) {
    const part = payload.subarray(at, at + size)
    const fin = at + size >= payload.length
    frames.push(at === 0 ? binary(part, { fin }) : continuation(part, { fin }))
  }
  return Buffer.concat(frames)
}

function wholeCharacters(payload: Buffer): Buffer {
  return Buffer.from(payload.toString('utf8').replace(/\ufffd$/, 'x'))
}
