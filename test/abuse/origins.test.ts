import { WebHost } from '@windhover/hosting'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../static-files/temporary-folder.ts'
import { handshakeBytes } from '../support/raw-handshake.ts'
import { attackTable } from './support/target.ts'

describe('browser from another origin, with cookies: 403 before accept', () => {
  let reached = 0
  const target = attackTable(app => {
    app.run(async ({ webSockets }) => {
      reached++
      await webSockets.acceptWebSocketAsync()
    })
  })

  it.each([
    'Origin: http://evil.example',
    'Origin: null',
    'Origin: http://localhost.evil.example',
    'Origin: http://evil.example/localhost',
    'Origin: http://localhost@evil.example',
    'Origin: http://localhost:81',
    'Origin: file://',
    'Origin: localhost',
    'Origin: http://localhost, http://evil.example',
    'Origin: http://localhost\r\nOrigin: http://evil.example',
    'Origin: http://evil.example\r\nX-Forwarded-Host: evil.example',
    'Origin: http://evil.example\r\nForwarded: host=evil.example',
  ])('%j', async origin => {
    await target().strikeAsync(async () => {
      const peer = await target().connectTcpAsync()
      peer.send(handshakeBytes({ headers: [...origin.split('\r\n'), 'Cookie: session=1'] }))
      expect((await peer.answerAsync()).status).toBe(403)
    })
    expect(reached).toBe(0)
  })
})

describe('DNS rebinding: Origin and Host both of a stranger in Development: 400 by host filtering', () => {
  const folder = temporaryFolder({})
  let reached = 0
  const target = attackTable(
    app => {
      app.run(async ({ webSockets }) => {
        reached++
        if (webSockets.isWebSocketRequest) await webSockets.acceptWebSocketAsync()
      })
    },
    {
      builder: WebHost.createDefaultBuilder(['--environment', 'Development', '--contentRoot', folder]).configureLogging(logging =>
        logging.clearProviders(),
      ),
    },
  )

  it.each([
    'evil.example:5000',
    'EVIL.example',
    'localhost.evil.example',
    'evil-localhost',
    '127.0.0.1.evil.example',
    '127.0.0.1.nip.io:5000',
    '0x7f000001',
    '2130706433',
    'localhost.',
  ])('%s', async host => {
    await target().strikeAsync(async () => {
      for (const bytes of [
        handshakeBytes({ headers: [`Origin: http://${host}`] }).toString(),
        `GET /secret HTTP/1.1\r\nHost: localhost\r\n\r\n`,
      ]) {
        const peer = await target().connectTcpAsync()
        peer.send(bytes.replace('Host: localhost', `Host: ${host}`))
        expect((await peer.answerAsync()).status).toBe(400)
      }
    })
    expect(reached).toBe(0)
  })
})
