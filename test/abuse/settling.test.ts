import { once } from 'node:events'
import type { HttpContext, WebSocket } from '@windhover/core'
import { describe, expect, it } from 'vitest'
import { close, deflated, frame, opcodes, text } from '../conformance/support/frames.ts'
import { deferred } from '../support/deferred.ts'
import { handshakeBytes } from '../support/raw-handshake.ts'
import type { Peer } from './support/peer.ts'
import { scale, turns, until } from './support/scale.ts'
import { Target } from './support/target.ts'

interface Operation {
  name: string
  start(socket: WebSocket): Promise<unknown>
  /** The peer's window must be full first, so that the operation has to wait. */
  blocked?: boolean
  compressed?: boolean
}

interface Ending {
  name: string
  end(scene: { socket: WebSocket; context: HttpContext; peer: Peer }): void
}

const large = new Uint8Array(256 * 1024)

function behindLarge(socket: WebSocket, next: () => Promise<unknown>): Promise<unknown> {
  void socket.sendAsync(large)
  return next()
}

const operations: Operation[] = [
  { name: 'receiveAsync', start: socket => socket.receiveAsync(new Uint8Array(16)) },
  { name: 'receiveMessageAsync', start: socket => socket.receiveMessageAsync() },
  { name: 'a message iterator', start: socket => socket.messages().next() },
  { name: 'sendAsync of text', start: socket => socket.sendAsync('text'), blocked: true },
  { name: 'sendAsync of memory that is not copied', start: socket => socket.sendAsync(large), blocked: true },
  { name: 'sendAsync with a signal', start: socket => socket.sendAsync('text', 'text', true, new AbortController().signal), blocked: true },
  { name: 'sendAsync of what is being compressed', start: socket => socket.sendAsync(large), compressed: true },
  {
    name: 'sendAsync behind what is being compressed',
    start: socket => behindLarge(socket, () => socket.sendAsync('b')),
    compressed: true,
  },
  { name: 'closeAsync', start: socket => socket.closeAsync() },
  { name: 'closeAsync behind a full window', start: socket => socket.closeAsync(), blocked: true },
  { name: 'closeOutputAsync behind a full window', start: socket => socket.closeOutputAsync(), blocked: true },
  {
    name: 'closeAsync behind what is being compressed',
    start: socket => behindLarge(socket, () => socket.closeAsync()),
    compressed: true,
  },
]

const endings: Ending[] = [
  { name: 'abort()', end: ({ socket }) => socket.abort() },
  { name: 'disposal', end: ({ socket }) => socket[Symbol.dispose]() },
  { name: 'context.abort()', end: ({ context }) => context.abort() },
  { name: 'the FIN of the peer', end: ({ peer }) => peer.end() },
  { name: 'the RST of the peer', end: ({ peer }) => peer.reset() },
  { name: 'a close frame and a FIN', end: ({ peer }) => peer.send(close(1000)).end() },
  { name: 'a FIN inside a frame', end: ({ peer }) => peer.send(text('cut off').subarray(0, 9)).end() },
  { name: 'a FIN inside a header', end: ({ peer }) => peer.send(text('cut off').subarray(0, 3)).end() },
  { name: 'a violation', end: ({ peer }) => peer.send(frame(3)) },
]

describe('every pending promise settles', () => {
  it.each(operations.flatMap(operation => endings.map(ending => ({ operation, ending }))))(
    '$operation.name at $ending.name',
    async ({ operation, ending }) => {
      const settled = deferred()
      const scenes: { socket: WebSocket; context: HttpContext }[] = []
      const started = deferred()
      await using target = await Target.startAsync(
        app => {
          app.run(async context => {
            const socket = await context.webSockets.acceptWebSocketAsync({ dangerousEnableCompression: operation.compressed === true })
            scenes.push({ socket, context })
            if (operation.blocked) await fillWindowAsync(socket)
            const pending = operation.start(socket)
            started.resolve()
            await pending.then(
              () => {},
              () => {},
            )
            settled.resolve()
            // Nobody else ends a socket that lives on: not every ending is one for every operation.
            socket.abort()
          })
        },
        { webSockets: { closeTimeout: 100 } },
      )
      const peer = await target.connectTcpAsync()
      await peer.upgradeAsync(operation.compressed ? { headers: ['Sec-WebSocket-Extensions: permessage-deflate'] } : {})
      if (operation.blocked) peer.connection.pause()
      await started.promise
      ending.end({ ...scenes[0]!, peer })
      if (operation.blocked) {
        // A peer that has said its last word reads on: what fits is sent.
        await turns(3)
        if (!peer.connection.destroyed) peer.connection.resume()
      }
      await settled.promise
    },
  )

  /** Sends until the peer's window is full and the server's own buffers are. */
  async function fillWindowAsync(socket: WebSocket): Promise<void> {
    for (;;) {
      let isSent = false
      void socket.sendAsync('x'.repeat(16 * 1024)).then(
        () => (isSent = true),
        () => (isSent = true),
      )
      await turns(2)
      if (!isSent) return
    }
  }
})

describe('a peer that has gone', () => {
  it('leaves no timer behind when the handler closes afterwards', async () => {
    const codes = new Set<string>()
    await using target = await Target.startAsync(app => {
      app.run(async context => {
        const socket = await context.webSockets.acceptWebSocketAsync()
        await once(context.requestAborted, 'abort')
        // Not by `expect`, which keeps every promise that it was given.
        await socket.closeAsync().then(
          () => codes.add('closed'),
          error => codes.add(error.code),
        )
      })
    })
    await target.attackAsync(async () => {
      for (let i = 0; i < scale(50, 1_000); i++) {
        const peer = await target.connectTcpAsync()
        await peer.upgradeAsync()
        peer.leave()
      }
    })
    expect([...codes]).toEqual(['WINDHOVER_ERR_WEBSOCKET_CLOSED_PREMATURELY'])
  })

  it('has sent what the handler still receives, compressed or not', async () => {
    const messages = ['a', 'b', 'c']
    for (const compressed of [false, true]) {
      const received = deferred<unknown[]>()
      const arrived = deferred()
      await using target = await Target.startAsync(app => {
        app.run(async context => {
          const socket = await context.webSockets.acceptWebSocketAsync({ dangerousEnableCompression: compressed })
          await arrived.promise
          const all: unknown[] = []
          for await (const message of socket) all.push(message.data)
          received.resolve(all)
        })
      })
      const peer = target.connect()
      await peer.upgradeAsync({ headers: ['Sec-WebSocket-Extensions: permessage-deflate'] })
      peer.send(...messages.map(message => (compressed ? frame(opcodes.text, deflated(message), { rsv: 4 }) : text(message)))).end()
      await turns(10)
      arrived.resolve()
      expect(await received.promise).toEqual(messages)
    }
  })
})

it.each([
  ['disposed', 'closed', (socket: WebSocket) => socket[Symbol.dispose](), frame(3)],
  ['aborted', 'aborted', (socket: WebSocket) => socket.abort(), close(1005)],
] as const)('a socket that was %s stays %s when it finds out that the peer has broken the protocol', async (_, state, end, bytes) => {
  const sockets: WebSocket[] = []
  await using target = await Target.startAsync(app => {
    app.run(async context => {
      const socket = await context.webSockets.acceptWebSocketAsync()
      sockets.push(socket)
      await turns(6)
      end(socket)
      expect(socket.state).toBe(state)
    })
  })
  const peer = await target.connect().upgradeAsync()
  peer.send(bytes)
  await peer.endedAsync()
  await until('the request ends', () => target.running === 0)
  expect(sockets[0]!.state).toBe(state)
})

describe('what is being expanded when the connection ends holds nobody up', () => {
  const bytes = Buffer.concat([frame(opcodes.text, deflated('x'.repeat(10_000)), { rsv: 4 }), close(1000)])

  it.each<[string, (socket: WebSocket) => unknown]>([
    ['disposed', socket => socket[Symbol.dispose]()],
    ['closed', socket => void socket.closeAsync()],
    ['left open', () => {}],
  ])('when the socket was %s', async (_, use) => {
    await using target = await Target.startAsync(
      app => {
        app.run(async context => void use(await context.webSockets.acceptWebSocketAsync({ dangerousEnableCompression: true })))
      },
      { webSockets: { keepAliveInterval: 0 } },
    )
    await target.attackAsync(async () => {
      for (let i = 0; i < scale(60, 2_000); i++) {
        const peer = target.connect()
        peer.send(handshakeBytes({ headers: ['Sec-WebSocket-Extensions: permessage-deflate'] }), ...(i % 2 === 0 ? [bytes] : []))
        await turns(i % 5)
        peer.send(i % 2 === 0 ? '' : bytes)
        await turns(i % 3)
        if (i % 4 < 2) peer.end()
        await peer.endedAsync()
        await until('the request ends', () => target.running === 0)
      }
    })
  })
})

it('gives a peer that does not answer no more than closeTimeout when the handler leaves a close behind a send that could not leave yet', async () => {
  await using target = await Target.startAsync(
    app => {
      app.run(async context => {
        const socket = await context.webSockets.acceptWebSocketAsync({ dangerousEnableCompression: true })
        void socket.sendAsync('is being compressed')
        void socket.closeAsync()
      })
    },
    { webSockets: { closeTimeout: 50, keepAliveInterval: 0 } },
  )
  const peer = await target.connect().upgradeAsync({ headers: ['Sec-WebSocket-Extensions: permessage-deflate'] })
  expect(await peer.closeCodeAsync()).toBe(1000)
  await peer.endedAsync()
})

it('waits for the peer for as long as it takes when closeTimeout is Infinity', async () => {
  const closed = deferred<string>()
  await using target = await Target.startAsync(
    app => {
      app.run(async context => {
        const socket = await context.webSockets.acceptWebSocketAsync()
        closed.resolve(await socket.closeAsync().then(() => socket.state))
      })
    },
    { webSockets: { closeTimeout: Number.POSITIVE_INFINITY } },
  )
  const peer = await target.connect().upgradeAsync()
  expect(await peer.closeCodeAsync()).toBe(1000)
  await turns(200)
  peer.send(close(1000))
  expect(await closed.promise).toBe('closed')
})
