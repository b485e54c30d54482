import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FrameReader } from '../../packages/websockets/src/protocol/frame-reader.ts'
import { Violation } from '../../packages/websockets/src/protocol/violation.ts'
import { frame, opcodes } from '../conformance/support/frames.ts'
import { cut, fuzz } from './support/fuzz.ts'
import { type Decoded, type DecodedFrame, decode } from './support/reference-decoder.ts'

const payload = fc.oneof(
  { weight: 6, arbitrary: fc.uint8Array({ maxLength: 20 }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(0, 1, 124, 125, 126, 127, 128, 300, 4_095, 4_096).map(size => new Uint8Array(size).map((_, i) => i)),
  },
  { weight: 1, arbitrary: fc.constantFrom(65_535, 65_536, 65_537).map(size => new Uint8Array(size).fill(7)) },
)
const small = fc.uint8Array({ maxLength: 125 })
const lengthBits = fc.constantFrom(undefined, undefined, undefined, 16 as const, 64 as const)

const control = fc
  .record({ opcode: fc.constantFrom(opcodes.ping, opcodes.pong), payload: small, lengthBits })
  .map(({ opcode, payload, lengthBits }) => frame(opcode, payload, lengthBits ? { lengthBits } : {}))

/** A legal message in fragments, with control frames between them. */
const message = fc
  .record({
    opcode: fc.constantFrom(opcodes.text, opcodes.binary),
    rsv: fc.constantFrom(0, 0, 0, 4),
    parts: fc.array(fc.record({ payload, between: fc.array(control, { maxLength: 2 }) }), { minLength: 1, maxLength: 4 }),
  })
  .map(({ opcode, rsv, parts }) =>
    Buffer.concat(
      parts.flatMap(({ payload, between }, i) => [
        frame(i === 0 ? opcode : opcodes.continuation, payload, { fin: i === parts.length - 1, rsv: i === 0 ? rsv : 0 }),
        ...(i < parts.length - 1 ? between : []),
      ]),
    ),
  )

/** Any frame, of which most are illegal where they stand. */
const anyFrame = fc
  .record({
    opcode: fc.nat(15),
    payload,
    fin: fc.boolean(),
    rsv: fc.constantFrom(0, 0, 0, 0, 1, 2, 4, 7),
    mask: fc.constantFrom(true, true, true, true, false),
    lengthBits,
    announced: fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.bigInt(0n, 2n ** 64n - 1n) }),
  })
  .map(({ opcode, payload, lengthBits, announced, ...rest }) =>
    announced === undefined
      ? frame(opcode, payload, lengthBits && payload.length < 65_536 ? { ...rest, lengthBits } : rest)
      : frame(opcode, payload, { ...rest, announced, lengthBits: 64 }),
  )

const stream = fc
  .record({
    frames: fc.array(fc.oneof({ weight: 6, arbitrary: message }, { weight: 3, arbitrary: control }, { weight: 1, arbitrary: anyFrame }), {
      maxLength: 8,
    }),
    noise: fc.array(fc.record({ at: fc.nat(), bit: fc.nat(7) }), { maxLength: 1 }),
    isNoisy: fc.constantFrom(false, false, false, true),
    end: fc.oneof({ weight: 3, arbitrary: fc.constant(Number.POSITIVE_INFINITY) }, { weight: 1, arbitrary: fc.nat(70_000) }),
  })
  .map(({ frames, noise, isNoisy, end }) => {
    const bytes = Buffer.concat(frames).subarray(0, end)
    if (isNoisy && bytes.length > 0) for (const { at, bit } of noise) bytes[at % bytes.length]! ^= 1 << bit
    return bytes
  })

/** In which way each piece is taken, chosen by numbers that come again and again. */
class Choices {
  readonly #numbers: readonly number[]
  #at = 0

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers.length === 0 ? [0] : numbers
  }

  next(count: number): number {
    return this.#numbers[this.#at++ % this.#numbers.length]! % count
  }
}

/** Reads a stream with the real reader, which gets it chunk by chunk. `scanned` are the control frames that the scans have shown. */
function read(
  chunks: readonly Buffer[],
  allowsCompression: boolean,
  choices: Choices,
): Decoded & { scanned: string[]; unanswered: string[] } {
  const reader = new FrameReader(allowsCompression, choices.next(2) === 0)
  const frames: DecodedFrame[] = []
  const [scanned, unanswered]: [string[], string[]] = [[], []]
  let isViolated = false
  let open: Buffer[] | undefined
  let isOver = false
  const target = Buffer.alloc(64 * 1024)
  try {
    for (const chunk of chunks) {
      reader.push(chunk)
      if (!isOver && choices.next(3) === 0)
        reader.scan((opcode, payload) => scanned.push(`${opcode} ${payload.toString('latin1')}`), 1 + choices.next(100))
      if (choices.next(4) === 0) continue
      drain()
    }
    drain()
  } catch (error) {
    if (!(error instanceof Violation)) throw error
    isViolated = true
  }
  if (open !== undefined) endFrame(false)
  return { frames, isViolated, scanned, unanswered }

  function drain(): void {
    while (!isOver) {
      if (open === undefined) {
        const size = choices.next(2) === 0 ? reader.findWhole([0, 5, 200, 65_536][choices.next(4)]!) : -1
        if (size >= 0) {
          const payload = choices.next(2) === 0 ? reader.takeWholeBytes(size).toString('latin1') : copyWhole(size)
          frames.push({ opcode: reader.isText ? 1 : 2, final: true, compressed: false, payload, isWhole: true })
          continue
        }
        if (!reader.nextFrame()) return
        open = []
      }
      while (reader.inFrame && reader.unread > 0 && reader.remaining > 0) takeSome()
      if (reader.remaining === 0 && reader.inFrame) takeSome()
      if (reader.inFrame) return
      endFrame(true)
    }
  }

  function copyWhole(size: number): string {
    reader.takeWhole(target, size)
    const payload = target.toString('latin1', 0, size)
    expect(reader.tookAscii).toBe(/^[\0-\x7f]*$/.test(payload))
    return payload
  }

  function takeSome(): void {
    if (choices.next(2) === 0) {
      open!.push(reader.takeArrived())
      return
    }
    const [from, size] = [choices.next(8), 1 + choices.next(5_000)]
    const before = target.subarray(0, from).toString('hex')
    const count = reader.take(target, from, from + size)
    expect(count).toBeLessThanOrEqual(size)
    expect(target.subarray(0, from).toString('hex')).toBe(before)
    open!.push(Buffer.from(target.subarray(from, from + count)))
  }

  function endFrame(isWhole: boolean): void {
    const payload = Buffer.concat(open!).toString('latin1')
    const { opcode, final, compressed } = reader
    frames.push({ opcode, final, compressed, payload, isWhole })
    if (opcode >= opcodes.close && !reader.wasAnswered) unanswered.push(`${opcode} ${payload}`)
    isOver = opcode === opcodes.close
    open = undefined
  }
}

describe('the frame reader', () => {
  it('finds in any bytes, however they are cut, the frames and violations that a simple decoder finds', () => {
    fc.assert(
      fc.property(
        stream,
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        fc.boolean(),
        (bytes, cuts, numbers, deflates) => {
          const { frames, isViolated, scanned, unanswered } = read(cut(Buffer.from(bytes), cuts), deflates, new Choices(numbers))
          const expected = decode(Buffer.from(bytes), deflates)
          expect({ frames, isViolated }).toEqual(expected)

          // Each control frame is shown once: by a scan, or to the one who takes it.
          const isClose = (shown: string): boolean => shown.startsWith(`${opcodes.close} `)
          const controls = expected.frames
            .filter(({ opcode }) => opcode >= opcodes.close)
            .map(({ opcode, payload }) => `${opcode} ${payload}`)
          const shown = [...scanned, ...unanswered].filter(one => !isClose(one))
          if (!isViolated) expect(shown.sort()).toEqual(controls.filter(one => !isClose(one)).sort())
        },
      ),
      fuzz(1_500),
    )
  })

  it('reads a stream byte by byte as it reads it whole', () => {
    const short = stream.filter(bytes => bytes.length < 600)
    fc.assert(
      fc.property(short, fc.array(fc.nat(), { maxLength: 20 }), (bytes, numbers) => {
        const single = [...bytes].map(byte => Buffer.from([byte]))
        const { frames, isViolated } = read(single, false, new Choices(numbers))
        expect({ frames, isViolated }).toEqual(decode(Buffer.from(bytes), false))
      }),
      fuzz(500),
    )
  })
})
