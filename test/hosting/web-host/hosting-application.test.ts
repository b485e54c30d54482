import { AsyncLocalStorage } from 'node:async_hooks'
import { once } from 'node:events'
import { ServerAddressesFeature } from '@windhover/core'
import { WebHost, type WebHostBuilder } from '@windhover/hosting'
import '@windhover/websockets'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { CollectedLogs } from '../../support/collected-logs.ts'

/** Keeps what is logged, as every application logs something, in place of the console. */
function builderWithLogs(includeScopes: boolean): WebHostBuilder {
  return WebHost.createDefaultBuilder(['--urls', 'http://127.0.0.1:0'])
    .suppressStatusMessages()
    .configureLogging(logging => logging.clearProviders().addProvider(new CollectedLogs({ includeScopes })))
}

describe('the asynchronous store of the process', () => {
  afterEach(() => void vi.restoreAllMocks())

  // Once any store is active, Node 20 pays for it with every message of every socket.
  it.each([
    { name: 'is not entered by default', builder: () => builderWithLogs(false), isEntered: false },
    {
      name: 'is entered for HttpContextAccessor',
      builder: () => builderWithLogs(false).configureServices(services => services.addHttpContextAccessor()),
      isEntered: true,
    },
    { name: 'is entered for a provider that shows scopes', builder: () => builderWithLogs(true), isEntered: true },
  ])('$name, when a socket lives', async ({ builder, isEntered }) => {
    const host = builder()
      .configure(app => {
        app.useWebSockets()
        app.run(async context => {
          for await (const _ of await context.webSockets.acceptWebSocketAsync()) {
            entered.push(run.mock.calls.length + enterWith.mock.calls.length > 0)
          }
        })
      })
      .build()
    const entered: boolean[] = []
    await host.startAsync()
    const [address] = host.serverFeatures.getRequired(ServerAddressesFeature).addresses
    const run = vi.spyOn(AsyncLocalStorage.prototype, 'run')
    const enterWith = vi.spyOn(AsyncLocalStorage.prototype, 'enterWith')

    const socket = new WebSocket(address!.replace('http', 'ws'))
    await once(socket, 'open')
    socket.send('message')
    socket.close()
    await once(socket, 'close')
    await host[Symbol.asyncDispose]()
    expect(entered).toEqual([isEntered])
  })
})
