import type { WebSocket } from '@windhover/core'
import { describe, expect, it } from 'vitest'
import { binary, close, continuation, deflated, frame, opcodes, ping, pong, text } from '../conformance/support/frames.ts'
import type { Peer } from './support/peer.ts'
import { scale, turns } from './support/scale.ts'
import { attackTable } from './support/target.ts'

const part = { fin: false }
const compressed = ['Sec-WebSocket-Extensions: permessage-deflate']

/** What applications do with a socket. */
const loops: Record<string, (socket: WebSocket) => Promise<void>> = {
  messages: async socket => {
    for await (const message of socket) await socket.sendAsync(message.data, message.type)
  },
  frames: async socket => {
    const buffer = new Uint8Array(64)
    let result = await socket.receiveAsync(buffer)
    while (result.closeStatus === undefined) {
      await socket.sendAsync(buffer.subarray(0, result.count), result.messageType, result.endOfMessage)
      result = await socket.receiveAsync(buffer)
    }
    await socket.closeAsync(result.closeStatus, result.closeStatusDescription)
  },
  closing: async socket => {
    await socket.closeAsync(1000, 'bye')
  },
}

const target = attackTable(
  app => {
    for (const [name, loop] of Object.entries(loops)) {
      app.map(`/${name}`, branch =>
        branch.run(async context => {
          const socket = await context.webSockets.acceptWebSocketAsync({ dangerousEnableCompression: true })
          await loop(socket).catch(() => {})
        }),
      )
    }
  },
  { webSockets: { closeTimeout: 200 } },
)

async function openAsync(loop: string, headers: readonly string[] = []): Promise<Peer> {
  return target()
    .connect()
    .upgradeAsync({ path: `/${loop}`, headers })
}

/** What the server closes with; undefined when it goes on to serve. */
async function outcomeAsync(peer: Peer): Promise<number | undefined> {
  peer.send(text('probe'))
  for (;;) {
    const received = await peer.frameAsync()
    if (received === undefined) throw new Error('The connection ended without a close frame.')
    if (received.opcode === opcodes.close) return received.payload.length === 0 ? 1005 : received.payload.readUInt16BE(0)
    if (received.payload.toString() === 'probe') return undefined
  }
}

describe('every illegal first byte 0x00-0xFF: close 1002, or normal handling', () => {
  const bytes = Array.from({ length: 256 }, (_, byte) => byte)

  /** RFC 6455 section 5.2, for the first frame of a connection without extensions and a payload of four bytes "abcd". */
  function expected(byte: number, inMessage: boolean): number | undefined {
    const [fin, rsv, opcode] = [byte >= 0x80, byte & 0x70, byte & 0x0f]
    if (rsv !== 0) return 1002
    if (opcode === opcodes.continuation) return inMessage ? undefined : 1002
    if (opcode === opcodes.text || opcode === opcodes.binary) return inMessage ? 1002 : undefined
    if (!fin || opcode < opcodes.close || opcode > opcodes.pong) return 1002
    return opcode === opcodes.close ? 1002 : undefined
  }

  it.each([
    ['to an idle socket', false],
    ['to a busy socket, inside a message', true],
  ])('%s', async (_, inMessage) => {
    for (const loop of ['messages', 'frames']) {
      await target().strikeAsync(async () => {
        for (const byte of bytes) {
          const peer = await openAsync(loop)
          if (inMessage) peer.send(text('first, second, '.repeat(10)), text('begun', part))
          // The payload of a close frame has the status 0x6162, which is none.
          const attack = frame(0, 'abcd')
          attack[0] = byte
          peer.send(attack)
          const code = expected(byte, inMessage)
          const goesOn = code === undefined
          const isOpen = goesOn && (byte < 0x80 || (inMessage && byte >= 0x88))
          if (isOpen) peer.send(continuation('', { fin: true }))
          expect([loop, byte, await outcomeAsync(peer)]).toEqual([loop, byte, code])
          peer.destroy()
        }
      })
    }
  })
})

describe('frames that break the protocol: 1002 or 1007, at once', () => {
  const invalidText = Buffer.from([0x61, 0xc0, 0x80])
  const rows: [what: string, code: number, ...frames: Buffer[]][] = [
    ['unmasked text', 1002, text('x', { mask: false })],
    ['unmasked ping', 1002, ping('x', { mask: false })],
    ['unmasked close', 1002, close(1000, '', { mask: false })],
    ['an unmasked frame between masked ones', 1002, text('a'), text('b', { mask: false }), text('c')],
    ['a masked and an unmasked fragment', 1002, text('a', part), continuation('b', { mask: false })],
    ['RSV1 without an extension', 1002, text('x', { rsv: 4 })],
    ['RSV2', 1002, text('x', { rsv: 2 })],
    ['RSV3', 1002, text('x', { rsv: 1 })],
    ['RSV1 on a control frame', 1002, ping('x', { rsv: 4 })],
    ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map(opcode => [`opcode ${opcode}`, 1002, frame(opcode)] as [string, number, Buffer]),
    ['a fragmented ping', 1002, ping('x', part)],
    ['a fragmented close', 1002, frame(opcodes.close, '\x03\xe8', part)],
    ['a ping of 126 bytes', 1002, ping('x'.repeat(126))],
    ['a close of 126 bytes', 1002, frame(opcodes.close, Buffer.alloc(126, 3))],
    ['a close reason of 60,000 bytes', 1002, close(1000, 'x'.repeat(60_000))],
    ['a pong that announces 64 bits of length', 1002, frame(opcodes.pong, '', { announced: 2n ** 40n })],
    ['a length with the top bit', 1002, text('', { announced: 2n ** 63n })],
    ['a length of all ones', 1002, text('', { announced: 2n ** 64n - 1n })],
    ['a continuation of nothing', 1002, continuation('x')],
    ['a message inside a message', 1002, text('a', part), text('b')],
    ['a close payload of 1 byte', 1002, frame(opcodes.close, 'x')],
    ...[0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map(
      code => [`close code ${code}`, 1002, close(code)] as [string, number, Buffer],
    ),
    ['bad UTF-8 in text', 1007, text(invalidText)],
    ['bad UTF-8 in the second fragment', 1007, text('a', part), continuation(invalidText, part)],
    ['a character that ends with the message', 1007, text(Buffer.from([0xe2, 0x82]))],
    ['a surrogate', 1007, text(Buffer.from([0xed, 0xa0, 0x80]))],
    ['bad UTF-8 in a frame that never ends', 1007, text(invalidText, { announced: 1_000n })],
    ['bad UTF-8 in a close reason', 1002, close(1000, invalidText)],
  ]
  const deflateRows: typeof rows = [
    ['compressed data that cannot be expanded', 1007, text(Buffer.from([0xff, 0xff, 0xff]), { rsv: 4 })],
    ['RSV1 on a continuation', 1002, text(deflated('a'), { rsv: 4, fin: false }), continuation('b', { rsv: 4 })],
    ['RSV1 on a control frame of a socket that compresses', 1002, ping('x', { rsv: 4 })],
    ['compressed text that is not UTF-8', 1007, text(deflated(invalidText), { rsv: 4 })],
  ]

  describe.each(['messages', 'frames'])('received by %s', loop => {
    it.each([...rows.map(row => [...row, []] as const), ...deflateRows.map(row => [...row, compressed] as const)])(
      '%s: %i',
      async (...row) => {
        const [, code] = row
        const headers = row.at(-1) as string[]
        const bytes = Buffer.concat(row.slice(2, -1) as Buffer[])
        await target().strikeAsync(async () => {
          for (const size of [bytes.length, 1]) {
            if (bytes.length > 1_000 && size === 1) continue
            const peer = await openAsync(loop, headers)
            for (let at = 0; at < bytes.length; at += size) {
              peer.send(bytes.subarray(at, at + size))
              if (size === 1) await turns(2)
            }
            expect(await peer.closeCodeAsync()).toBe(code)
            await peer.endedAsync()
          }
        })
      },
    )
  })
})

describe('a header fed one byte at a time, truncated at each byte: no busy loop, no crash', () => {
  const headers = [
    text('abc'),
    binary(Buffer.alloc(300)).subarray(0, 8),
    text('', { announced: 100_000n }).subarray(0, 14),
    ping('abc'),
    close(1000, 'reason'),
    Buffer.concat([text('a', part), ping(), continuation('b')]),
  ]

  it.each(['end', 'reset', 'destroy'] as const)('and then %s', async leave => {
    await target().strikeAsync(async () => {
      for (const bytes of headers) {
        for (let length = 0; length <= bytes.length; length++) {
          const peer = await openAsync(length % 2 === 0 ? 'messages' : 'frames')
          for (const byte of bytes.subarray(0, length)) {
            peer.send(Buffer.from([byte]))
            await turns(1)
          }
          peer[leave]()
        }
      }
    })
  })

  it('does not keep the event loop busy while the rest does not come', async () => {
    await target().strikeAsync(async () => {
      const peers: Peer[] = []
      for (const bytes of headers) peers.push((await openAsync('messages')).send(bytes.subarray(0, -1)))
      await turns(10)
      // Whatever asks again and again brings the loop round many times before a timer is due; who only waits does not.
      const { loopCount } = performance.nodeTiming.uvMetricsInfo
      await new Promise(resolve => setTimeout(resolve, 50))
      expect(performance.nodeTiming.uvMetricsInfo.loopCount - loopCount).toBeLessThan(20)
    })
  })
})

describe('close frames in every state', () => {
  const closes: [string, Buffer][] = [
    ['an empty one', close()],
    ['one with a reason', close(1000, 'reason')],
    ['a bad one', close(1005)],
    ['one of one byte', frame(opcodes.close, 'x')],
    ['two', Buffer.concat([close(1000), close(1001)])],
    ['one in front of data', Buffer.concat([close(1000), text('late'), ping('late')])],
    ['one inside a message', Buffer.concat([text('a', part), close(1000)])],
    ['one in front of a violation', Buffer.concat([close(1000), frame(3)])],
    ['one whose payload does not come', close(1000, 'reason').subarray(0, 7)],
  ]

  it.each(closes)('%s', async (_, bytes) => {
    await target().strikeAsync(async () => {
      for (const loop of Object.keys(loops)) {
        for (const wait of [0, 1, 5]) {
          const peer = await openAsync(loop)
          await turns(wait)
          peer.send(bytes)
          await turns(wait)
          peer.send(bytes, bytes)
          await peer.closeCodeAsync()
          peer.end()
          await peer.endedAsync()
        }
      }
    })
  })
})

describe('control frames between the fragments of a message', () => {
  it('any number of them: each ping answered, the message whole', async () => {
    const count = scale(2_000, 100_000)
    await target().strikeAsync(async () => {
      for (const loop of ['messages', 'frames']) {
        const peer = await openAsync(loop)
        const between = Buffer.concat([ping('p'), pong('q'), continuation('x', part)])
        peer.send(text('', part), Buffer.concat(Array(count).fill(between)), continuation(''))
        let [size, pongs] = [0, 0]
        for (let isOver = false; !isOver; ) {
          const received = await peer.frameAsync()
          if (received === undefined) throw new Error('The connection ended.')
          if (received.opcode === opcodes.pong) pongs++
          else {
            size += received.payload.length
            isOver = received.fin
          }
        }
        expect(size).toBe(count)
        expect(pongs).toBeGreaterThan(0)
        peer.destroy()
      }
    })
  })
})
