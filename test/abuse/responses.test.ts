import type { HttpContext } from '@windhover/core'
import { describe, expect, it } from 'vitest'
import { handshakeBytes } from '../support/raw-handshake.ts'
import { attackTable } from './support/target.ts'

const injections = {
  'CR and LF': 'a\r\nSet-Cookie: forged=1',
  LF: 'a\nSet-Cookie: forged=1',
  CR: 'a\rSet-Cookie: forged=1',
  'a whole response': 'a\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nSet-Cookie: forged=1\r\n\r\n',
  NUL: 'a\0Set-Cookie: forged=1',
  'characters that end in the bytes of CR and LF': 'a\u010d\u010aSet-Cookie: forged=1',
}

type Use = (context: HttpContext, input: string) => unknown

const uses: Record<string, Use> = {
  'headers.set': ({ response }, input) => response.headers.set('x-user', input),
  'headers.append': ({ response }, input) => response.headers.append('x-user', input),
  'the name of a header': ({ response }, input) => response.headers.set(input, 'x'),
  contentType: ({ response }, input) => {
    response.contentType = input
  },
  redirect: ({ response }, input) => response.redirect(input),
  'the value of a cookie': ({ response }, input) => response.cookies.append('name', input),
  'the name of a cookie': ({ response }, input) => response.cookies.append(input, 'x'),
  'the path of a cookie': ({ response }, input) => response.cookies.append('name', 'x', { path: input }),
  'an extension of a cookie': ({ response }, input) => response.cookies.append('name', 'x', { extensions: [input] }),
  'a sub-protocol': ({ webSockets }, input) => webSockets.acceptWebSocketAsync(input),
}

describe('response header with CR/LF from user input, redirect to user input: rejected by the header API', () => {
  let use: Use
  let input = ''
  const errors: unknown[] = []
  const target = attackTable(app => {
    app.run(async context => {
      try {
        await use(context, input)
      } catch (error) {
        errors.push(error)
        throw error
      }
    })
  })
  /** A cookie's value is encoded instead. */
  const isEncoded = (name: string): boolean => name === 'the value of a cookie'

  it.each(Object.keys(uses).flatMap(name => Object.keys(injections).map(injection => ({ name, injection }))))(
    '$injection in $name',
    async ({ name, injection }) => {
      use = uses[name]!
      input = injections[injection as keyof typeof injections]
      errors.length = 0
      await target().strikeAsync(async () => {
        const peer = await target().connectTcpAsync()
        peer.send(name === 'a sub-protocol' ? handshakeBytes() : 'GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n')
        const answer = await peer.answerAsync()
        expect(answer.head).not.toMatch(/^Set-Cookie: forged/im)
        expect(answer.status).toBe(isEncoded(name) ? 200 : 500)
        peer.send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
        expect(await peer.answerAsync()).toMatchObject({ status: 200, body: 'alive' })
      })
      expect(errors).toHaveLength(isEncoded(name) ? 0 : 1)
      expect(errors.every(error => /^WINDHOVER_ERR_/.test((error as { code: string }).code))).toBe(true)
    },
  )
})
