import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Accepted, AcceptingHost } from '../support/accepting-host.ts'
import { frame } from '../support/peer.ts'

let host: AcceptingHost
beforeAll(async () => {
  host = await AcceptingHost.startAsync({ options: { closeTimeout: 300 } })
})
afterAll(() => host[Symbol.asyncDispose]())

/** Holds the processor, as a handler does that computes. */
function compute(milliseconds: number): void {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}

/** Counts the turns of the event loop until `stop`; `most` is the largest number of steps that were taken within one. */
class Turns {
  count = 0
  most = 0
  #steps = 0
  #isStopped = false

  constructor() {
    setImmediate(() => this.#turn())
  }

  step(): void {
    this.#steps++
  }

  stop(): void {
    this.#isStopped = true
  }

  #turn(): void {
    this.count++
    this.most = Math.max(this.most, this.#steps)
    this.#steps = 0
    if (!this.#isStopped) setImmediate(() => this.#turn())
  }
}

describe('a turn of the event loop', () => {
  it('has at most 128 messages of one socket', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.send(Buffer.concat(Array.from({ length: 9000 }, () => frame('binary'))), frame('ping'))
    await peer.seeAsync()
    const turns = new Turns()
    const buffer = new Uint8Array(8)
    for (let count = 0; count < 9000; count++) {
      await socket.receiveAsync(buffer)
      turns.step()
    }
    turns.stop()
    expect(turns.most).toBeLessThanOrEqual(129)
    expect(turns.count).toBeGreaterThan(60)
    end()
  })

  it('ends earlier for a handler that takes its time for each message', async () => {
    const { socket, peer, end } = await host.acceptAsync()
    peer.send(...Array.from({ length: 200 }, () => frame('text', 'x')), frame('ping'))
    await peer.seeAsync()
    const turns = new Turns()
    for (let count = 0; count < 200; count++) {
      await socket.receiveMessageAsync()
      turns.step()
      compute(0.3)
    }
    turns.stop()
    expect(turns.most).toBeLessThanOrEqual(16)
    end()
  })

  it.each([
    [30, 200_000],
    [100_000, 2_000],
  ])('ends for a loop that only sends messages of %i bytes', async (size, most) => {
    const { socket, peer, end } = await host.acceptAsync()
    const data = Buffer.alloc(size)
    const turns = new Turns()
    for (let sent = 0; sent < most && turns.count <= 3; sent++) await socket.sendAsync(data)
    turns.stop()
    expect(turns.count).toBeGreaterThan(3)
    peer.destroy()
    end()
  })
})

describe('a frame that is alone in its tick', () => {
  it('is on its way before its promise resolves: the handler may compute then', async () => {
    const { socket, end, arrival } = await acceptFromThread()
    await new Promise(setImmediate)
    await socket.sendAsync('now')
    const sent = Date.now()
    compute(300)
    expect((await arrival) - sent).toBeLessThan(200)
    end()
  })

  it('is not held back by a handler that computes between many sends', async () => {
    const { socket, end, arrival } = await acceptFromThread()
    await new Promise(setImmediate)
    for (let count = 0; count < 5; count++) {
      await socket.sendAsync('now')
      compute(60)
    }
    const over = Date.now()
    expect(over - (await arrival)).toBeGreaterThan(200)
    end()
  })
})

/** A peer in a thread of its own, which sees bytes arrive while this thread computes: `arrival` is when the first frame came. */
async function acceptFromThread(): Promise<Omit<Accepted, 'peer'> & { readonly arrival: Promise<number> }> {
  const accepted = host.nextAccepted()
  const worker = new Worker(`(${listenForFrame})(${host.port})`, { eval: true })
  const arrival = new Promise<number>(resolve => worker.once('message', resolve))
  const { end, ...rest } = await accepted
  return {
    ...rest,
    arrival,
    end: () => {
      end()
      void worker.terminate()
    },
  }
}

/** Runs in the thread: everything behind the head of the answer is a frame. */
function listenForFrame(port: number): void {
  const { connect } = require('node:net')
  const { parentPort } = require('node:worker_threads')
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.write(
    'GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk
    if (/\r\n\r\n./s.test(text)) parentPort.postMessage(Date.now())
  })
}
