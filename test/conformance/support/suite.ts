import type { Duplex } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { comparable, type Delivery, deliver, type Expected, listen } from './conversation.ts'
import { EchoServer } from './echo-server.ts'

export interface ConformanceCase {
  name: string
  /** The section of RFC 6455 unless it says another. */
  section: string
  send: Buffer | Buffer[]
  expect: Expected[]
  /** The pieces in which the bytes are delivered, besides whole. Default: byte by byte and cut at every offset for up to 300 bytes. */
  deliveries?: Delivery[]
  /** The value of Sec-WebSocket-Extensions in the handshake. */
  extensions?: string
}

const shortest = 300

/** Runs every case against every echo loop of the server, with every delivery. */
export function conformanceSuite(title: string, cases: ConformanceCase[]): void {
  describe.each(['buffer loop', 'message loop'] as const)(`${title}, %s`, loop => {
    let server: EchoServer

    beforeAll(async () => {
      server = await EchoServer.startAsync(loop)
    })
    afterAll(() => server.stopAsync())

    it.each(cases)('$name ($section)', async ({ send, expect: expected, deliveries, extensions }) => {
      const bytes = Buffer.concat(Array.isArray(send) ? send : [send])
      for (const delivery of ['whole' as const, ...(deliveries ?? everyDelivery(bytes.length))]) {
        const connection = await server.connectAsync(extensions)
        const answer = await converse(connection, bytes, delivery, extensions !== undefined)
        expect(answer, `delivered ${typeof delivery === 'number' ? `cut at ${delivery}` : delivery}`).toEqual(expected.map(comparable))
      }
    })
  })
}

async function converse(connection: Duplex, bytes: Buffer, delivery: Delivery, inflate: boolean): Promise<Expected[]> {
  const answer = listen(connection, { inflate })
  await deliver(connection, bytes, delivery)
  const messages = await answer
  connection.destroy()
  return messages
}

function everyDelivery(length: number): Delivery[] {
  if (length > shortest) return []
  return ['byte by byte', ...Array.from({ length: Math.max(0, length - 1) }, (_, i) => i + 1)]
}
