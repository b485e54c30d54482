import { constants, deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { History } from '../../../packages/websockets/src/protocol/deflate/history.ts'
import { PooledInflate } from '../../../packages/websockets/src/protocol/deflate/pooled-inflate.ts'

const size = 100_000
const message = deflateRawSync(Buffer.alloc(size, 'ab'), { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4)

describe('messages that are expanded in the thread pool', () => {
  it('get their turn behind any number that were closed while they waited', async () => {
    const left = Array.from({ length: 10_000 }, () => {
      const inflate = new PooledInflate(15, new History(2 ** 15), size)
      inflate.expand(message, true, () => expect.fail('It was closed.'))
      return inflate
    })
    const plain = new Promise<Buffer>(resolve => {
      new PooledInflate(15, new History(2 ** 15), size).expand(message, true, (_failure, bytes) => resolve(bytes))
    })
    const [running, waiting] = [left.slice(0, 10), left.slice(10)]
    for (const inflate of [...waiting, ...running]) inflate.close()
    expect((await plain).length).toBe(size)
  })
})
