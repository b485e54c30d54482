import { once } from 'node:events'
import { createServer } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import {
  BadHttpRequestException,
  type HttpContext,
  HttpMaxRequestBodySizeFeature,
  HttpUpgradeFeature,
  InvalidOperationException,
  LogLevel,
  markLogged,
  OperationCanceledException,
} from '@windhover/core'
import { describe, expect, it } from 'vitest'
import { deferred } from '../../support/deferred.ts'
import { get, RunningServer } from './running-server.ts'

const handshake = 'GET /up HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n'

function upgradeOf(context: HttpContext): HttpUpgradeFeature {
  return context.features.getRequired(HttpUpgradeFeature)
}

/** Upgrades, and echoes until the peer ends or a chunk contains `bye`. Other paths get an ordinary answer. */
async function echo(context: HttpContext): Promise<void> {
  if (context.request.path !== '/up') return context.response.writeAsync(`[${context.request.path}]`)
  const stream = await upgradeOf(context).upgradeAsync()
  for await (const chunk of stream) {
    stream.write(`echo ${chunk}`)
    if (String(chunk).includes('bye')) break
  }
}

describe('an upgrade', () => {
  it('sends the 101 with the headers of the response, and hands over the raw socket', async () => {
    const handed = deferred<Duplex>()
    await using server = await RunningServer.startAsync(async context => {
      context.response.headers.set('Upgrade', 'echo')
      context.response.headers.append('Set-Cookie', 'a=1')
      context.response.contentLength = 5
      context.response.onStarting(() => context.response.headers.set('x-status', context.response.statusCode))
      const stream = await upgradeOf(context).upgradeAsync()
      handed.resolve(stream)
      await once(stream.resume(), 'end')
    })
    const client = await server.connectAsync()
    client.send(handshake)
    const head = await client.untilAsync('\r\n\r\n')
    expect(head.replace(/Date: [^\r]+ GMT/, 'Date')).toBe(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nSet-Cookie: a=1\r\nConnection: Upgrade\r\nx-status: 101\r\nDate\r\n\r\n',
    )
    const stream = (await handed.promise) as Socket
    expect(stream).toBeInstanceOf(Socket)
    expect(stream.timeout ?? 0).toBe(0)
    expect(['timeout', 'drain', 'pause', 'resume'].map(event => stream.listenerCount(event))).toEqual([0, 0, 0, 0])
    expect(stream.setEncoding('utf8')).toBe(stream)
  })

  it('gives the bytes behind the head first', async () => {
    await using server = await RunningServer.startAsync(echo)
    const client = await server.connectAsync()
    client.send(`${handshake}first`)
    await client.untilAsync('echo first')
    client.send('second')
    await client.untilAsync('echo second')
  })

  it('ends the connection when the delegate returns', async () => {
    await using server = await RunningServer.startAsync(echo)
    const client = await server.connectAsync()
    client.send(`${handshake}bye`)
    expect(await client.restAsync()).toMatch(/echo bye$/)
    expect(server.application.outcomes).toEqual([undefined])
  })

  it('ends the connection of a peer that does not end its side', async () => {
    await using server = await RunningServer.startAsync(echo, { limits: { upgradedCloseTimeout: 20 } })
    const client = await server.connectAsync()
    client.send(`${handshake}bye`)
    await client.restAsync()
    await server.server.stopAsync()
    expect(client.socket.writable).toBe(true)
  })

  it('works for HTTP/1.0, with a Content-Length of 0, and beside Connection: close', async () => {
    await using server = await RunningServer.startAsync(echo)
    for (const request of [
      handshake.replace('HTTP/1.1', 'HTTP/1.0'),
      handshake.replace('\r\n\r\n', '\r\nContent-Length: 0\r\n\r\n'),
      handshake.replace('Upgrade\r\n', 'Upgrade, close\r\n'),
    ]) {
      const client = await server.connectAsync()
      client.send(`${request}bye`)
      expect(await client.restAsync()).toMatch(/^HTTP\/1\.1 101 .*echo bye$/s)
    }
  })

  it('leaves nothing of the request to read or to write', async () => {
    const checked = deferred()
    await using server = await RunningServer.startAsync(async context => {
      const { request, response, features } = context
      await upgradeOf(context).upgradeAsync()
      expect(await request.readAsTextAsync()).toBe('')
      expect([request.method, request.path, request.protocol, request.headers.get('upgrade')]).toEqual(['GET', '/up', 'HTTP/1.1', 'echo'])
      expect(response.hasStarted).toBe(true)
      expect(features.getRequired(HttpMaxRequestBodySizeFeature).isReadOnly).toBe(true)
      await expect(response.writeAsync('x')).rejects.toThrow(InvalidOperationException)
      await expect(upgradeOf(context).upgradeAsync()).rejects.toMatchObject({ code: 'WINDHOVER_ERR_UPGRADED_TWICE' })
      checked.resolve()
    })
    const client = await server.connectAsync()
    client.send(handshake)
    await client.restAsync()
    await checked.promise
  })
})

describe('a request that was not upgraded', () => {
  it('gets an ordinary answer, and its connection can be upgraded later', async () => {
    let refusals = 0
    await using server = await RunningServer.startAsync(context => {
      if (refusals++ < 2) {
        context.response.statusCode = 401
        return context.response.writeAsync('not you')
      }
      return echo(context)
    })
    const client = await server.connectAsync()
    for (let i = 0; i < 2; i++) {
      client.send(handshake)
      expect(await client.untilAsync('not you')).toMatch(/^HTTP\/1\.1 401 /)
    }
    client.send(`${handshake}bye`)
    expect(await client.restAsync()).toContain('echo bye')
  })

  it('ends the connection when bytes came behind it, which may be of the other protocol', async () => {
    await using server = await RunningServer.startAsync(({ response }) => response.writeAsync('no'))
    const client = await server.connectAsync()
    client.send(`${handshake}${get('/smuggled')}`)
    expect(await client.restAsync()).toMatch(/Connection: close\r\n.*\r\n\r\nno$/s)
    expect(server.application.outcomes).toHaveLength(1)
  })

  it('is answered with what its delegate writes over time', async () => {
    await using server = await RunningServer.startAsync(async ({ response }) => {
      for (let i = 0; i < 16; i++) await response.writeAsync('x'.repeat(500_000))
    })
    const client = await server.connectAsync()
    client.send(handshake)
    await client.untilAsync('\r\n\r\n')
    expect((await client.untilAsync('\r\n0\r\n\r\n')).match(/x/g)).toHaveLength(8_000_000)
  })

  it.each([
    ['CONNECT', 'CONNECT h:80 HTTP/1.1\r\nHost: h:80\r\n\r\n'],
    ['an Upgrade header alone', 'GET / HTTP/1.1\r\nHost: h\r\nUpgrade: echo\r\n\r\n'],
    ['Connection: upgrade alone', 'GET / HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\n\r\n'],
  ])('is upgradable neither by %s', async (_, request) => {
    await using server = await RunningServer.startAsync(async context => {
      expect(upgradeOf(context).isUpgradableRequest).toBe(false)
      await expect(upgradeOf(context).upgradeAsync()).rejects.toThrow(InvalidOperationException)
      await context.response.writeAsync('ordinary')
    })
    const client = await server.connectAsync()
    client.send(request)
    await client.untilAsync('ordinary')
    client.send(get('/'))
    expect(await client.restAsync()).toContain('ordinary')
  })

  it('cannot be upgraded once its response has started', async () => {
    await using server = await RunningServer.startAsync(async context => {
      await context.response.writeAsync('started')
      await expect(upgradeOf(context).upgradeAsync()).rejects.toMatchObject({ code: 'WINDHOVER_ERR_RESPONSE_STARTED' })
    })
    const client = await server.connectAsync()
    client.send(handshake)
    expect(await client.untilAsync('started')).toContain(' 200 ')
  })

  it('is a 500 when an onStarting callback of the 101 fails', async () => {
    await using server = await RunningServer.startAsync(async context => {
      context.response.onStarting(() => {
        throw new Error('starting')
      })
      await upgradeOf(context).upgradeAsync()
    })
    const client = await server.connectAsync()
    client.send(handshake)
    expect(await client.untilAsync('\r\n\r\n')).toMatch(/^HTTP\/1\.1 500 .*Content-Length: 0/s)
    expect(server.log.summary).toEqual([[LogLevel.Error, 13, new Error('starting')]])
  })
})

describe('what only looks like an upgrade', () => {
  // Newer Node asks whether to upgrade, and then loses what is pipelined behind a request that is not.
  const canDeclineUpgrades = 'shouldUpgradeCallback' in createServer()
  const body = 'hello'
  const upgradeHeaders = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n'

  it.each([
    ['a length', `Content-Length: 5\r\n\r\n${body}`],
    ['chunks', `Transfer-Encoding: chunked\r\n\r\n5\r\n${body}\r\n0\r\n\r\n`],
  ])('is served with its body of %s; so is the request behind it, or the connection ends', async (_, rest) => {
    await using server = await RunningServer.startAsync(async ({ request, response }) => {
      await response.writeAsync(`[${request.method} ${await request.readAsTextAsync()} ${request.headers.get('upgrade')}]`)
    })
    const client = await server.connectAsync()
    client.send(`POST / HTTP/1.1\r\nHost: h\r\n${upgradeHeaders}${rest}${get('/')}`)
    const answers = await client.restAsync()
    expect(answers).toContain('[POST hello h2c]')
    expect(answers).toContain(canDeclineUpgrades ? 'Connection: close' : '[GET  null]')
  })

  it('is served when its body comes later', async () => {
    await using server = await RunningServer.startAsync(async ({ request, response }) =>
      response.writeAsync(await request.readAsTextAsync()),
    )
    const client = await server.connectAsync()
    client.send(`POST / HTTP/1.1\r\nHost: h\r\n${upgradeHeaders}Content-Length: 5\r\n\r\n`)
    await turn()
    client.send(body)
    expect(await client.untilAsync(body)).toContain(' 200 ')
  })
})

describe('pipelining before an upgrade', () => {
  it.each([
    ['answers at once', async () => {}],
    ['answers late', async () => void (await turn())],
    [
      'answers with more than the socket takes at once',
      async ({ response }: HttpContext) => {
        for (let i = 0; i < 20; i++) await response.writeAsync('x'.repeat(500_000))
      },
    ],
  ])('waits for a request that %s', async (_, before) => {
    await using server = await RunningServer.startAsync(async context => {
      if (context.request.path === '/first') await before(context)
      await echo(context)
    })
    const client = await server.connectAsync()
    client.send(`GET /first HTTP/1.1\r\nHost: h\r\n\r\n${handshake}bye`)
    const answers = await client.restAsync()
    expect(answers.indexOf('[/first]')).toBeLessThan(answers.indexOf('HTTP/1.1 101'))
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 101'])
    expect(answers).toMatch(/echo bye$/)
  })

  it('waits for all of them, one after the other', async () => {
    let running = 0
    await using server = await RunningServer.startAsync(async context => {
      expect(++running).toBe(1)
      await turn()
      running--
      await echo(context)
    })
    const client = await server.connectAsync()
    const gets = Array.from({ length: 100 }, (_, index) => `GET /${index} HTTP/1.1\r\nHost: h\r\n\r\n`)
    client.send(`${gets.join('')}${handshake}bye`)
    const answers = await client.restAsync()
    expect(answers.match(/\[\/\d+\]/g)).toEqual(gets.map((_, index) => `[/${index}]`))
    expect(answers).toMatch(/echo bye$/)
  })

  it('does not serve it behind the last response of the connection', async () => {
    await using server = await RunningServer.startAsync(echo)
    const client = await server.connectAsync()
    client.send(`${get('/last')}${handshake}bye`)
    expect(await client.restAsync()).toMatch(/\[\/last\]$/)
    expect(server.application.outcomes).toHaveLength(1)
  })
})

it.each([
  ['that is not upgraded', handshake],
  ['in front of an upgrade', `GET /first HTTP/1.1\r\nHost: h\r\n\r\n${handshake}`],
])('the response of a request %s adds no listener for each wait', async (_, bytes) => {
  const warnings: string[] = []
  const onWarning = ({ message }: Error): number => warnings.push(message)
  process.on('warning', onWarning)
  await using server = await RunningServer.startAsync(async ({ response }) => {
    for (let i = 0; i < 15; i++) await response.writeAsync('x'.repeat(500_000))
    await response.writeAsync('last')
  })
  const client = await server.connectAsync()
  client.send(bytes)
  await client.untilAsync('last')
  process.off('warning', onWarning)
  expect(warnings).toEqual([])
})

describe('a peer that ends its half before its upgrade is accepted', () => {
  it('has left: requestAborted fires, the upgrade is refused, and the connection ends without an answer', async () => {
    const reached = deferred()
    const refusal = deferred<unknown>()
    await using server = await RunningServer.startAsync(async context => {
      reached.resolve()
      await once(context.requestAborted, 'abort')
      await upgradeOf(context).upgradeAsync().catch(refusal.resolve)
    })
    const client = await server.connectAsync()
    client.send(handshake)
    await reached.promise
    client.end()
    expect(await client.restAsync()).toBe('')
    expect(await refusal.promise).toBeInstanceOf(OperationCanceledException)
  })

  it('gets no answer either when it was refused in the meantime, and its connection does not stay', async () => {
    const reached = deferred()
    await using server = await RunningServer.startAsync(async context => {
      reached.resolve()
      await once(context.requestAborted, 'abort')
      context.response.statusCode = 401
    })
    const client = await server.connectAsync()
    client.send(handshake)
    await reached.promise
    client.end()
    expect(await client.restAsync()).not.toContain('401')
  })
})

describe('an upgraded connection that is lost', () => {
  /** Upgrades, tells by the first byte that it has, and gives the moment of `requestAborted`. */
  async function upgraded(use: (stream: Duplex) => void): Promise<{ server: RunningServer; aborted: Promise<void>; done: () => void }> {
    const aborted = deferred()
    const done = deferred()
    const server = await RunningServer.startAsync(async context => {
      context.requestAborted.addEventListener('abort', () => aborted.resolve())
      const stream = await upgradeOf(context).upgradeAsync()
      stream.write('!')
      use(stream)
      await done.promise
    })
    return { server, aborted: aborted.promise, done: () => done.resolve() }
  }

  it('fires requestAborted when the peer resets it', async () => {
    const { server, aborted, done } = await upgraded(() => {})
    await using _ = server
    const client = await server.connectAsync()
    client.send(handshake)
    await client.untilAsync('!')
    client.reset()
    await aborted
    done()
  })

  it('fires requestAborted when its owner destroys it at the end of the peer', async () => {
    const { server, aborted, done } = await upgraded(stream => stream.resume().once('end', () => stream.destroy()))
    await using _ = server
    const client = await server.connectAsync()
    client.send(handshake)
    await client.untilAsync('!')
    client.end()
    await aborted
    done()
  })

  it('fires requestAborted when the peer ends it, and stays readable and writable', async () => {
    const { server, aborted, done } = await upgraded(stream => stream.resume())
    await using _ = server
    const client = await server.connectAsync()
    client.send(handshake)
    await client.untilAsync('!')
    client.end()
    await aborted
    done()
    expect(await client.restAsync()).toBe('')
  })

  it('does not fire it when its owner has ended it', async () => {
    const closed = deferred()
    let signal: AbortSignal | undefined
    await using server = await RunningServer.startAsync(async context => {
      signal = context.requestAborted
      const stream = await upgradeOf(context).upgradeAsync()
      stream.resume().once('close', () => closed.resolve())
      stream.end('!')
      await closed.promise
    })
    const client = await server.connectAsync()
    client.send(handshake)
    await client.restAsync()
    client.end()
    await closed.promise
    await server.server.stopAsync()
    expect(signal?.aborted).toBe(false)
  })

  it('does not end the process when it is reset before, while and after it is accepted', async () => {
    const reached = deferred()
    await using server = await RunningServer.startAsync(async context => {
      reached.resolve()
      await turn()
      await echo(context)
    })
    const client = await server.connectAsync()
    client.send(handshake)
    await reached.promise
    client.reset()
    await server.server.stopAsync()
    expect(server.log.entries.filter(({ level }) => level !== LogLevel.Debug)).toEqual([])
  })
})

describe('a throw after the 101', () => {
  it('is logged once, and ends the connection', async () => {
    const error = new Error('after')
    await using server = await RunningServer.startAsync(async context => {
      await upgradeOf(context).upgradeAsync()
      throw error
    })
    const client = await server.connectAsync()
    client.send(handshake)
    expect(await client.restAsync()).toMatch(/^HTTP\/1\.1 101 .*\r\n\r\n$/s)
    expect(server.log.summary).toEqual([[LogLevel.Error, 13, error]])
  })

  it('is not logged when a layer below has done so', async () => {
    const error = new Error('after')
    await using server = await RunningServer.startAsync(async context => {
      await upgradeOf(context).upgradeAsync()
      markLogged(error)
      throw error
    })
    const client = await server.connectAsync()
    client.send(handshake)
    await client.restAsync()
    expect(server.application.outcomes).toEqual([error])
    expect(server.log.entries).toEqual([])
  })
})

describe('the limits of upgrades', () => {
  it('refuse one too many with a bad-request error of 503, and take the next when one has ended', async () => {
    await using server = await RunningServer.startAsync(
      async context => {
        const error = await echo(context).catch((thrown: unknown) => thrown)
        if (error === undefined) return
        expect(error).toBeInstanceOf(BadHttpRequestException)
        expect(context.response.headers.has('Connection')).toBe(false)
        throw error
      },
      { limits: { maxConcurrentUpgradedConnections: 1 } },
    )
    const first = await server.connectAsync()
    first.send(`${handshake}1`)
    await first.untilAsync('echo 1')
    expect(await server.exchangeAsync(handshake)).toMatch(/^HTTP\/1\.1 503 /)
    first.send('bye')
    await first.restAsync()
    const second = await server.connectAsync()
    second.send(`${handshake}2`)
    await second.untilAsync('echo 2')
  })

  it('refuse, before the pipeline, what waits beside too many that nobody has accepted yet', async () => {
    const go = deferred()
    const reached = deferred()
    await using server = await RunningServer.startAsync(
      async context => {
        reached.resolve()
        await go.promise
        await echo(context)
      },
      { limits: { maxPendingUpgrades: 1 } },
    )
    const first = await server.connectAsync()
    first.send(handshake)
    await reached.promise
    expect(await server.exchangeAsync(handshake)).toMatch(/^HTTP\/1\.1 503 .*Connection: close/s)
    go.resolve()
    first.send('1')
    await first.untilAsync('echo 1')
    const second = await server.connectAsync()
    second.send(`${handshake}2`)
    await second.untilAsync('echo 2')
  })

  it('do not count upgraded connections among the ordinary ones', async () => {
    await using server = await RunningServer.startAsync(echo, { limits: { maxConcurrentConnections: 1 } })
    for (const name of ['1', '2', '3']) {
      const client = await server.connectAsync()
      client.send(`${handshake}${name}`)
      await client.untilAsync(`echo ${name}`)
    }
  })
})

describe('time-outs', () => {
  it('do not end an upgraded connection that is silent', async () => {
    await using server = await RunningServer.startAsync(echo, { limits: { keepAliveTimeout: 20, requestHeadersTimeout: 20 } })
    const client = await server.connectAsync()
    client.send(`${handshake}1`)
    await client.untilAsync('echo 1')
    // Node looks at its connections every 100 ms; another one that is silent shows that it has looked.
    const silent = await server.connectAsync()
    silent.send('GET /')
    await silent.restAsync()
    client.send('2')
    await client.untilAsync('echo 2')
  })
})
