import { ServerAddressesFeature } from '@windhover/core'
import { WebHost } from '@windhover/hosting'
import { describe, expect, it } from 'vitest'
import { AcceptingHost } from '../support/accepting-host.ts'
import { type HandshakeContext, probeAsync } from '../support/handshake-context.ts'
import { headersOf, Peer, statusOf } from '../support/peer.ts'

const offered = { 'Sec-WebSocket-Protocol': 'alpha, bravo' }

/** What accepting gives: the headers of the 101, or the name of the error. */
async function accept(context: HandshakeContext, subProtocol?: string): Promise<unknown> {
  try {
    const socket = await context.webSockets.acceptWebSocketAsync({ subProtocol })
    socket.abort()
    return Object.fromEntries(context.response.headers)
  } catch (error) {
    return [(error as Error).name, Object.fromEntries(context.response.headers)]
  }
}

const answer = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Accept': 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=' }

describe('acceptWebSocketAsync', () => {
  it('1.5 step 3: answers with the three headers of RFC 6455 section 4.2.2', async () => {
    expect(await probeAsync({}, context => accept(context))).toEqual(answer)
  })

  it('1.5 step 6: switches the time limit of the request off', async () => {
    const isDisabled = await probeAsync({}, async context => {
      await accept(context)
      return context.timeoutIsDisabled
    })
    expect(isDisabled).toBe(true)
  })

  it('1.5 step 1: rejects with invalid-operation for a request that is no handshake', async () => {
    expect(await probeAsync({ headers: { Upgrade: null } }, context => accept(context))).toEqual(['InvalidOperationException', {}])
  })

  it('WA-1: answers with a sub-protocol that the client offered', async () => {
    expect(await probeAsync({ headers: offered }, context => accept(context, 'bravo'))).toEqual({
      ...answer,
      'Sec-WebSocket-Protocol': 'bravo',
    })
  })

  it('WA-2: answers with none unless asked', async () => {
    expect(await probeAsync({ headers: offered }, context => accept(context))).toEqual(answer)
  })

  it.each([
    ['one that was not offered', 'charlie'],
    ['one in other case', 'Bravo'],
    ['an empty one', ''],
    ['a blank one', ' '],
    ['one with a separator', 'alpha,bravo'],
    ['one with a slash', 'a/b'],
    ['one with a line break', 'alpha\r\nX: y'],
    ['one beyond ASCII', 'älpha'],
    ['a number', 5 as unknown as string],
  ])('WA-1, WA-3 (deviation): rejects with an argument error before the 101 for %s', async (_, subProtocol) => {
    const seen = await probeAsync({ headers: offered }, async context => [await accept(context, subProtocol), context.upgrades])
    expect(seen).toEqual([['ArgumentException', {}], 0])
  })

  it('1.5: replaces the headers of the handshake that the application has set, and keeps its other ones', async () => {
    const seen = await probeAsync({}, context => {
      const { headers } = context.response
      headers.set('Connection', 'close')
      headers.set('Upgrade', 'h2c')
      headers.set('Sec-WebSocket-Accept', 'forged')
      headers.set('X-Own', 'kept')
      return accept(context)
    })
    expect(seen).toEqual({ ...answer, 'X-Own': 'kept' })
  })

  it('deviation: drops a Content-Length that was set before', async () => {
    const seen = await probeAsync({}, context => {
      context.response.headers.set('Content-Length', '5')
      return accept(context)
    })
    expect(seen).toEqual(answer)
  })

  it('deviation: leaves no header behind when the server refuses, and can be tried again', async () => {
    const seen = await probeAsync({ headers: { ...offered, 'Sec-WebSocket-Extensions': 'permessage-deflate' } }, async context => {
      context.response.headers.set('Content-Length', '5')
      context.response.headers.set('Connection', 'keep-alive')
      context.upgradeError = new RangeError('too many')
      const first = await accept(context, 'alpha')
      context.upgradeError = undefined
      return [first, await accept(context, 'alpha')]
    })
    expect(seen).toEqual([
      ['RangeError', { 'Content-Length': '5', Connection: 'keep-alive' }],
      { ...answer, 'Sec-WebSocket-Protocol': 'alpha' },
    ])
  })

  it('WA-5: rejects with invalid-operation the second time, also while the first is under way; the first socket stays', async () => {
    const seen = await probeAsync({}, async context => {
      const [first, second] = await Promise.allSettled([
        context.webSockets.acceptWebSocketAsync(),
        context.webSockets.acceptWebSocketAsync(),
      ])
      const third = await context.webSockets.acceptWebSocketAsync().catch(error => error.code)
      const socket = (first as PromiseFulfilledResult<{ state: string; abort(): void }>).value
      const { state } = socket
      socket.abort()
      return [state, (second as PromiseRejectedResult).reason.code, third, context.upgrades]
    })
    expect(seen).toEqual(['open', 'WINDHOVER_ERR_WEBSOCKET_ACCEPTED_TWICE', 'WINDHOVER_ERR_WEBSOCKET_ACCEPTED_TWICE', 1])
  })

  it('1.6: takes a sub-protocol, a context, null or nothing', async () => {
    for (const argument of ['alpha', { subProtocol: 'alpha' }, null, undefined, { receiveBufferSize: 5 }])
      expect(
        await probeAsync({ headers: offered }, async context => {
          const socket = await context.webSockets.acceptWebSocketAsync(argument as never)
          socket.abort()
          return socket.subProtocol
        }),
      ).toBe(typeof argument === 'string' || (argument && 'subProtocol' in argument) ? 'alpha' : undefined)
  })
})

describe('acceptWebSocketAsync over TCP', () => {
  it('WA-4: sends the headers and cookies that were set before, and runs onStarting', async () => {
    await using host = await AcceptingHost.startAsync({
      before: app => {
        app.use(async (context, next) => {
          context.response.headers.set('X-Early', 'yes')
          context.response.cookies.append('id', '7')
          context.response.onStarting(() => context.response.headers.set('X-Status', context.response.statusCode))
          await next()
        })
      },
    })
    const peer = await host.connectAsync()
    const head = await peer.handshakeAsync()
    expect(statusOf(head)).toBe(101)
    expect(headersOf(head)).toMatchObject({ 'x-early': 'yes', 'set-cookie': 'id=7; path=/', 'x-status': '101' })
    expect(headersOf(head)).not.toHaveProperty('content-length')
  })

  it('WA-5, WA-7: refuses to accept once the response has started, and changes of the response once it is accepted', async () => {
    const errors: unknown[] = []
    await using host = await AcceptingHost.startAsync({
      before: app =>
        app.use(async (context, next) => {
          if (context.request.path === '/started') {
            await context.response.writeAsync('x')
            errors.push(await context.webSockets.acceptWebSocketAsync().catch(error => error.code))
            return
          }
          await next()
        }),
    })
    const { context, end } = await host.acceptAsync()
    expect(() => {
      context.response.statusCode = 500
    }).toThrow(expect.objectContaining({ name: 'InvalidOperationException' }))
    expect(() => context.response.headers.set('X', 'y')).toThrow(expect.objectContaining({ name: 'InvalidOperationException' }))
    end()
  })

  it('UP-12: becomes 503 beyond the limit of upgraded connections, unless it is caught', async () => {
    const host = WebHost.createDefaultBuilder(['--urls', 'http://127.0.0.1:0'])
      .suppressStatusMessages()
      .configureLogging(logging => logging.clearProviders())
      .useNodeServer({ limits: { maxConcurrentUpgradedConnections: 0 } })
      .configure(app => {
        app.useWebSockets()
        app.run(async context => void (await context.webSockets.acceptWebSocketAsync()))
      })
      .build()
    await host.startAsync()
    const port = Number(new URL(host.serverFeatures.getRequired(ServerAddressesFeature).addresses[0]!).port)
    const peer = await Peer.connectAsync(port)
    const head = await peer.handshakeAsync()
    expect(statusOf(head)).toBe(503)
    expect(headersOf(head)).not.toHaveProperty('sec-websocket-accept')
    peer.destroy()
    await host[Symbol.asyncDispose]()
  })
})
