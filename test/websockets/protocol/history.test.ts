import { describe, expect, it } from 'vitest'
import { History } from '../../../packages/websockets/src/protocol/deflate/history.ts'

function bytes(count: number, from: number): Buffer {
  return Buffer.from(Array.from({ length: count }, (_, i) => (from + i) & 0xff))
}

describe('the history of a compressed direction', () => {
  it('has nothing before the first message, and after it was cleared', () => {
    const history = new History(512)
    expect(history.last).toBeUndefined()
    history.add(Buffer.alloc(0))
    expect(history.last).toBeUndefined()
    history.add(bytes(10, 0))
    history.clear()
    expect(history.last).toBeUndefined()
  })

  it.each([1, 7, 100, 511, 512, 513, 640, 641, 1500, 5000])('keeps the last 512 bytes when parts of up to %i bytes come', most => {
    const history = new History(512)
    let all = Buffer.alloc(0)
    for (let i = 0; i < 200; i++) {
      const part = bytes(1 + ((i * 7919) % most), all.length)
      all = Buffer.concat([all, part])
      history.add(part)
      if (!history.last!.equals(all.subarray(-512))) expect.fail(`After part ${i} the history is wrong.`)
    }
  })

  it('takes memory for what came, and at most five quarters of its size', () => {
    const history = new History(32_768)
    history.add(bytes(600, 0))
    expect(history.last!.buffer.byteLength).toBeLessThan(1024)
    for (let i = 0; i < 100; i++) history.add(bytes(1000, i))
    expect(history.last!.buffer.byteLength).toBe(40_960)
  })

  it('keeps no memory of the application', () => {
    const history = new History(512)
    const part = bytes(1000, 0)
    history.add(part)
    part.fill(0)
    expect(history.last!.equals(bytes(1000, 0).subarray(-512))).toBe(true)
  })
})
