// WebSocket frames (RFC 6455 section 5.2): building any frame, also a wrong one, and reading those of the server.

import { constants, deflateRawSync, inflateRawSync } from 'node:zlib'
import { describePayload, parsePayload } from './payload.mjs'

const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 }
const names = Object.fromEntries(Object.entries(opcodes).map(([name, code]) => [code, name]))
const flushMarker = Buffer.from([0, 0, 0xff, 0xff])

/** Builds the frames of a client. Compressed payloads refer to the earlier ones when the step says `takeover`. */
export class FrameWriter {
  #history = Buffer.alloc(0)

  /**
   * `step.frame` is the opcode by name or number. `fin` and `mask` are true unless given; `length` overrides the announced
   * length; `lengthForm` (7, 16 or 64) overrides its encoding; `cut` keeps only the first bytes of the frame.
   */
  write(step) {
    const { fin = true, rsv1 = step.deflate !== undefined, rsv2 = false, rsv3 = false, mask = true } = step
    const payload = this.#payload(step)
    const opcode = opcodes[step.frame] ?? step.frame
    const first = (fin << 7) | (rsv1 << 6) | (rsv2 << 5) | (rsv3 << 4) | opcode
    const length = BigInt(step.length ?? payload.length)
    const form = step.lengthForm ?? (length < 126n ? 7 : length < 65536n ? 16 : 64)
    const head = Buffer.alloc({ 7: 2, 16: 4, 64: 10 }[form])
    head[0] = first
    head[1] = (mask << 7) | { 7: Number(length & 127n), 16: 126, 64: 127 }[form]
    if (form === 16) head.writeUInt16BE(Number(length), 2)
    if (form === 64) head.writeBigUInt64BE(length, 2)
    if (!mask) return Buffer.concat([head, payload]).subarray(0, step.cut)

    const key = Buffer.from(step.maskKey ?? '37fa213d', 'hex')
    const masked = payload.map((byte, i) => byte ^ key[i % 4])
    return Buffer.concat([head, key, masked]).subarray(0, step.cut)
  }

  #payload(step) {
    if (step.code !== undefined) {
      const code = Buffer.alloc(2)
      code.writeUInt16BE(step.code)
      return Buffer.concat([code, parsePayload(step)])
    }
    if (step.deflate === undefined) return parsePayload(step)

    const plain = parsePayload(step.deflate)
    const dictionary = step.takeover && this.#history.length > 0 ? this.#history : undefined
    const options = { windowBits: step.windowBits ?? 15, dictionary, finishFlush: constants.Z_SYNC_FLUSH }
    this.#history = Buffer.concat([this.#history, plain]).subarray(-32768)
    const deflated = deflateRawSync(plain, options).subarray(0, -4)
    const [from, to] = step.slice ?? [0]
    return deflated.subarray(from, to)
  }
}

/** Reads the frames of a server out of the bytes after the response head. */
export class FrameReader {
  #buffer = Buffer.alloc(0)
  #chunks = []
  #missing = 2
  #compressed = []
  #history = Buffer.alloc(0)
  #previous = Infinity

  /** The chunks of a long frame are joined once, when the last one has come. */
  push(bytes) {
    this.#chunks.push(bytes)
    this.#missing -= bytes.length
    if (this.#missing > 0) return []
    this.#buffer = Buffer.concat([this.#buffer, ...this.#chunks])
    this.#chunks = []
    const frames = []
    for (let frame = this.#next(); frame; frame = this.#next()) frames.push(frame)
    return frames
  }

  /** How many bytes have come that do not make a complete frame. */
  get rest() {
    return this.#chunks.reduce((sum, chunk) => sum + chunk.length, this.#buffer.length)
  }

  #next() {
    const buffer = this.#buffer
    if (!this.#has(2)) return
    const form = buffer[1] & 127
    const start = (form < 126 ? 2 : form === 126 ? 4 : 10) + (buffer[1] & 128 ? 4 : 0)
    if (!this.#has(start)) return
    const length = form < 126 ? form : form === 126 ? buffer.readUInt16BE(2) : Number(buffer.readBigUInt64BE(2))
    if (!this.#has(start + length)) return
    this.#buffer = buffer.subarray(start + length)
    return this.#describe(buffer[0], buffer[1], buffer.subarray(start, start + length))
  }

  #has(length) {
    this.#missing = length - this.#buffer.length
    return this.#missing <= 0
  }

  #describe(first, second, payload) {
    const opcode = first & 15
    const frame = { frame: names[opcode] ?? opcode }
    if (!(first & 128)) frame.fin = false
    if (first & 64) frame.rsv1 = true
    if (first & 48) frame.rsv23 = (first >> 4) & 3
    if (second & 128) frame.masked = true

    if (opcode === opcodes.close && payload.length >= 2) {
      frame.code = payload.readUInt16BE(0)
      frame.reason = describePayload(payload.subarray(2))
    } else if (opcode < 8 && (frame.rsv1 || this.#compressed.length > 0)) {
      this.#compressed.push(payload)
      if (first & 128) Object.assign(frame, this.#inflate())
    } else {
      frame.data = describePayload(payload)
    }
    return frame
  }

  /** What was compressed, and whether it took fewer bytes than the message before (the fruit of context takeover). */
  #inflate() {
    const deflated = Buffer.concat([...this.#compressed, flushMarker])
    const dictionary = this.#history.length > 0 ? this.#history : undefined
    this.#compressed = []
    const smaller = deflated.length < this.#previous
    const result = this.#previous === Infinity ? {} : { smaller }
    this.#previous = deflated.length
    try {
      const plain = inflateRawSync(deflated, { dictionary, finishFlush: constants.Z_SYNC_FLUSH })
      this.#history = Buffer.concat([this.#history, plain]).subarray(-32768)
      return { inflated: describePayload(plain), ...result }
    } catch {
      return { inflated: null, ...result }
    }
  }
}
