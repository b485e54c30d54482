import { LogLevel } from '@windhover/core'
import { describe, expect, it } from 'vitest'
import { HandshakeContext, WebSocketsPipeline } from '../support/handshake-context.ts'

const defaults = { dangerousEnableCompression: true }
const custom = { dangerousEnableCompression: true, disableServerContextTakeover: true, serverMaxWindowBits: 14 }
const deflate = 'permessage-deflate'

/** The answer to offers; undefined when there is none. */
async function answerTo(offers: string | readonly string[] | null, accept: object = defaults): Promise<string | undefined> {
  const context = new HandshakeContext({ headers: { 'Sec-WebSocket-Extensions': offers } })
  const pipeline = new WebSocketsPipeline(async () => {
    const socket = await context.webSockets.acceptWebSocketAsync(accept)
    socket.abort()
  }, {})
  await pipeline.runAsync(context)
  return context.response.headers.get('Sec-WebSocket-Extensions') ?? undefined
}

const join = (...parts: string[]): string => [deflate, ...parts].join('; ')

describe('permessage-deflate', () => {
  it.each<[string[], string[], string[]]>([
    [[], [], ['server_no_context_takeover', 'server_max_window_bits=14']],
    [['server_no_context_takeover'], ['server_no_context_takeover'], ['server_no_context_takeover', 'server_max_window_bits=14']],
    [
      ['client_no_context_takeover'],
      ['client_no_context_takeover'],
      ['client_no_context_takeover', 'server_no_context_takeover', 'server_max_window_bits=14'],
    ],
    [
      ['client_max_window_bits=9'],
      ['client_max_window_bits=9'],
      ['client_max_window_bits=9', 'server_no_context_takeover', 'server_max_window_bits=14'],
    ],
    [
      ['client_max_window_bits="9"'],
      ['client_max_window_bits=9'],
      ['client_max_window_bits=9', 'server_no_context_takeover', 'server_max_window_bits=14'],
    ],
    [
      ['client_max_window_bits'],
      ['client_max_window_bits=15'],
      ['client_max_window_bits=15', 'server_no_context_takeover', 'server_max_window_bits=14'],
    ],
    [['server_max_window_bits'], ['server_max_window_bits=15'], ['server_no_context_takeover', 'server_max_window_bits=14']],
    [['server_max_window_bits=14'], ['server_max_window_bits=14'], ['server_no_context_takeover', 'server_max_window_bits=14']],
    [['server_max_window_bits=10'], ['server_max_window_bits=10'], ['server_no_context_takeover', 'server_max_window_bits=10']],
    [
      ['server_max_window_bits=10', 'server_no_context_takeover'],
      ['server_no_context_takeover', 'server_max_window_bits=10'],
      ['server_no_context_takeover', 'server_max_window_bits=10'],
    ],
    [
      ['server_max_window_bits=10', 'server_no_context_takeover', 'client_no_context_takeover', 'client_max_window_bits=12'],
      ['client_no_context_takeover', 'client_max_window_bits=12', 'server_no_context_takeover', 'server_max_window_bits=10'],
      ['client_no_context_takeover', 'client_max_window_bits=12', 'server_no_context_takeover', 'server_max_window_bits=10'],
    ],
    [['unknown', 'unknown_too=5'], [], ['server_no_context_takeover', 'server_max_window_bits=14']],
    [['client_no_context_takeover=1'], [], ['server_no_context_takeover', 'server_max_window_bits=14']],
  ])('1.7: answers the offer %o', async (offer, byDefault, byCustom) => {
    expect(await answerTo(join(...offer))).toBe(join(...byDefault))
    expect(await answerTo(join(...offer), custom)).toBe(join(...byCustom))
  })

  it.each([
    'server_max_window_bits=8',
    'client_max_window_bits=8',
    'server_max_window_bits=16',
    'client_max_window_bits=16',
    'client_max_window_bits="15',
    'client_max_window_bits=14"',
    'client_max_window_bits="',
    'client_max_window_bits="13',
    'client_max_window_bits=',
    'client_max_window_bits=""',
    'client_max_window_bits=1e1',
    'client_max_window_bits=+10',
    'client_max_window_bits=010',
    'client_max_window_bits=x',
    'client_max_window_bits; client_max_window_bits',
    'server_max_window_bits=10; server_max_window_bits=10',
    'client_no_context_takeover; client_no_context_takeover',
    'server_no_context_takeover; server_no_context_takeover',
  ])('CompressionNegotiateNotAccepted: declines %s', async parameters => {
    expect(await answerTo(`${deflate}; ${parameters}`)).toBeUndefined()
  })

  it.each([
    ['no offer', null],
    ['an empty one', ''],
    ['another extension', 'x-webkit-deflate-frame'],
    ['the name in other case', 'Permessage-Deflate'],
  ])('answers nothing to %s', async (_, offer) => {
    expect(await answerTo(offer)).toBeUndefined()
  })

  it.each([
    [
      'the first that can be met',
      `${deflate}; client_max_window_bits=8, ${deflate}; client_max_window_bits=13`,
      join('client_max_window_bits=13', 'server_max_window_bits=13'),
    ],
    [
      'the first of several',
      `${deflate}; server_max_window_bits=14, ${deflate}; server_max_window_bits=13`,
      join('server_max_window_bits=13'),
    ],
    ['one on a second line', ['x-other', `${deflate}`], join('server_max_window_bits=13')],
  ])('takes %s', async (_, offers, answer) => {
    expect(await answerTo(offers, { ...defaults, serverMaxWindowBits: 13 })).toBe(answer)
  })

  it('is off by default', async () => {
    expect(await answerTo(deflate, {})).toBeUndefined()
  })

  it('looks at 16 offers and no more, in linear time', async () => {
    const declined = `${deflate}; client_max_window_bits=8`
    expect(await answerTo([...Array(15).fill(declined), deflate].join(','))).toBe(deflate)
    expect(await answerTo([...Array(16).fill(declined), deflate].join(','))).toBeUndefined()
    expect(await answerTo(`${deflate}${'; a="'.repeat(20_000)}`)).toBe(deflate)
  })

  it('1.5 step 4: tells at Debug what was agreed on', async () => {
    for (const [offer, text] of [
      [deflate, 'was accepted: permessage-deflate'],
      ['x-other', 'None of the WebSocket extensions'],
    ]) {
      const context = new HandshakeContext({ headers: { 'Sec-WebSocket-Extensions': offer! } })
      const pipeline = new WebSocketsPipeline(async () => {
        const socket = await context.webSockets.acceptWebSocketAsync(defaults)
        socket.abort()
      }, {})
      await pipeline.runAsync(context)
      expect(pipeline.logged(LogLevel.Debug)[0]).toContain(text)
    }
  })

  it.each([8, 16, 9.5, Number.NaN, '9'])(
    '1.6: throws argument-out-of-range at once for %s as serverMaxWindowBits',
    async serverMaxWindowBits => {
      const context = new HandshakeContext()
      const pipeline = new WebSocketsPipeline(() => {
        const accept = (): unknown => context.webSockets.acceptWebSocketAsync({ serverMaxWindowBits: serverMaxWindowBits as number })
        expect(accept).toThrow(expect.objectContaining({ name: 'ArgumentOutOfRangeException', paramName: 'serverMaxWindowBits' }))
      }, {})
      await pipeline.runAsync(context)
      expect(context.upgrades).toBe(0)
    },
  )
})
