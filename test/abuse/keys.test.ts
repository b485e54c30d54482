import type { HttpContext } from '@windhover/core'
import { ConfigurationBuilder } from '@windhover/hosting'
import { afterEach, describe, expect, it } from 'vitest'
import { attackTable } from './support/target.ts'

const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']
const own = Object.getOwnPropertyNames(Object.prototype).sort()

afterEach(() => {
  expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(own)
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
})

describe('keys that come from outside never index a plain object', () => {
  let read: (context: HttpContext) => Promise<unknown> | unknown
  const target = attackTable(app => {
    app.run(async context => context.response.writeAsJsonAsync(await read(context)))
  })

  async function tellAsync(head: string, body = ''): Promise<unknown> {
    let answer: unknown
    await target().strikeAsync(async () => {
      const peer = await target().connectTcpAsync()
      peer.send(`${head}\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n`.replace(/\nContent-Length: 0\r/, ''), '\r\n', body)
      const { status, body: json } = await peer.answerAsync()
      expect(status).toBe(200)
      answer = JSON.parse(json)
    })
    return answer
  }

  const boundary = 'Content-Type: multipart/form-data; boundary=b'
  const multipart = (name: string): string =>
    `--b\r\nContent-Disposition: form-data; name="${name}"\r\n${name}: x\r\n\r\npolluted\r\n--b--\r\n`

  it.each(names)('query, form, cookies and headers: %s is a name like any other', async name => {
    const get = ({ request }: HttpContext) => [request.query.get(name), request.cookies.get(name), request.headers.get(name)]
    read = get
    expect(await tellAsync('GET /none HTTP/1.1')).toEqual([null, null, null])
    const nested = `${name}[polluted]=x&${name}.polluted=x`
    expect(await tellAsync(`GET /x?${name}=q&${nested} HTTP/1.1\r\nCookie: ${name}=c\r\n${name}: h`)).toEqual(['q', 'c', 'h'])

    read = async ({ request }) => (await request.readFormAsync()).getAll(name)
    const encoded = 'POST /x HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded'
    expect(await tellAsync(encoded, `${name}=1&${name}=2&${nested}`)).toEqual(['1', '2'])
    expect(await tellAsync(`POST /x HTTP/1.1\r\n${boundary}`, multipart(name))).toEqual(['polluted'])
    expect(await tellAsync(encoded, 'other=1')).toEqual([])
  })

  it.each(names)('a parameter of a header named %s', async name => {
    read = async ({ request }) => [await request.readAsTextAsync(), request.hasFormContentType]
    expect(await tellAsync(`POST /x HTTP/1.1\r\nContent-Type: text/plain; ${name}=x; charset=utf-8`, 'text')).toEqual(['text', false])
  })
})

describe('configuration', () => {
  class Options {
    port = 1
    nested = { depth: 1 }
  }

  it.each(names)('%s is a key like any other, and sets nothing on a bound object but its own properties', name => {
    const json = JSON.stringify({ other: 1 }).replace('"other"', `"${name}":{"polluted":"x","depth":"x"},"port"`)
    const configuration = new ConfigurationBuilder()
      .addJsonStream(json)
      .addInMemoryCollection([[`nested:${name}:polluted`, 'x']])
      .build()
    expect(configuration.get(`${name}:polluted`)).toBe('x')
    expect(new ConfigurationBuilder().build().get(name)).toBeUndefined()
    const bound = configuration.bind(new Options())
    expect(bound).toEqual(new Options())
    expect(Object.getPrototypeOf(bound)).toBe(Options.prototype)
    expect(Object.getPrototypeOf(bound.nested)).toBe(Object.prototype)
    expect(Options.prototype.constructor).toBe(Options)
  })
})
