import type { WebSocket } from '@windhover/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binary, close, continuation, deflated, frame, ping, pong, text } from '../conformance/support/frames.ts'
import { deferred } from '../support/deferred.ts'
import { fuzz } from './support/fuzz.ts'
import type { Peer } from './support/peer.ts'
import { scale, turns, until } from './support/scale.ts'
import { attackTable } from './support/target.ts'

/** What a handler does with its socket, without waiting for the end of it. */
const operations = {
  'receive a message': socket => socket.receiveMessageAsync(),
  'receive a frame': socket => socket.receiveAsync(new Uint8Array(16)),
  'take the next of an iterator': socket => socket.messages().next(),
  'send text': socket => socket.sendAsync('text'),
  'send much': socket => socket.sendAsync(new Uint8Array(200_000)),
  'send a part': socket => socket.sendAsync('part', 'text', false),
  'send with a signal that fires': socket => socket.sendAsync('signal', 'text', true, AbortSignal.timeout(1)),
  'receive with a signal that fires': socket => socket.receiveMessageAsync(AbortSignal.timeout(1)),
  close: socket => socket.closeAsync(4_000, 'server'),
  'close the output': socket => socket.closeOutputAsync(4_001, 'server'),
  abort: async socket => socket.abort(),
  dispose: async socket => socket[Symbol.dispose](),
} satisfies Record<string, (socket: WebSocket) => Promise<unknown>>

const part = { fin: false }
const peerOperations = {
  'send text': peer => peer.send(text('hello')),
  'send much': peer => peer.send(binary(Buffer.alloc(100_000))),
  'begin a message': peer => peer.send(text('begin', part)),
  'go on with a message': peer => peer.send(continuation('on', part)),
  'end a message': peer => peer.send(continuation('end')),
  'send compressed text': peer => peer.send(text(deflated('compressed'), { rsv: 4 })),
  ping: peer => peer.send(ping('ping')),
  pong: peer => peer.send(pong()),
  close: peer => peer.send(close(3_000, 'peer')),
  'close without a code': peer => peer.send(close()),
  'close with a bad code': peer => peer.send(close(1_005)),
  'break the protocol': peer => peer.send(frame(3)),
  'send half a frame': peer => peer.send(text('half a frame').subarray(0, 9)),
  'send bad UTF-8': peer => peer.send(text(Buffer.from([0xff]))),
  'stop reading': peer => peer.connection.pause(),
  'read on': peer => peer.connection.resume(),
  end: peer => peer.end(),
  reset: peer => peer.reset(),
} satisfies Record<string, (peer: Peer) => unknown>

type Step =
  | { by: 'server'; does: keyof typeof operations; awaits: boolean; wait: number }
  | { by: 'peer'; does: keyof typeof peerOperations; wait: number }

const wait = fc.constantFrom(0, 0, 1, 2, 5)
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    by: fc.constant('server' as const),
    does: fc.constantFrom(...(Object.keys(operations) as (keyof typeof operations)[])),
    awaits: fc.constantFrom(false, false, true),
    wait,
  }),
  fc.record({
    by: fc.constant('peer' as const),
    does: fc.constantFrom(...(Object.keys(peerOperations) as (keyof typeof peerOperations)[])),
    wait,
  }),
)

/** RFC 6455 section 7 and System.Net.WebSockets: where a state may lead in one or more steps. */
const after: Record<string, readonly string[]> = {
  open: ['close-sent', 'close-received', 'closed', 'aborted'],
  'close-sent': ['closed', 'aborted'],
  'close-received': ['closed', 'aborted'],
  closed: [],
  aborted: [],
}
/** What either side of the scripts, the middleware or the engine may close with. */
const serverCodes = [1000, 1002, 1007, 1005, 3000, 4000, 4001]

/** The socket of one run, watched by whoever looks at it. */
class Watched {
  readonly socket: WebSocket
  readonly pending = new Map<number, string>()
  #state: string
  #closeStatus: number | undefined
  #started = 0

  constructor(socket: WebSocket) {
    this.socket = socket
    this.#state = socket.state
  }

  /** The state has moved forward or not at all, and what the peer closed with stays what it is. */
  look(): void {
    const { state, closeStatus } = this.socket
    if (state !== this.#state && !after[this.#state]!.includes(state)) throw new Error(`The state went from ${this.#state} to ${state}.`)
    if (this.#closeStatus !== undefined && closeStatus !== this.#closeStatus)
      throw new Error(`The close status went from ${this.#closeStatus} to ${closeStatus}.`)
    if (closeStatus !== undefined && ![3_000, 1_005].includes(closeStatus)) throw new Error(`The peer did not close with ${closeStatus}.`)
    this.#state = state
    this.#closeStatus = closeStatus
  }

  start(name: keyof typeof operations): Promise<unknown> {
    const number = this.#started++
    this.pending.set(number, name)
    const settled = (): void => {
      this.pending.delete(number)
      this.look()
    }
    let promise: Promise<unknown>
    try {
      promise = operations[name](this.socket)
    } catch (error) {
      promise = Promise.reject(error)
    }
    this.look()
    return promise.then(settled, settled)
  }
}

describe('the socket', () => {
  let handle: (socket: WebSocket) => Promise<void>
  const target = attackTable(
    app => {
      app.run(async ({ webSockets }) => handle(await webSockets.acceptWebSocketAsync({ dangerousEnableCompression: true })))
    },
    { webSockets: { closeTimeout: 30, keepAliveInterval: 0 } },
  )

  it('whatever both peers do: no promise is left pending, the state moves only forward, and close codes agree', {
    timeout: scale(120_000, 600_000),
  }, async () => {
    await target().strikeAsync(() =>
      fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 14 }), fc.boolean(), async (steps, compresses) => {
          const accepted = deferred<Watched>()
          const scriptEnds = deferred()
          handle = async socket => {
            const watched = new Watched(socket)
            accepted.resolve(watched)
            await scriptEnds.promise
            // The middleware finishes what is left open, with pending operations as with none.
          }
          const peer = target().connect()
          await peer.upgradeAsync({ headers: compresses ? ['Sec-WebSocket-Extensions: permessage-deflate'] : [] })
          const watched = await accepted.promise
          const started: Promise<unknown>[] = []
          for (const one of steps) {
            if (one.by === 'peer') {
              if (!peer.connection.destroyed) peerOperations[one.does](peer)
            } else {
              const operation = watched.start(one.does)
              started.push(operation)
              if (one.awaits) await Promise.race([operation, turns(10)])
            }
            await turns(one.wait)
            watched.look()
          }
          scriptEnds.resolve()
          // A peer that does not read would hold the end back for as long as closeTimeout.
          peer.connection.resume()
          let isSettled = false
          const settled = Promise.all(started).then(() => {
            isSettled = true
          })
          for (const end = performance.now() + 5_000; !isSettled && performance.now() < end; ) await turns(1)
          expect([...watched.pending.values()]).toEqual([])
          await settled
          await until('the connection ends', () => peer.hasEnded, 5_000)
          await until('the request ends', () => target().running === 0, 5_000)
          await checkFramesAsync(peer, steps)
          watched.look()
          expect(['closed', 'aborted']).toContain(watched.socket.state)
        }),
        fuzz(400),
      ),
    )
  })

  /** One close frame at most, with a code that somebody had reason to send, and nothing behind it but pongs. */
  async function checkFramesAsync(peer: Peer, steps: readonly Step[]): Promise<void> {
    const closes: number[] = []
    for (;;) {
      const received = await peer.frameAsync()
      if (received === undefined) break
      // A ping is owed its pong until the peer has closed as well (RFC 6455 section 5.5.2).
      if (closes.length > 0) expect(received.opcode).toBe(10)
      if (received.opcode === 8) closes.push(received.payload.length === 0 ? 1005 : received.payload.readUInt16BE(0))
    }
    for (const code of closes) expect(serverCodes).toContain(code)
    const broke = steps.some(({ by, does }) => by === 'peer' && !/^(?:ping|pong|close|stop reading|read on|end|reset)$/.test(does))
    if (!broke) expect(closes.filter(code => code === 1002 || code === 1007)).toEqual([])
    peer.destroy()
  }
})
