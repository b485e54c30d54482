import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { opcodes } from '../conformance/support/frames.ts'
import { ChildProcess } from '../support/child-process.ts'
import { MessageStream } from '../support/message-stream.ts'
import { handshakeBytes } from '../support/raw-handshake.ts'

const program = new URL('programs/server.mjs', import.meta.url).pathname
const mebi = 1024 * 1024

let server: ChildProcess
let port: number

beforeEach(async () => {
  server = new ChildProcess([program, '--urls', 'http://127.0.0.1:0'])
  const [, found] = await server.waitForOutputAsync(/Now listening on: http:\/\/127\.0\.0\.1:(\d+)/)
  port = Number(found)
})

afterEach(() => server[Symbol.asyncDispose]())

async function openAsync(path: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.write(handshakeBytes({ path }))
  const [head] = await once(socket, 'data')
  expect(String(head)).toMatch(/^HTTP\/1\.1 101 /)
  return socket
}

/** The most memory that the server has ever had, in bytes. */
async function peakAsync(): Promise<number> {
  return (await (await fetch(`http://127.0.0.1:${port}/peak`)).json()) as number
}

/** The head of a client's frame. Its mask is all zeros, which is legal and leaves the payload as it is. */
function frameHead(opcode: number, isFinal: boolean, length: number): Buffer {
  const head = Buffer.alloc(14)
  head[0] = (isFinal ? 0x80 : 0) | opcode
  head[1] = 0x80 | 127
  head.writeBigUInt64BE(BigInt(length), 2)
  return head
}

async function writeAsync(socket: Socket, bytes: Buffer): Promise<void> {
  if (!socket.write(bytes)) await once(socket, 'drain')
}

// 7 bytes do not divide 4 KiB: characters of up to 4 bytes are cut at the ends of buffers, frames and packets.
const textBlock = Buffer.from('aé世'.repeat(9_362) + '👋'.repeat(2_341))
const binaryBlock = Buffer.from(Uint8Array.from({ length: 65_537 }, (_, i) => (i * 31) ^ (i >> 8)))

it.each([
  { name: 'text in one frame', opcode: opcodes.text, block: textBlock, frames: 1 },
  { name: 'text in many frames', opcode: opcodes.text, block: textBlock, frames: 0 },
  { name: 'binary in one frame', opcode: opcodes.binary, block: binaryBlock, frames: 1 },
  { name: 'binary in many frames', opcode: opcodes.binary, block: binaryBlock, frames: 0 },
])(
  'echoes 100 MiB of $name through a loop of 4 KiB, with less than 64 MiB of memory',
  { timeout: 60_000 },
  async ({ opcode, block, frames }) => {
    const blocks = Math.ceil((100 * mebi) / block.length)
    const socket = await openAsync('/echo')
    const before = await peakAsync()

    const [sent, received] = [createHash('sha1'), createHash('sha1')]
    const stream = new MessageStream()
    let bytes = 0
    const opcodesSeen: number[] = []
    const echoed = new Promise<void>((resolve, reject) => {
      socket.on('close', () => reject(new Error(`The connection ended after ${bytes} bytes.`)))
      socket.on('data', chunk => {
        for (const part of stream.push(chunk as Buffer)) {
          received.update(part.payload)
          bytes += part.payload.length
          if (part.isFrameEnd && opcodesSeen.at(-1) !== part.opcode) opcodesSeen.push(part.opcode)
          if (part.isFrameEnd && part.isFinal) resolve()
        }
      })
    })

    if (frames === 1) await writeAsync(socket, frameHead(opcode, true, blocks * block.length))
    for (let i = 0; i < blocks; i++) {
      if (frames !== 1) await writeAsync(socket, frameHead(i === 0 ? opcode : opcodes.continuation, i === blocks - 1, block.length))
      await writeAsync(socket, block)
      sent.update(block)
    }
    await echoed

    expect(bytes).toBe(blocks * block.length)
    expect(received.digest('hex')).toBe(sent.digest('hex'))
    expect(opcodesSeen).toEqual([opcode, opcodes.continuation])
    expect((await peakAsync()) - before).toBeLessThan(64 * mebi)
    socket.removeAllListeners('close').destroy()
  },
)

it.each([
  { name: 'one frame', frameLength: 512 * mebi },
  { name: 'frames of 1 KiB', frameLength: 1024 },
])(
  'takes less than 32 MiB for a flood of 512 MiB in $name at a handler that does not receive, and serves on',
  { timeout: 60_000 },
  async ({ frameLength }) => {
    const isOneFrame = frameLength > mebi
    const frame = Buffer.concat([frameHead(opcodes.binary, true, frameLength), Buffer.alloc(isOneFrame ? 0 : frameLength, 'x')])
    const block = isOneFrame ? Buffer.alloc(mebi, 'x') : Buffer.concat(Array(Math.floor(mebi / frame.length)).fill(frame))
    const socket = await openAsync('/deaf')
    const before = await peakAsync()

    if (isOneFrame) socket.write(frame)
    // One block, written 512 times: here it costs its own size once.
    for (let i = 0; i < 512; i++) socket.write(block)
    for (let i = 0; i < 200; i++) expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('alive')

    expect(socket.writableLength).toBeGreaterThan(480 * mebi)
    expect((await peakAsync()) - before).toBeLessThan(32 * mebi)
    socket.on('error', () => {}).destroy()
  },
)
