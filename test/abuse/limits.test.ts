import { readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { text as textOf } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { FormOptions } from '@windhover/core'
import { NodeServer } from '@windhover/hosting'
import { WebSocketOptions } from '@windhover/websockets'
import { expect, it } from 'vitest'
import { WebSocketLimits } from '../../packages/websockets/src/options/web-socket-limits.ts'
import { ChildProcess } from '../support/child-process.ts'

it('limits live in one place, and a change of a default is seen here', () => {
  expect(new NodeServer().options.limits).toMatchInlineSnapshot(`
    {
      "bodyDrainTimeout": 5000,
      "http2": {
        "headerTableSize": 4096,
        "initialConnectionWindowSize": 1048576,
        "initialStreamWindowSize": 786432,
        "maxFrameSize": 16384,
        "maxInvalidFrames": 1000,
        "maxRejectedStreams": 100,
        "maxSessionMemory": 10000000,
        "maxSettings": 32,
        "maxStreamsPerConnection": 100,
        "streamResetBurst": 1000,
        "streamResetRate": 33,
      },
      "keepAliveTimeout": 130000,
      "maxConcurrentConnections": null,
      "maxConcurrentUpgradedConnections": null,
      "maxPendingUpgrades": 10000,
      "maxRequestBodySize": 30000000,
      "maxRequestHeaderCount": 100,
      "maxRequestHeadersTotalSize": 32768,
      "maxRequestLineSize": 8192,
      "minRequestBodyDataRate": {
        "bytesPerSecond": 240,
        "gracePeriod": 5000,
      },
      "minResponseDataRate": {
        "bytesPerSecond": 240,
        "gracePeriod": 5000,
      },
      "requestHeadersTimeout": 30000,
      "upgradedCloseTimeout": 2000,
    }
  `)
  expect(WebSocketLimits).toMatchInlineSnapshot(`
    {
      "closeTimeout": 10000,
      "compressedInTurn": 16384,
      "compressionHistory": 8192,
      "compressionTurn": 10,
      "copiedPayload": 16384,
      "expandedInTurn": 65536,
      "extensionOffers": 16,
      "gatheredChunk": 4096,
      "maxMessageSize": 1048576,
      "messagesPerTurn": 128,
      "readAhead": 65536,
      "readAheadResume": 16384,
      "slab": 65536,
      "slabs": 128,
      "turn": 1,
      "unreadTimeout": 120000,
    }
  `)
  expect(new WebSocketOptions()).toMatchInlineSnapshot(`
    WebSocketOptions {
      "allowedOrigins": [],
      "closeTimeout": 10000,
      "keepAliveInterval": 120000,
      "keepAliveTimeout": 30000,
      "maxMessageSize": 1048576,
      "onStopping": "close",
      "receiveBufferSize": undefined,
      "unreadTimeout": 120000,
    }
  `)
  expect(new FormOptions()).toMatchInlineSnapshot(`
    FormOptions {
      "bufferBody": false,
      "bufferBodyLengthLimit": 134217728,
      "keyLengthLimit": 2048,
      "memoryBufferThreshold": 65536,
      "multipartBodyLengthLimit": 134217728,
      "multipartBoundaryLengthLimit": 128,
      "multipartHeadersCountLimit": 16,
      "multipartHeadersLengthLimit": 16384,
      "valueCountLimit": 1024,
      "valueLengthLimit": 4194304,
    }
  `)
})

it('the limits of WebSocketOptions are those of WebSocketLimits, which nobody can change', () => {
  const { maxMessageSize, closeTimeout, unreadTimeout } = new WebSocketOptions()
  expect(WebSocketLimits).toMatchObject({ maxMessageSize, closeTimeout, unreadTimeout })
  expect(Object.isFrozen(WebSocketLimits)).toBe(true)
})

it('insecureHTTPParser stays off, also in a process that was started with --insecure-http-parser', async () => {
  const program = fileURLToPath(new URL('programs/target.mjs', import.meta.url))
  await using server = new ChildProcess(['--insecure-http-parser', program, '--urls', 'http://127.0.0.1:0'])
  const [, port] = await server.waitForOutputAsync(/Now listening on: http:\/\/127\.0\.0\.1:(\d+)/)
  const answers = await Promise.all(
    ['x: a\0b\r\n', 'Content-Length: 0\r\nTransfer-Encoding: chunked\r\n', 'Transfer-Encoding : chunked\r\n'].map(async line => {
      const socket = connect(Number(port), '127.0.0.1')
      socket.end(`POST / HTTP/1.1\r\nHost: localhost\r\n${line}\r\n0\r\n\r\n`)
      return (await textOf(socket)).slice(0, 12)
    }),
  )
  expect(answers).toEqual(Array(3).fill('HTTP/1.1 400'))
})

it('HTTP/1.1 is never parsed by ourselves: one file gives connections to the parser of Node', () => {
  const sources = new URL('../../packages/', import.meta.url).pathname
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter(name => /\/src\/.*\.ts$/.test(name))
  const parsing = files.filter(name =>
    /HTTPParser|process\.binding|_http_common|\bcreateServer\b.*from 'node:http'/.test(readFileSync(sources + name, 'utf8')),
  )
  expect(parsing).toEqual(['hosting/src/node-server/http-engine.ts'])
})
