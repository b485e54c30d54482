import { describe, expect, it } from 'vitest'
import { get, RunningServer } from './running-server.ts'

const hello = { limits: { requestHeadersTimeout: 100, keepAliveTimeout: 100 } }

describe('the time-outs of a connection', () => {
  it('answer 408 to a head that does not come to its end', async () => {
    await using server = await RunningServer.startAsync(() => {}, hello)
    expect(await server.exchangeAsync('GET / HTTP/1.1\r\nHost: h\r\nx-slow: ')).toMatch(
      /^HTTP\/1\.1 408 .*Content-Length: 0\r\nConnection: close/s,
    )
  })

  it('answer 408 to a head that comes byte by byte', async () => {
    await using server = await RunningServer.startAsync(() => {}, hello)
    const client = await server.connectAsync()
    const timer = setInterval(() => client.send('x'), 10)
    client.send('GET / HTTP/1.1\r\nHost: h\r\nx-slow: ')
    expect(await client.restAsync()).toContain(' 408 ')
    clearInterval(timer)
  })

  it('end a connection that was never used without an answer', async () => {
    await using server = await RunningServer.startAsync(() => {}, hello)
    expect(await server.exchangeAsync('')).toBe('')
  })

  it('end a connection that is idle behind a response', async () => {
    // Node gives the client a second more than it was promised.
    await using server = await RunningServer.startAsync(({ response }) => response.writeAsync('hello'), hello)
    expect(await server.exchangeAsync('GET / HTTP/1.1\r\nHost: h\r\n\r\n')).toMatch(/hello$/)
  })

  it('end a connection that is idle behind an upgrade that was refused', async () => {
    await using server = await RunningServer.startAsync(({ response }) => response.writeAsync('refused'), hello)
    expect(await server.exchangeAsync(get('/', 'Upgrade: x').replace('close', 'Upgrade'))).toMatch(/refused$/)
  })

  it('leave a request alone that takes its time in the application', async () => {
    await using server = await RunningServer.startAsync(async ({ response }) => {
      const other = await server.exchangeAsync('GET / HTT')
      await response.writeAsync(other.includes(' 408 ') ? 'the other one timed out' : 'no time-out')
    }, hello)
    expect(await server.exchangeAsync(get('/'))).toContain('the other one timed out')
  })
})
