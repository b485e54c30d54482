import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import '@windhover/websockets'
import { expect, it } from 'vitest'
import { deferred } from '../support/deferred.ts'
import { type ListeningHost, startListening } from '../support/listening-host.ts'
import { handshakeBytes } from '../support/raw-handshake.ts'

const handshake = handshakeBytes({ path: '/ws', frames: 'first words' })

/** How many handlers have begun and ended; `allEnded` waits until these are the same. */
class Handlers {
  begun = 0
  ended = 0
  readonly messages = new Set<unknown>()
  #whenEnded: (() => void) | undefined

  async run(handler: () => Promise<void>): Promise<void> {
    this.begun++
    try {
      await handler()
    } finally {
      this.ended++
      if (this.ended === this.begun) this.#whenEnded?.()
    }
  }

  async allEnded(): Promise<void> {
    if (this.ended === this.begun) return
    await new Promise<void>(resolve => {
      this.#whenEnded = resolve
    })
  }
}

function start(handlers: Handlers): Promise<ListeningHost> {
  return startListening(app => {
    app.useWebSockets({ closeTimeout: 100 })
    app.map('/ws', branch => {
      branch.run(context =>
        handlers.run(async () => {
          for await (const message of await context.webSockets.acceptWebSocketAsync()) handlers.messages.add(message.data)
        }),
      )
    })
    app.run(({ response }) => response.writeAsync('alive'))
  })
}

const departures: { how: string; leave(socket: Socket): void }[] = [
  { how: 'is reset', leave: socket => socket.resetAndDestroy() },
  { how: 'is half-closed', leave: socket => socket.end() },
  { how: 'is closed', leave: socket => socket.destroy() },
]

// The attack: each byte of the handshake is once the last one that comes.
it.each(departures)('lives on when a connection $how at any byte of the handshake', async ({ leave }) => {
  const handlers = new Handlers()
  await using server = await start(handlers)
  for (let length = 0; length <= handshake.length; length++) {
    const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: false })
    socket.on('error', () => {}).resume()
    await once(socket, 'connect')
    if (length > 0) await new Promise<unknown>(resolve => socket.write(handshake.subarray(0, length), resolve))
    leave(socket)
    if (!socket.destroyed) await once(socket, 'close')
    expect(await (await fetch(`${server.url}/`)).text()).toBe('alive')
  }
  await handlers.allEnded()
  expect(handlers.begun).toBeGreaterThan(0)
  expect([...handlers.messages].filter(message => message !== 'first words')).toEqual([])
})

it('rejects the accept and disposes the scope when the connection is reset between the upgrade and the accept', async () => {
  const [arrived, outcome, disposed] = [deferred(), deferred<unknown>(), deferred()]
  await using server = await startListening(app => {
    app.useWebSockets()
    app.run(async context => {
      context.response.registerForDispose({ [Symbol.dispose]: () => disposed.resolve() })
      const { requestAborted } = context
      arrived.resolve()
      if (!requestAborted.aborted) await once(requestAborted, 'abort')
      outcome.resolve(await context.webSockets.acceptWebSocketAsync().catch((error: unknown) => error))
    })
  })
  const socket = connect(server.port, '127.0.0.1')
  socket.write(handshake)
  await arrived.promise
  socket.resetAndDestroy()
  expect(await outcome.promise).toBeInstanceOf(Error)
  await disposed.promise
})
