import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { InvalidDataException, IOException, MultipartReader } from '@windhover/core'
import { describe, expect, it } from 'vitest'

const part = (name: string, body: string) => `--b\r\nX-Name: ${name}\r\n\r\n${body}\r\n`

describe('MultipartReader', () => {
  // The first case, because the first reader loads the parser, and waits for it.
  it('raises what went wrong with the body before its first byte was read', async () => {
    const body = new Readable({ read() {} })
    const reader = new MultipartReader('b', body)
    body.destroy(new Error('the body has failed'))
    await expect(reader.readNextSectionAsync()).rejects.toThrow('the body has failed')
  })

  it('gives the parts in order, each with its headers and its body', async () => {
    const reader = new MultipartReader('b', Readable.from([Buffer.from(`${part('1', 'one')}${part('2', '')}--b--`)]))
    const first = await reader.readNextSectionAsync()
    expect([first?.headers.get('x-name'), await text(first!.body)]).toEqual(['1', 'one'])
    const second = await reader.readNextSectionAsync()
    expect([second?.headers.get('x-name'), await text(second!.body)]).toEqual(['2', ''])
    expect(await reader.readNextSectionAsync()).toBeUndefined()
    expect(await reader.readNextSectionAsync()).toBeUndefined()
  })

  it.each([1000, 16_384, 65_536, 300_000])('reads large parts from chunks of %i bytes', async size => {
    const large = 'x'.repeat(200_000)
    const body = Buffer.from(`${part('1', large)}${part('2', large)}--b--\r\nepilogue${large}`)
    const chunks = function* () {
      for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size)
    }
    const lengths: number[] = []
    for await (const section of new MultipartReader('b', Readable.from(chunks(), { objectMode: false }))) {
      lengths.push((await text(section.body)).length)
    }
    expect(lengths).toEqual([200_000, 200_000])
  })

  it.each(Array.from({ length: 8 }, (_, seed) => seed + 1))('gives the same parts for random sizes and cuts, seed %i', async seed => {
    const random = randomNumbers(seed)
    const sizes = [0, 1, 1000, 16_383, 16_384, 65_536, 100_000]
    for (let run = 0; run < 25; run++) {
      const parts = Array.from({ length: random(5) }, () => (random(2) ? 'x' : '\r\n--').repeat(sizes[random(sizes.length)]!))
      const body = Buffer.from(`${parts.map((content, index) => part(String(index), content)).join('')}--b--${'e'.repeat(random(3))}`)
      const chunks = function* () {
        for (let at = 0, size: number; at < body.length; at += size) {
          size = 1 + random(70_000)
          yield body.subarray(at, at + size)
        }
      }
      const read: string[] = []
      for await (const section of new MultipartReader('b', Readable.from(chunks(), { objectMode: false })))
        read.push(await text(section.body))
      expect(read.map(content => content.length)).toEqual(parts.map(content => content.length))
      expect(read.every((content, index) => content === parts[index])).toBe(true)
    }
  })

  it.each([0, 1, 70_000])('skips what is not read of a part when %i bytes of it were', async count => {
    const large = 'x'.repeat(200_000)
    const pieces = Readable.from([Buffer.from(part('1', large)), Buffer.from(`${part('2', 'two')}--b--`)])
    const names: (string | null)[] = []
    for await (const section of new MultipartReader('b', pieces)) {
      names.push(section.headers.get('x-name'))
      let read = 0
      if (count > 0) {
        for await (const chunk of section.body) {
          read += chunk.length
          if (read >= count) break
        }
      }
    }
    expect(names).toEqual(['1', '2'])
  })

  it('reads no further than the parts are read', async () => {
    let pulled = 0
    const endless = Readable.from(
      (function* () {
        for (;;) yield Buffer.from(part(String(++pulled), 'x'))
      })(),
      { objectMode: true, highWaterMark: 1 },
    )
    const reader = new MultipartReader('b', endless)
    for (let i = 0; i < 3; i++) await reader.readNextSectionAsync()
    await new Promise(setImmediate)
    expect(pulled).toBeLessThan(10)
  })

  it('stops to read when its loop is left, and leaves the body alone', async () => {
    let pulled = 0
    const endless = Readable.from(
      (function* () {
        for (;;) yield Buffer.from(part(String(++pulled), 'x'))
      })(),
      { objectMode: true, highWaterMark: 1 },
    )
    for await (const section of new MultipartReader('b', endless)) if (section.headers.get('x-name') === '2') break
    const before = pulled
    await new Promise(setImmediate)
    expect(pulled - before).toBeLessThan(3)
    expect(endless.destroyed).toBe(false)
  })

  it('hands the error of a part beyond its limit to whoever reads its body', async () => {
    const reader = new MultipartReader('b', Readable.from([Buffer.from(`${part('1', '12345')}--b--`)]), { bodyLengthLimit: 4 })
    const section = await reader.readNextSectionAsync()
    await expect(text(section!.body)).rejects.toBeInstanceOf(InvalidDataException)
  })

  it.each([
    ['in its headers', `${part('1', 'x')}--b\r\nX-Name`],
    ['in its body', `${part('1', 'x')}--b\r\nX-Name: 2\r\n\r\nx`],
  ])('raises an io error when the body ends in a part, %s', async (_where, body) => {
    const reader = new MultipartReader('b', Readable.from([Buffer.from(body)]))
    const read = async (): Promise<void> => {
      for await (const section of reader) await text(section.body)
    }
    await expect(read()).rejects.toBeInstanceOf(IOException)
  })
})

/** Whole numbers below a limit, the same for the same seed. */
function randomNumbers(seed: number): (limit: number) => number {
  let state = seed
  return limit => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
    return (state >> 8) % limit
  }
}
