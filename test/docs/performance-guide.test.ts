import { once } from 'node:events'
import { TestServer } from '@windhover/testing'
import { describe, expect, it } from 'vitest'
import { type ApplicationBuilder, LoggerFactory, ServiceCollection, type WebSocket } from 'windhover'
import * as guide from '../../docs/examples/performance.ts'
import { CollectedLogs } from '../support/collected-logs.ts'

function acceptAnd(handle: (socket: WebSocket) => Promise<void>, configure: (app: ApplicationBuilder) => void = () => {}) {
  return (app: ApplicationBuilder): void => {
    configure(app)
    app.useWebSockets()
    app.run(async context => handle(await context.webSockets.acceptWebSocketAsync()))
  }
}

describe('docs/guide/performance.md', () => {
  it.each([
    ['messages', guide.echoMessages],
    ['buffers', guide.echoBuffers],
  ])('echoes %s', async (_, handle) => {
    await using server = await TestServer.startAsync(acceptAnd(handle))
    const socket = await server.connectWebSocketAsync('/')
    socket.send('hello')
    expect(String((await once(socket, 'message'))[0])).toBe('hello')
    socket.close(4000)
    expect((await once(socket, 'close'))[0]).toBe(4000)
  })

  it('receives into a buffer that is made when there is something, and answers the close', async () => {
    const seen: string[] = []
    await using server = await TestServer.startAsync(
      acceptAnd(socket => guide.receiveLate(socket, (data, { endOfMessage }) => seen.push(`${Buffer.from(data)} ${endOfMessage}`))),
    )
    const socket = await server.connectWebSocketAsync('/')
    socket.send('one')
    socket.send('two')
    socket.close(4000)
    expect((await once(socket, 'close'))[0]).toBe(4000)
    expect(seen).toEqual(['one true', 'two true'])
  })

  it('sends a prepared message to every socket, also when one of them has gone', async () => {
    const sockets = new Set<WebSocket>()
    await using server = await TestServer.startAsync(
      acceptAnd(async socket => {
        sockets.add(socket)
        for await (const _ of socket) await guide.broadcast(sockets, 'news')
      }),
    )
    const clients = [
      await server.connectWebSocketAsync('/'),
      await server.connectWebSocketAsync('/'),
      await server.connectWebSocketAsync('/'),
    ]
    const gone = [...sockets][2]!
    gone.abort()
    const heard = clients.slice(0, 2).map(client => once(client, 'message'))
    clients[0]!.send('now')
    expect((await Promise.all(heard)).map(([data]) => String(data))).toEqual(['news', 'news'])
  })

  it('lets middleware go on, with and without waiting', async () => {
    const times: number[] = []
    await using server = await TestServer.startAsync(acceptAnd(guide.echoMessages, app => guide.middleware(app, ms => times.push(ms))))
    const socket = await server.connectWebSocketAsync('/')
    expect(times).toEqual([])
    socket.close()
    await once(socket, 'close')
    await server.stopAsync()
    expect(times).toHaveLength(1)
  })

  it('keeps what the framework tells below Warning out of the log, and nothing of the application', () => {
    const logs = new CollectedLogs()
    const services = new ServiceCollection().addLogging(builder => guide.logging(builder.addProvider(logs)))
    const factory = services.buildServiceProvider().getRequiredService(LoggerFactory)
    for (const category of ['Windhover.Hosting.Diagnostics', 'Application']) {
      factory.createLogger(category).logInformation('told')
      factory.createLogger(category).logWarning('warned')
    }
    expect(logs.lines()).toEqual([
      'Warning Windhover.Hosting.Diagnostics[0] warned',
      'Information Application[0] told',
      'Warning Application[0] warned',
    ])
  })
})
