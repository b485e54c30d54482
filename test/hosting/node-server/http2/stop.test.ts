import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { RunningServer } from '../running-server.ts'
import { Http2Client, outcomeOf } from './http2-client.ts'

describe('the stop of a server with connections of HTTP/2', () => {
  it('says GOAWAY, lets the streams under way finish, and ends the connections', async () => {
    let answer!: () => void
    const answered = new Promise<void>(resolve => (answer = resolve))
    await using running = await RunningServer.startAsync(({ response }) => answered.then(() => response.writeAsync('late')), {
      protocols: 'http2',
    })
    using busy = await Http2Client.connectAsync(running.port)
    using idle = await Http2Client.connectAsync(running.port)
    const stream = busy.open({})
    const outcome = outcomeOf(stream)
    await busy.requestAsync({ ':path': 'bad' }) // by now the server has the other one

    const goaway = once(busy.session, 'goaway')
    const ended = [busy, idle].map(({ session }) => once(session, 'close'))
    const stopping = running.server.stopAsync()
    await goaway
    await ended[1]
    answer()
    expect(await outcome).toMatchObject({ status: 200, body: 'late', code: 'NO_ERROR' })
    await Promise.all([stopping, ...ended])
  })

  it('resets what does not finish in time', async () => {
    await using running = await RunningServer.startAsync(
      context => new Promise((_, reject) => context.requestAborted.addEventListener('abort', reject)),
      {
        protocols: 'http2',
      },
    )
    using client = await Http2Client.connectAsync(running.port)
    const stream = client.open({})
    const outcome = outcomeOf(stream)
    await client.requestAsync({ ':path': 'bad' })
    await running.server.stopAsync(AbortSignal.abort())
    expect((await outcome).status).toBeUndefined()
    expect(running.application.outcomes.length).toBe(1)
  })

  it('is not needed for a connection that asks for nothing: it ends after keepAliveTimeout', async () => {
    await using running = await RunningServer.startAsync(() => {}, { protocols: 'http2', limits: { keepAliveTimeout: 50 } })
    using client = await Http2Client.connectAsync(running.port)
    expect((await client.requestAsync()).status).toBe(200)
    await once(client.session, 'close')
  })

  it('nor for one that never says that it speaks HTTP/2: it ends after requestHeadersTimeout', async () => {
    await using running = await RunningServer.startAsync(() => {}, { protocols: 'http2', limits: { requestHeadersTimeout: 50 } })
    const silent = await running.connectAsync()
    await silent.restAsync()
  })

  it('nor for one whose client has ended its half: that is the end of the connection', async () => {
    await using running = await RunningServer.startAsync(() => {}, { protocols: 'http2' })
    const half = await running.connectAsync()
    half.send('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0')
    half.end()
    await half.restAsync()
  })
})
