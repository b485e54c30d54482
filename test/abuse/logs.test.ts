import { type LogEntry, LoggerFactory, LogLevel, ServiceCollection } from '@windhover/core'
import { ConsoleFormatter } from '@windhover/hosting'
import { describe, expect, it } from 'vitest'
import { close, frame, text } from '../conformance/support/frames.ts'
import { CollectedLogs } from '../support/collected-logs.ts'
import { handshakeBytes } from '../support/raw-handshake.ts'
import { Target } from './support/target.ts'

const host = 'Host: localhost\r\n'

describe('log injection: escaped by the console logger', () => {
  const log = new CollectedLogs({ includeScopes: true })
  const forged = 'crit: Forged[0]'

  const injections: [what: string, bytes: string | Buffer, reason?: string][] = [
    ['CR and LF in the path', `GET /a%0d%0a${forged.replace(' ', '%20')} HTTP/1.1\r\n${host}\r\n`],
    ['ESC in the path', `GET /%1b[2J%1b]0;title%07${forged.replace(' ', '%20')} HTTP/1.1\r\n${host}\r\n`],
    ['C1 controls in the path', `GET /%c2%9b2J%c2%85x HTTP/1.1\r\n${host}\r\n`],
    ['the separators of lines and marks of bidirectional text in the path', `GET /%e2%80%a8%e2%80%a9%e2%80%ae HTTP/1.1\r\n${host}\r\n`],
    ['C1 controls in a header', `GET /a HTTP/1.1\r\n${host}x-user: \xc2\x9b2J\xc2\x85\xe2\x80\xae\r\n\r\n`],
    ['C1 controls in Content-Type', `POST /a HTTP/1.1\r\n${host}Content-Type: text/\xc2\x9bx\r\nContent-Length: 0\r\n\r\n`],
    ['control characters in the origin', handshakeBytes({ headers: ['Origin: http://evil.example/\xc2\x9b2J\xe2\x80\xae'] })],
    ['control characters in a close reason', handshakeBytes(), `bye\r\n${forged}\x1b[2J\u2028`],
  ]

  it.each(injections)('%s', async (_, bytes, reason) => {
    log.entries.length = 0
    await using target = await Target.startAsync(
      app => {
        const logger = app.applicationServices.getRequiredService(LoggerFactory).createLogger('App')
        app.run(async ({ request, response, webSockets }) => {
          logger.logInformation('{Path} {User} {Origin}', request.path, request.headers.get('x-user'), request.headers.get('origin'))
          if (!webSockets.isWebSocketRequest) return response.writeAsync('logged')
          const socket = await webSockets.acceptWebSocketAsync()
          for await (const _ of socket);
          logger.logInformation('The peer closed: {Reason}', socket.closeStatusDescription)
        })
      },
      {
        build: builder => builder.configureLogging(logging => logging.addProvider(log).addFilter(CollectedLogs, undefined, LogLevel.Trace)),
      },
    )
    await target.attackAsync(async () => {
      const peer = await target.connectTcpAsync()
      peer.send(bytes)
      const { status } = await peer.answerAsync()
      if (status === 101) peer.send(close(1000, reason))
      if (status === 101) expect(await peer.closeCodeAsync()).toBe(1000)
    })
    const lines = formatted(log.entries)
    expect(lines.length).toBeGreaterThan(0)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(lines.filter(line => /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/.test(line))).toEqual([])
    expect(lines.filter(line => line.startsWith('crit:'))).toEqual([])
  })

  function formatted(entries: readonly LogEntry[]): string[] {
    using services = new ServiceCollection()
      .addLogging(logging => {
        logging.addSimpleConsole(options => {
          options.includeScopes = true
        })
        logging.addJsonConsole(options => {
          options.includeScopes = true
        })
      })
      .buildServiceProvider()
    const formatters = services.getServices(ConsoleFormatter)
    return [...formatters].flatMap(formatter => entries.flatMap(entry => formatter.format(entry).trimEnd().split('\n')))
  }
})

describe('tokens, cookies and message payloads are never logged, at no level', () => {
  const credentials = ['Cookie: session=secret-1', 'Authorization: Bearer secret-2', 'Sec-WebSocket-Protocol: secret-3, x']

  const exchanges: [what: string, frames: Buffer[]][] = [
    ['a message that is echoed', [text('secret-4'), close(1000, 'secret-5')]],
    ['a handler that fails with the message', [text('secret-4 fail')]],
    ['text that is not UTF-8', [text(Buffer.from('secret-4\xff', 'latin1'))]],
    ['a message that is too big', [text(`secret-4${'x'.repeat(100_000)}`)]],
    ['a frame that breaks the protocol', [text('secret-4', { rsv: 2 })]],
    ['an unmasked frame', [text('secret-4', { mask: false })]],
    ['compressed data that cannot be expanded', [frame(1, Buffer.from('\xffsecret-4', 'latin1'), { rsv: 4 })]],
    ['a close reason that is too long', [frame(8, Buffer.from(`\x03\xe8secret-5${'x'.repeat(200)}`, 'latin1'))]],
    ['a close reason that is not UTF-8', [close(1000, Buffer.from('secret-5\xff', 'latin1'))]],
  ]

  it.each(exchanges)('%s', async (_, frames) => {
    await using target = await Target.startAsync(
      app => {
        app.run(async ({ webSockets }) => {
          const socket = await webSockets.acceptWebSocketAsync({ dangerousEnableCompression: true, subProtocol: 'x' })
          for await (const message of socket) {
            if (String(message.data).includes('fail')) throw new Error('The handler has failed.')
            await socket.sendAsync(message.data, message.type)
          }
        })
      },
      { webSockets: { maxMessageSize: 1_000 } },
    )
    const texts = await target.textsAsync(() =>
      target.attackAsync(async () => {
        const peer = await target.connectTcpAsync()
        await peer.upgradeAsync({ headers: [...credentials, 'Sec-WebSocket-Extensions: permessage-deflate'] })
        peer.send(...frames)
        await peer.closeCodeAsync()
      }),
    )
    expect(texts.length).toBeGreaterThan(0)
    expect(texts.filter(line => line.includes('secret-'))).toEqual([])
  })

  it('a request whose body is malformed, or whose handler fails', async () => {
    await using target = await Target.startAsync(app => {
      app.run(async ({ request }) => {
        await request.readFromJsonAsync()
        throw new Error('The handler has failed.')
      })
    })
    const texts = await target.textsAsync(() =>
      target.attackAsync(async () => {
        for (const body of ['{"password": "secret-6"', '"secret-6"', 'secret-6']) {
          const peer = await target.connectTcpAsync()
          peer.send(`POST /x HTTP/1.1\r\n${host}${credentials.join('\r\n')}\r\nContent-Type: application/json\r\n`)
          peer.send(`Content-Length: ${body.length}\r\n\r\n${body}`)
          expect((await peer.answerAsync()).status).toBeGreaterThanOrEqual(400)
          peer.destroy()
        }
      }),
    )
    expect(texts.length).toBeGreaterThan(0)
    expect(texts.filter(line => line.includes('secret-'))).toEqual([])
  })
})
