import {
  HeaderDictionary,
  HttpContext,
  HttpRequestFeature,
  HttpWebSocketFeature,
  NotSupportedException,
  type WebSocket,
  type WebSocketAcceptContext,
} from '@windhover/core'
import { describe, expect, it } from 'vitest'

function contextOffering(...lines: string[]): HttpContext {
  const context = new HttpContext()
  const headers = new HeaderDictionary(lines.flatMap(line => ['Sec-WebSocket-Protocol', line]))
  context.features.set(HttpRequestFeature, { ...context.features.getRequired(HttpRequestFeature), headers })
  return context
}

describe('WebSocketManager.webSocketRequestedProtocols', () => {
  it.each([
    ['no header', [], []],
    ['one protocol', ['chat'], ['chat']],
    ['a list', ['alpha, bravo,charlie'], ['alpha', 'bravo', 'charlie']],
    ['several lines', ['alpha', 'bravo, charlie'], ['alpha', 'bravo', 'charlie']],
    ['blanks around', ['\t alpha \t,  bravo '], ['alpha', 'bravo']],
    ['empty parts', [', alpha,, ,bravo,'], ['alpha', 'bravo']],
    ['quotes', ['"alpha", bravo, ""'], ['alpha', 'bravo']],
    ['a lone quote', ['"'], ['"']],
    ['the case as sent', ['Chat, chat'], ['Chat', 'chat']],
  ])('reads %s', (_name, lines, expected) => {
    expect(contextOffering(...lines).webSockets.webSocketRequestedProtocols).toEqual(expected)
  })

  it('takes time in proportion to the header', () => {
    const started = performance.now()
    contextOffering('"\\"'.repeat(20_000), ' ,\t'.repeat(20_000)).webSockets.webSocketRequestedProtocols.at(0)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

describe('WebSocketManager without app.useWebSockets()', () => {
  const { webSockets } = contextOffering('chat')

  it('has no WebSocket request', () => {
    expect(webSockets.isWebSocketRequest).toBe(false)
  })

  it('throws a not-supported error from accept, at once', () => {
    expect(() => webSockets.acceptWebSocketAsync()).toThrow(NotSupportedException)
  })
})

describe('WebSocketManager with the feature', () => {
  const socket = {} as WebSocket

  function accepting() {
    const context = new HttpContext()
    const accepted: WebSocketAcceptContext[] = []
    const feature: HttpWebSocketFeature = {
      isWebSocketRequest: true,
      acceptAsync: async acceptContext => {
        accepted.push(acceptContext)
        return socket
      },
    }
    context.features.set(HttpWebSocketFeature, feature)
    return { webSockets: context.webSockets, accepted }
  }

  it('asks the feature whether the request is one for a WebSocket', () => {
    expect(accepting().webSockets.isWebSocketRequest).toBe(true)
  })

  it.each<[string, string | WebSocketAcceptContext | null | undefined, WebSocketAcceptContext]>([
    ['nothing', undefined, {}],
    ['null', null, {}],
    ['a sub-protocol', 'chat', { subProtocol: 'chat' }],
    ['a context', { subProtocol: 'chat', keepAliveInterval: 5 }, { subProtocol: 'chat', keepAliveInterval: 5 }],
  ])('accepts with %s', async (_name, given, expected) => {
    const { webSockets, accepted } = accepting()
    expect(await webSockets.acceptWebSocketAsync(given)).toBe(socket)
    expect(accepted).toEqual([expected])
  })

  it.each([5, true])('refuses to accept with %s', given => {
    const { webSockets, accepted } = accepting()
    expect(() => webSockets.acceptWebSocketAsync(given as never)).toThrow(
      expect.objectContaining({ code: 'WINDHOVER_ERR_ACCEPT_ARGUMENT' }),
    )
    expect(accepted).toEqual([])
  })
})
