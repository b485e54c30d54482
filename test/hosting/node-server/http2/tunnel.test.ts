import { once } from 'node:events'
import type { ClientHttp2Stream } from 'node:http2'
import type { Duplex } from 'node:stream'
import { type HttpContext, HttpExtendedConnectFeature, HttpUpgradeFeature } from '@windhover/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RunningServer } from '../running-server.ts'
import { codeName, Http2Client } from './http2-client.ts'

const connect = { ':method': 'CONNECT', ':protocol': 'echo', ':scheme': 'http', ':authority': 'h' }

/** RFC 8441, for any protocol; what WebSockets make of it is tested with them. */
describe('an extended CONNECT', () => {
  let running: RunningServer
  let client: Http2Client
  let handle: (context: HttpContext, accept: () => Promise<Duplex>) => Promise<void>

  beforeAll(async () => {
    running = await RunningServer.startAsync(
      context => handle(context, () => context.features.getRequired(HttpExtendedConnectFeature).acceptAsync()),
      { protocols: 'http2', limits: { maxConcurrentUpgradedConnections: 1, maxPendingUpgrades: 2, upgradedCloseTimeout: 50 } },
    )
    client = await Http2Client.connectAsync(running.port)
  })

  afterAll(async () => {
    client[Symbol.dispose]()
    await running[Symbol.asyncDispose]()
  })

  function open(headers = {}): ClientHttp2Stream {
    const stream = client.open({ ...connect, ...headers }, { open: true })
    stream.on('error', () => {})
    return stream
  }

  async function statusOf(stream: ClientHttp2Stream): Promise<number> {
    const [headers] = await once(stream, 'response')
    return headers[':status']
  }

  async function codeOf(stream: ClientHttp2Stream): Promise<string> {
    stream.resume()
    // `once` would take the error of a reset for its own.
    if (!stream.destroyed) await new Promise(resolve => stream.once('close', resolve))
    return codeName(stream.rstCode!)
  }

  it('shows its protocol, is accepted with 200, and is a stream of bytes both ways until both have ended', async () => {
    let protocol: string | undefined
    handle = async (context, accept) => {
      protocol = context.features.getRequired(HttpExtendedConnectFeature).protocol
      context.response.headers.set('X-Early', 'yes')
      context.response.headers.set('Content-Length', '7')
      const stream = await accept()
      for await (const chunk of stream) stream.write(chunk)
      stream.end('over')
      expect(context.requestAborted.aborted).toBe(true) // the peer has ended first
    }
    const stream = open()
    const [headers] = await once(stream, 'response')
    expect([headers[':status'], headers['x-early'], headers['content-length']]).toEqual([200, 'yes', undefined])
    expect(protocol).toBe('echo')
    stream.write('hello')
    expect(String((await once(stream, 'data'))[0])).toBe('hello')
    stream.end()
    expect(String((await once(stream, 'data'))[0])).toBe('over')
    expect(await codeOf(stream)).toBe('NO_ERROR')
    expect(running.application.outcomes.pop()).toBeUndefined()
  })

  it.each<[what: string, end: (stream: Duplex, context: HttpContext) => void, code: string]>([
    ['end() is its end', stream => void stream.end(), 'NO_ERROR'],
    ['destroy() resets it', stream => void stream.destroy(), 'INTERNAL_ERROR'],
    ['an abort of the request resets it', (_, context) => context.abort(), 'INTERNAL_ERROR'],
    ['a handler that returns has ended it', () => {}, 'NO_ERROR'],
  ])('%s', async (_, end, code) => {
    handle = async (context, accept) => {
      const stream = await accept()
      await once(stream, 'readable')
      end(stream, context)
    }
    const stream = open()
    expect(await statusOf(stream)).toBe(200)
    stream.write('end it')
    expect(await codeOf(stream)).toBe(code)
  })

  it('is reset when its handler throws', async () => {
    handle = async (_, accept) => {
      await accept()
      throw new Error('thrown by the test')
    }
    expect(await codeOf(open())).toBe('INTERNAL_ERROR')
  })

  it('is aborted when its peer resets it', async () => {
    let aborted!: () => void
    const wasAborted = new Promise<void>(resolve => (aborted = resolve))
    handle = async (context, accept) => {
      context.requestAborted.addEventListener('abort', aborted)
      await accept()
      await wasAborted
    }
    const stream = open()
    await statusOf(stream)
    stream.close(8)
    await wasAborted
  })

  it('cannot be accepted twice, nor behind the start of an answer, nor when it is none', async () => {
    const seen: unknown[] = []
    const tryAsync = (accept: () => Promise<unknown>): Promise<unknown> => accept().catch(error => seen.push(error.code))
    handle = async (_, accept) => {
      await accept()
      await tryAsync(accept)
    }
    await codeOf(open())
    handle = async ({ response }, accept) => {
      await response.startAsync()
      await tryAsync(accept)
    }
    await codeOf(open())
    handle = async (context, accept) => {
      await tryAsync(accept)
      await tryAsync(() => context.features.getRequired(HttpUpgradeFeature).upgradeAsync())
    }
    await client.requestAsync()
    expect(seen).toEqual([
      'WINDHOVER_ERR_UPGRADED_TWICE',
      'WINDHOVER_ERR_RESPONSE_STARTED',
      'WINDHOVER_ERR_NOT_EXTENDED_CONNECT',
      'WINDHOVER_ERR_NOT_UPGRADABLE',
    ])
  })

  it('that nobody accepts has an ordinary answer', async () => {
    handle = async ({ response }) => {
      response.statusCode = 401
      await response.writeAsync('no')
    }
    const stream = open()
    expect(await statusOf(stream)).toBe(401)
    expect(String((await once(stream, 'data'))[0])).toBe('no')
    expect(await codeOf(stream)).toBe('NO_ERROR')
  })

  it('counts against the limits of upgrades, accepted and pending', async () => {
    let release!: () => void
    const released = new Promise<void>(resolve => (release = resolve))
    handle = async (_, accept) => {
      await accept()
      await released
    }
    const first = open()
    expect(await statusOf(first)).toBe(200)
    expect(await statusOf(open())).toBe(503)
    handle = () => released
    const pending = [open(), open()]
    expect(await statusOf(open())).toBe(503)
    release()
    await Promise.all([first, ...pending].map(codeOf))
  })
})
