import { ApplicationBuilder, Options, ServiceCollection } from '@windhover/core'
import { WebSocketLimits, WebSocketOptions } from '@windhover/websockets'
import { describe, expect, it } from 'vitest'
import { HandshakeContext } from './support/handshake-context.ts'

async function statusOf(configure: (services: ServiceCollection) => void, ...options: [Partial<WebSocketOptions>?]): Promise<number> {
  const services = new ServiceCollection().addLogging()
  configure(services)
  const app = new ApplicationBuilder(services.buildServiceProvider())
  app.useWebSockets(...options)
  app.run(() => {})
  const context = new HandshakeContext({ headers: { Origin: 'http://example.com' } })
  await app.build()(context)
  return context.response.statusCode
}

const refuses = (services: ServiceCollection): void =>
  void services.addWebSockets(options => options.allowedOrigins.push('http://other.example'))
const allows = (services: ServiceCollection): void =>
  void services.addWebSockets(options => options.allowedOrigins.push('http://example.com'))

describe('useWebSockets', () => {
  it.each([
    ['a function', () => {}],
    ['a number', 5],
  ])('refuses %s in place of options', (kind, options) => {
    const app = new ApplicationBuilder(new ServiceCollection().buildServiceProvider())
    expect(() => app.useWebSockets(options as never)).toThrow(
      expect.objectContaining({ code: 'WINDHOVER_ERR_WEBSOCKET_OPTIONS', message: expect.stringContaining(`not ${kind}.`) }),
    )
  })

  it('WR-1: takes the options of the services when it gets none', async () => {
    expect(await statusOf(allows)).toBe(200)
    expect(await statusOf(refuses)).toBe(403)
  })

  it('WR-2: takes the options that it gets alone, and merges nothing', async () => {
    expect(await statusOf(refuses, { allowedOrigins: ['*'] })).toBe(200)
    expect(await statusOf(allows, {})).toBe(403)
  })

  it('works without a host, logging and configured options', async () => {
    const app = new ApplicationBuilder(new ServiceCollection().buildServiceProvider())
    app.useWebSockets({}).run(() => {})
    await app.build()(new HandshakeContext())
  })

  it.each<[string, object]>([
    ['keepAliveInterval', { keepAliveInterval: Number.NaN }],
    ['keepAliveTimeout', { keepAliveTimeout: '5' }],
    ['closeTimeout', { closeTimeout: 0 }],
    ['unreadTimeout', { unreadTimeout: -1 }],
    ['maxMessageSize', { maxMessageSize: 0 }],
    ['maxMessageSize', { maxMessageSize: 1.5 }],
    ['maxMessageSize', { maxMessageSize: 2 ** 40 }],
    ['onStopping', { onStopping: 'wait' }],
    ['allowedOrigins', { allowedOrigins: [5] }],
    ['allowedOrigins', { allowedOrigins: 'http://example.com' }],
  ])('throws argument-out-of-range when it is called, for %s: %o', (name, options) => {
    const app = new ApplicationBuilder(new ServiceCollection().buildServiceProvider())
    expect(() => app.useWebSockets(options)).toThrow(expect.objectContaining({ name: 'ArgumentOutOfRangeException', paramName: name }))
  })

  it('WR-3: throws an argument error for options that are null', () => {
    const app = new ApplicationBuilder(new ServiceCollection().buildServiceProvider())
    expect(() => app.useWebSockets(null as never)).toThrow(expect.objectContaining({ paramName: 'options' }))
  })
})

describe('addWebSockets', () => {
  it('AddWebSocketsConfiguresOptions: WR-4: configures the options and nothing else', () => {
    const services = new ServiceCollection().addWebSockets(options => {
      options.keepAliveInterval = 1_000_000
      options.allowedOrigins.push('http://example.com')
    })
    const { value } = services.buildServiceProvider().getRequiredService(Options.of(WebSocketOptions))
    expect(value).toMatchObject({ keepAliveInterval: 1_000_000, allowedOrigins: ['http://example.com'] })
  })

  it('WR-4: throws an argument error without a callback', () => {
    expect(() => new ServiceCollection().addWebSockets(undefined as never)).toThrow(expect.objectContaining({ paramName: 'configure' }))
  })
})

describe('the defaults', () => {
  it('are those that the documentation names', () => {
    expect({ ...new WebSocketOptions() }).toEqual({
      keepAliveInterval: 120_000,
      keepAliveTimeout: 30_000,
      allowedOrigins: [],
      onStopping: 'close',
      closeTimeout: 10_000,
      maxMessageSize: 1_048_576,
      unreadTimeout: 120_000,
      receiveBufferSize: undefined,
    })
  })

  it('of the limits are in one object that nobody changes', () => {
    expect(Object.isFrozen(WebSocketLimits)).toBe(true)
  })
})
