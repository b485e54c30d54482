import { describe, expect, it } from 'vitest'
import { type HandshakeContextOptions, probeAsync } from '../support/handshake-context.ts'

const isWebSocketRequest = (options: HandshakeContextOptions): Promise<boolean | undefined> =>
  probeAsync(options, context => context.webSockets.isWebSocketRequest)

describe('isWebSocketRequest over HTTP/1.1', () => {
  it.each<[string, HandshakeContextOptions, boolean]>([
    ['a valid handshake', {}, true],
    ['step 1: GET in lower case', { method: 'get' }, true],
    ['step 1: POST', { method: 'POST' }, false],
    ['step 1: CONNECT', { method: 'CONNECT' }, false],
    ['step 2: no version', { headers: { 'Sec-WebSocket-Version': null } }, false],
    ['step 2: version 8', { headers: { 'Sec-WebSocket-Version': '8' } }, false],
    ['step 2: 13 among others', { headers: { 'Sec-WebSocket-Version': '8, 13' } }, true],
    ['step 2: 13 on a second line', { headers: { 'Sec-WebSocket-Version': ['8', '13'] } }, true],
    ['step 2: 13 in quotes', { headers: { 'Sec-WebSocket-Version': '"13"' } }, true],
    ['step 2: 130', { headers: { 'Sec-WebSocket-Version': '130' } }, false],
    ['step 3: no Upgrade', { headers: { Upgrade: null } }, false],
    ['step 3: another protocol', { headers: { Upgrade: 'h2c' } }, false],
    ['step 3: websocket in other case', { headers: { Upgrade: 'WebSocket' } }, true],
    ['step 3: websocket among others', { headers: { Upgrade: 'websocket, example' } }, true],
    ['step 4: no Connection', { headers: { Connection: null } }, false],
    ['step 4: keep-alive', { headers: { Connection: 'keep-alive' } }, false],
    ['step 4: upgrade in lower case', { headers: { Connection: 'upgrade' } }, true],
    ['step 4: upgrade among others', { headers: { Connection: 'keep-alive, Upgrade' } }, true],
    ['the server cannot upgrade it', { isUpgradable: false }, false],
  ])('1.4: %s', async (_, options, expected) => {
    expect(await isWebSocketRequest(options)).toBe(expected)
  })

  it.each<[string, string | readonly string[] | null, boolean]>([
    ['of 16 bytes', 'VUfWn1u2Ot0AICM6f+/8Zg==', true],
    ['of 17 bytes', 'dGhpcyBpcyAxNyBieXRlcy4=', false],
    ['of 15 bytes', 'dGhpcyBpcyAxNWJ5dGVz', false],
    ['that is empty', '', false],
    ['that is missing', null, false],
    ['of 24 characters that are not base64', '!?.,!?.,!?.,!?.,!?.,!?==', false],
    ['without padding', 'VUfWn1u2Ot0AICM6f+/8Zg', false],
    ['of the URL-safe alphabet', 'VUfWn1u2Ot0AICM6f-_8Zg==', false],
    ['on two lines', ['VUfWn1u2Ot0AICM6f+/8Zg==', 'VUfWn1u2Ot0AICM6f+/8Zg=='], false],
    ['beside an empty line', ['', 'VUfWn1u2Ot0AICM6f+/8Zg=='], true],
    ['with a blank inside (deviation)', 'VUfWn1u2Ot0A ICM6f+/8Zg==', false],
    ['with bits in its padding (deviation)', 'VUfWn1u2Ot0AICM6f+/8Zh==', false],
  ])('1.4 step 5: a key %s', async (_, key, expected) => {
    expect(await isWebSocketRequest({ headers: { 'Sec-WebSocket-Key': key } })).toBe(expected)
  })

  it('CommonHeadersAreSetToInternedStrings: gives headers with one value their usual spelling', async () => {
    const headers = { Connection: 'upgrade', Upgrade: 'WEBSOCKET', 'Sec-WebSocket-Version': '"13"' }
    const seen = await probeAsync({ headers }, context => {
      expect(context.webSockets.isWebSocketRequest).toBe(true)
      return Object.keys(headers).map(name => context.request.headers.get(name))
    })
    expect(seen).toEqual(['Upgrade', 'websocket', '13'])
  })

  it('MultipleValueHeadersNotOverridden: leaves headers with several values alone', async () => {
    const headers = { Connection: 'Upgrade, keep-alive', Upgrade: 'websocket, example' }
    const seen = await probeAsync({ headers }, context => {
      expect(context.webSockets.isWebSocketRequest).toBe(true)
      return Object.keys(headers).map(name => context.request.headers.get(name))
    })
    expect(seen).toEqual(['Upgrade, keep-alive', 'websocket, example'])
  })

  it('1.4: is found out once: later changes of the headers do not count', async () => {
    const seen = await probeAsync({}, context => {
      const before = context.webSockets.isWebSocketRequest
      context.request.headers.delete('Upgrade')
      return [before, context.webSockets.isWebSocketRequest]
    })
    expect(seen).toEqual([true, true])
  })
})

describe('isWebSocketRequest over HTTP/2', () => {
  const headers = { Connection: null, Upgrade: null, 'Sec-WebSocket-Key': null }

  it.each<[string, HandshakeContextOptions, boolean]>([
    ['an extended CONNECT', { method: 'CONNECT', connectProtocol: 'websocket', headers }, true],
    ['its protocol in other case', { method: 'CONNECT', connectProtocol: 'WebSocket', headers }, true],
    ['another protocol', { method: 'CONNECT', connectProtocol: 'connect-udp', headers }, false],
    [
      'without version 13',
      { method: 'CONNECT', connectProtocol: 'websocket', headers: { ...headers, 'Sec-WebSocket-Version': '8' } },
      false,
    ],
    ['GET', { method: 'GET', connectProtocol: 'websocket', headers }, false],
  ])('1.4: %s', async (_, options, expected) => {
    expect(await isWebSocketRequest(options)).toBe(expected)
  })

  it('Http2Handshake_Success: answers with the sub-protocol and without the headers of HTTP/1.1', async () => {
    const options = { method: 'CONNECT', connectProtocol: 'WebSocket', headers: { ...headers, 'Sec-WebSocket-Protocol': 'p1, p2' } }
    const seen = await probeAsync(options, async context => {
      const socket = await context.webSockets.acceptWebSocketAsync('p2')
      socket.abort()
      return [socket.subProtocol, context.upgrades, [...context.response.headers]]
    })
    expect(seen).toEqual(['p2', 1, [['Sec-WebSocket-Protocol', 'p2']]])
  })
})

describe('a request without the middleware or the feature', () => {
  it('WP-3, 1.6: is none, and accepting throws not-supported at once', async () => {
    const seen = await probeAsync({ isUpgradable: 'none', headers: { 'Sec-WebSocket-Protocol': 'a, b' } }, context => {
      expect(() => context.webSockets.acceptWebSocketAsync()).toThrow(expect.objectContaining({ name: 'NotSupportedException' }))
      return [context.webSockets.isWebSocketRequest, context.webSockets.webSocketRequestedProtocols]
    })
    expect(seen).toEqual([false, ['a', 'b']])
  })

  it('WP-2: a second useWebSockets leaves the first alone, its origins and its options', async () => {
    const options = { headers: { Origin: 'http://first.example' } }
    const passes = await probeAsync(
      options,
      context => context.webSockets.isWebSocketRequest,
      { allowedOrigins: ['http://first.example'] },
      { allowedOrigins: ['http://second.example'] },
    )
    expect(passes).toBe(true)
  })
})
