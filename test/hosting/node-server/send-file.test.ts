import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ArgumentOutOfRangeException, IOException, type RequestDelegate } from '@windhover/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { get, RunningServer } from './running-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'windhover-'))
const path = join(folder, 'digits.txt')
beforeAll(() => writeFileSync(path, '0123456789'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Status, headers without the Date, and body of the answer that a delegate gives. */
async function answerOf(handle: RequestDelegate, request: string = get('/')): Promise<string> {
  await using server = await RunningServer.startAsync(handle)
  return (await server.exchangeAsync(request)).replace(/Date: [^\r]+\r\n/, '')
}

describe('sending a file', () => {
  it.each([
    ['all of it', undefined, undefined, '0123456789'],
    ['a part', 2, 3, '234'],
    ['what is behind an offset', 7, undefined, '789'],
    ['nothing', 10, undefined, ''],
  ])('sends %s', async (_, offset, count, body) => {
    const answer = await answerOf(async ({ response }) => {
      response.contentLength = body.length
      await response.sendFileAsync(path, offset, count)
    })
    expect(answer).toBe(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`)
  })

  it('sends it chunked when no length was set', async () => {
    expect(await answerOf(({ response }) => response.sendFileAsync(path))).toContain('\r\na\r\n0123456789\r\n0\r\n\r\n')
  })

  it('sends no byte of it for HEAD', async () => {
    const answer = await answerOf(async ({ response }) => {
      response.contentLength = 10
      await response.sendFileAsync(path)
    }, 'HEAD / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')
    expect(answer).toBe('HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\n')
  })

  it.each([
    [11, undefined],
    [-1, undefined],
    [0, 11],
    [0, -1],
  ])('refuses a range outside the file: %i, %s', async (offset, count) => {
    const answer = await answerOf(async ({ response }) => {
      await expect(response.sendFileAsync(path, offset, count)).rejects.toThrow(ArgumentOutOfRangeException)
      await response.writeAsync(`started=${response.hasStarted}`)
    })
    expect(answer).toContain('started=false')
  })

  it('stops at its signal', async () => {
    const answer = await answerOf(async ({ response }) => {
      await expect(response.sendFileAsync(path, 0, undefined, AbortSignal.abort())).rejects.toThrow('aborted')
      await response.writeAsync('stopped')
    })
    expect(answer).toContain('stopped')
  })

  it('raises what opening the file raises', async () => {
    const answer = await answerOf(async ({ response }) => {
      await expect(response.sendFileAsync(join(folder, 'missing'))).rejects.toMatchObject({ code: 'ENOENT' })
      await response.writeAsync('raised')
    })
    expect(answer).toContain('raised')
  })

  it('ends the response in the middle when the file becomes shorter', async () => {
    const shrinking = join(folder, 'shrinking.bin')
    writeFileSync(shrinking, Buffer.alloc(20_000_000, 'x'))
    await using server = await RunningServer.startAsync(({ response }) => response.sendFileAsync(shrinking))
    const client = await server.connectAsync()
    client.send(get('/'))
    await client.untilAsync('xxx')
    client.socket.pause()
    truncateSync(shrinking, 1_000)
    client.socket.resume()
    const answer = await client.restAsync()
    expect(answer).not.toMatch(/\r\n0\r\n\r\n$/)
    expect(server.application.outcomes).toEqual([expect.any(IOException)])
  })

  it('sends a large one to a client that pauses, whole', async () => {
    const large = join(folder, 'large.bin')
    writeFileSync(large, Buffer.alloc(20_000_000, 'x'))
    await using server = await RunningServer.startAsync(({ response }) => response.sendFileAsync(large))
    const client = await server.connectAsync()
    client.socket.pause()
    client.send(get('/'))
    for (let i = 0; i < 50; i++) await new Promise(setImmediate)
    client.socket.resume()
    const answer = await client.restAsync()
    expect(answer.match(/x/g)).toHaveLength(20_000_000)
    expect(answer).toMatch(/\r\n0\r\n\r\n$/)
  })
})
