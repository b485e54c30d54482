import { once } from 'node:events'
import { connect } from 'node:net'
import type { HttpContext } from '@windhover/core'
import { ServerAddressesFeature } from '@windhover/core'
import { type NodeServerLimits, WebHostBuilder } from '@windhover/hosting'
import { describe, expect, it } from 'vitest'

/** What a server answers to bytes that come in one packet, over TCP; the connection is ended when the answer is. */
async function answerTo(bytes: string, handle: (context: HttpContext) => Promise<void>, limits: NodeServerLimits = {}): Promise<string> {
  const builder = new WebHostBuilder().useNodeServer({ limits }).useUrls('http://127.0.0.1:0')
  await using host = builder.configure(app => app.run(handle)).build()
  await host.startAsync()
  const [address] = host.serverFeatures.getRequired(ServerAddressesFeature).addresses
  const socket = connect(Number(new URL(address!).port), '127.0.0.1')
  let text = ''
  socket.setEncoding('latin1').on('data', chunk => (text += chunk))
  socket.end(bytes)
  await once(socket, 'close')
  return text
}

const waysToRead: { name: string; read(context: HttpContext): Promise<unknown> }[] = [
  { name: 'as text', read: ({ request }) => request.readAsTextAsync() },
  {
    name: 'by iteration',
    read: async ({ request }) => {
      for await (const _ of request.body);
    },
  },
  { name: 'by events', read: ({ request }) => once(request.body.resume(), 'end') },
  {
    name: 'late',
    read: async ({ request }) => {
      await new Promise(setImmediate)
      return request.readAsTextAsync()
    },
  },
]

describe('a body in one packet with its head', () => {
  it.each(waysToRead)('is refused with 413 when it is over the limit and read $name', async ({ read }) => {
    const bytes = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nabcd'
    const answer = await answerTo(bytes, context => read(context).then(() => context.response.writeAsync('read')), {
      maxRequestBodySize: 3,
    })
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
  })

  it.each(waysToRead)('is read $name when it is within the limit', async ({ read }) => {
    const bytes = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc'
    const answer = await answerTo(bytes, context => read(context).then(() => context.response.writeAsync('read')), {
      maxRequestBodySize: 3,
    })
    expect(answer).toMatch(/^HTTP\/1\.1 200 .*read$/s)
  })
})

it('answers every pipelined request up to the one that ends the connection, and none behind it', async () => {
  const requests = ['first', 'second', 'third', 'fourth'].map(
    name => `GET /${name} HTTP/1.1\r\nHost: a\r\n${name === 'third' ? 'Connection: close\r\n' : ''}\r\n`,
  )
  const answer = await answerTo(requests.join(''), ({ request, response }) => response.writeAsync(request.path))
  expect(answer.match(/\/(first|second|third|fourth)/g)).toEqual(['/first', '/second', '/third'])
})
