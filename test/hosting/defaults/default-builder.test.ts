import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Configuration, LoggerFactory, LogLevel, ServerAddressesFeature } from '@windhover/core'
import { WebHost } from '@windhover/hosting'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { requestRaw } from './raw-request.ts'

let folder = ''
const hosts: WebHost[] = []

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'windhover-defaults-')))
})

afterEach(async () => {
  for (const host of hosts.splice(0)) await host[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

function write(name: string, content: unknown): void {
  writeFileSync(join(folder, name), JSON.stringify(content))
}

function build(...args: string[]): WebHost {
  const host = WebHost.createDefaultBuilder([
    '--contentRoot',
    folder,
    '--urls',
    'http://127.0.0.1:0',
    '--environment',
    'Production',
    ...args,
  ])
    .suppressStatusMessages()
    .configureLogging(logging => logging.clearProviders())
    .configure(app => app.run(context => context.response.writeAsync('ok')))
    .build()
  hosts.push(host)
  return host
}

async function start(...args: string[]): Promise<string> {
  const host = build(...args)
  await host.startAsync()
  return host.serverFeatures.getRequired(ServerAddressesFeature).addresses[0]!
}

describe('a default builder', () => {
  it('reads appsettings.json, that of the environment, variables and arguments, the last one winning', () => {
    write('appsettings.json', { a: 'file', b: 'file', c: 'file', d: 'file' })
    write('appsettings.Development.json', { b: 'environment', c: 'environment', d: 'environment' })
    process.env.c = 'variable'
    process.env.d = 'variable'
    try {
      const configuration = build('--environment', 'development', '--d', 'argument').services.getRequiredService(Configuration)
      expect(['a', 'b', 'c', 'd'].map(key => configuration.get(key))).toEqual(['file', 'environment', 'variable', 'argument'])
    } finally {
      delete process.env.c
      delete process.env.d
    }
  })

  it('sets log levels by the section Logging', () => {
    write('appsettings.json', { Logging: { LogLevel: { Default: 'Error', Quiet: 'None' } } })
    const host = WebHost.createDefaultBuilder(['--contentRoot', folder])
      .configure(() => {})
      .build()
    hosts.push(host)
    const loggers = host.services.getRequiredService(LoggerFactory)
    expect(loggers.createLogger('Any').isEnabled(LogLevel.Warning)).toBe(false)
    expect(loggers.createLogger('Any').isEnabled(LogLevel.Error)).toBe(true)
    expect(loggers.createLogger('Quiet').isEnabled(LogLevel.Critical)).toBe(false)
  })

  it.each([
    ['Development', true],
    ['Production', false],
  ])('checks scopes in %s: %s', async (environment, checked) => {
    class Scoped {}
    const host = WebHost.createDefaultBuilder(['--contentRoot', folder, '--environment', environment])
      .configureServices(services => services.addScoped(Scoped))
      .configure(() => {})
      .build()
    hosts.push(host)
    if (checked)
      expect(() => host.services.getService(Scoped)).toThrowError(expect.objectContaining({ code: 'WINDHOVER_ERR_SCOPED_FROM_ROOT' }))
    else expect(host.services.getService(Scoped)).toBeInstanceOf(Scoped)
  })

  it('checks the registrations in Development when it is built', () => {
    class Missing {}
    class Needing {
      static readonly inject: readonly [typeof Missing] = [Missing]
      constructor(readonly missing: Missing) {}
    }
    const builder = WebHost.createDefaultBuilder(['--contentRoot', folder, '--environment', 'Development'])
      .configureServices(services => services.addSingleton(Needing))
      .configure(() => {})
    expect(() => builder.build()).toThrowError(expect.objectContaining({ code: 'WINDHOVER_ERR_SERVICES_INVALID' }))
  })

  it('takes limits and endpoints of NodeServer from its section', async () => {
    write('appsettings.json', {
      NodeServer: {
        Limits: { MaxRequestLineSize: 40 },
        Endpoints: { Own: { Url: 'http://127.0.0.1:0' }, Other: { Url: 'http://127.0.0.1:0' } },
      },
    })
    const host = build()
    await host.startAsync()
    const { addresses } = host.serverFeatures.getRequired(ServerAddressesFeature)
    expect(addresses).toHaveLength(2)
    expect((await requestRaw(addresses[0]!, `GET /${'x'.repeat(60)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)).status).toBe(414)
  })
})

describe('the forwarded headers of a default builder', () => {
  const client = async (...args: string[]): Promise<string> => {
    const host = WebHost.createDefaultBuilder([
      '--contentRoot',
      folder,
      '--urls',
      'http://127.0.0.1:0',
      '--environment',
      'Production',
      ...args,
    ])
      .suppressStatusMessages()
      .configureLogging(logging => logging.clearProviders())
      .configure(app =>
        app.run(({ request, response, connection }) =>
          response.writeAsync(`${connection.remoteIpAddress} ${request.scheme} ${request.host.value}`),
        ),
      )
      .build()
    hosts.push(host)
    await host.startAsync()
    const address = host.serverFeatures.getRequired(ServerAddressesFeature).addresses[0]!
    const forwarded = 'X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.example\r\n'
    return (await requestRaw(address, `GET / HTTP/1.1\r\nHost: own.example\r\n${forwarded}Connection: close\r\n\r\n`)).body
  }

  it('are left alone', async () => {
    expect(await client()).toBe('127.0.0.1 http own.example')
  })

  it('are taken over, but for the host, with ForwardedHeaders_Enabled', async () => {
    expect(await client('--ForwardedHeaders_Enabled', 'true')).toBe('203.0.113.7 https own.example')
  })
})

describe('the host filtering of a default builder', () => {
  const status = async (address: string, host: string): Promise<number> =>
    (await requestRaw(address, `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).status

  it.each([
    ['localhost', 200],
    ['LOCALHOST:5000', 200],
    ['app.localhost', 200],
    ['127.0.0.1:5000', 200],
    ['192.168.1.20', 200],
    ['[::1]:5000', 200],
    ['evil.example', 400],
    ['evil.example:5000', 400],
    ['localhost.evil.example', 400],
    ['127.0.0.1.evil.example', 400],
  ])('in Development answers the host %s with %i', async (host, expected) => {
    expect(await status(await start('--environment', 'Development'), host)).toBe(expected)
  })

  it('in Development tells which setting to change', async () => {
    const address = await start('--environment', 'Development')
    const { body } = await requestRaw(address, 'GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n')
    expect(body).toContain('"AllowedHosts" in appsettings.Development.json')
  })

  it('answers every host in Production', async () => {
    expect(await status(await start(), 'evil.example')).toBe(200)
  })

  it.each([
    ['Production', 'example.org;*.example.org', 'www.example.org', 200],
    ['Production', 'example.org;*.example.org', 'localhost', 400],
    ['Development', 'example.org', 'example.org', 200],
    ['Development', 'example.org', 'localhost', 400],
    ['Development', '*', 'evil.example', 200],
  ])('in %s with AllowedHosts %j answers %s with %i', async (environment, allowed, host, expected) => {
    write('appsettings.json', { AllowedHosts: allowed })
    expect(await status(await start('--environment', environment), host)).toBe(expected)
  })
})
