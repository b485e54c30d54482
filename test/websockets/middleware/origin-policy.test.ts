import { LogLevel } from '@windhover/core'
import { describe, expect, it } from 'vitest'
import { HandshakeContext, WebSocketsPipeline } from '../support/handshake-context.ts'

async function statusOf(
  origin: string | readonly string[] | null,
  allowedOrigins: string[] | undefined,
  host = 'example.com',
  isUpgradable = true,
): Promise<number> {
  const context = new HandshakeContext({ headers: { Origin: origin, Host: host }, isUpgradable })
  let isReached = false
  const pipeline = new WebSocketsPipeline(
    () => {
      isReached = true
    },
    allowedOrigins === undefined ? {} : { allowedOrigins },
  )
  await pipeline.runAsync(context)
  expect(isReached).toBe(context.response.statusCode === 200)
  return context.response.statusCode
}

describe('allowedOrigins', () => {
  it.each([
    ['an empty string', [''], 403],
    ['another origin', ['http://e.com'], 403],
    ['another and this one', ['http://e.com', 'http://example.com'], 200],
    ['any', ['*'], 200],
    ['any beside another', ['http://e.com', '*'], 200],
    ['WO-3: this one in other case', ['http://ExAmPLE.cOm'], 200],
    ['WO-4: a wildcard for sub-domains', ['http://*.com'], 403],
    ['WO-4: this one with its default port', ['http://example.com:80'], 403],
  ])('OriginIsValidatedForWebSocketRequests: with %s', async (_, list, status) => {
    expect(await statusOf('http://example.com', list, 'other.example')).toBe(status)
  })

  it.each([
    ['WO-1: no Origin', null, 200],
    ['WO-1: an empty Origin', '', 200],
    ['WO-3: an Origin in upper case', 'HTTP://EXAMPLE.COM', 403],
    ['1.3: the same origin on two lines', ['http://example.com', 'http://example.com'], 403],
    ['1.3: an empty line beside it', ['', 'http://example.com'], 200],
    ['null', 'null', 403],
  ])('%s', async (_, origin, status) => {
    expect(await statusOf(origin, ['http://example.com'])).toBe(status)
  })

  it('OriginIsNotValidatedForNonWebSocketRequests: WO-2: is not asked for ordinary requests', async () => {
    expect(await statusOf('http://evil.example', ['http://example.com'], 'example.com', false)).toBe(200)
    expect(await statusOf('http://evil.example', undefined, 'example.com', false)).toBe(200)
  })

  it('WR-6: is read once', async () => {
    const allowedOrigins = ['http://example.com']
    const pipeline = new WebSocketsPipeline(() => {}, { allowedOrigins })
    allowedOrigins.push('*')
    const context = new HandshakeContext({ headers: { Origin: 'http://evil.example' } })
    await pipeline.runAsync(context)
    expect(context.response.statusCode).toBe(403)
  })
})

describe('without allowedOrigins (deviation)', () => {
  it.each([
    ['the same host', 'http://example.com', 'example.com', 200],
    ['the same host in other case', 'http://example.com', 'EXAMPLE.com', 200],
    ['the same host and port', 'http://example.com:5000', 'example.com:5000', 200],
    ['the default port of http in Host', 'http://example.com', 'example.com:80', 200],
    ['the default port of https, TLS ended before', 'https://example.com', 'example.com:443', 200],
    ['https without ports, TLS ended before', 'https://example.com', 'example.com', 200],
    ['an IPv6 address', 'http://[::1]:5000', '[::1]:5000', 200],
    ['an international name', 'http://xn--bcher-kva.example', 'xn--bcher-kva.example', 200],
    ['no Origin', null, 'example.com', 200],
    ['another host', 'http://evil.example', 'example.com', 403],
    ['a sub-domain', 'http://www.example.com', 'example.com', 403],
    ['another port', 'http://example.com:5001', 'example.com:5000', 403],
    ['a port where Host has none', 'http://example.com:5000', 'example.com', 403],
    ['https beside port 80', 'https://example.com', 'example.com:80', 403],
    ['null', 'null', 'example.com', 403],
    ['an opaque origin', 'file://', 'example.com', 403],
    ['an extension', 'chrome-extension://abcdef', 'abcdef', 403],
    ['credentials', 'http://example.com@evil.example', 'example.com', 403],
    ['credentials that name the host', 'http://evil.example@example.com', 'example.com', 403],
    ['a path', 'http://example.com/x', 'example.com', 403],
    ['no scheme', 'example.com', 'example.com', 403],
    ['no Host', 'http://example.com', '', 403],
    ['a Host that is none', 'http://example.com', 'a b', 403],
    ['two origins', ['http://example.com', 'http://example.com'], 'example.com', 403],
  ])('judges %s', async (_, origin, host, status) => {
    expect(await statusOf(origin, undefined, host)).toBe(status)
  })

  it('warns with the origin, the host and the option', async () => {
    const pipeline = new WebSocketsPipeline(() => {})
    await pipeline.runAsync(new HandshakeContext({ headers: { Origin: 'http://evil.example', Host: 'good.example' } }))
    const [warning, ...more] = pipeline.logged(LogLevel.Warning)
    expect(more).toEqual([])
    for (const part of ['http://evil.example', 'good.example', 'allowedOrigins']) expect(warning).toContain(part)
  })
})
