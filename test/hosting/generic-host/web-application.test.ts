import { DefaultServiceProviderFactory, type HostedService, type ServiceCollection } from '@windhover/core'
import { WebApplication, type WebApplicationBuilder } from '@windhover/hosting'
import { describe, expect, it } from 'vitest'
import { FakeServer } from '../../support/fake-server.ts'

/** A builder whose application listens on a free port and logs nothing. */
function quietBuilder(environmentName = 'Production'): WebApplicationBuilder {
  const builder = WebApplication.createBuilder({ args: ['--urls', 'http://127.0.0.1:0'], environmentName })
  builder.logging.clearProviders()
  return builder
}

/** Starts an application, asks it once, and stops it. */
async function ask(app: WebApplication, path = '/', headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
  await app.startAsync()
  try {
    const response = await fetch(new URL(path, app.urls[0]), { headers })
    return { status: response.status, body: await response.text() }
  } finally {
    await app.stopAsync()
    await app[Symbol.asyncDispose]()
  }
}

describe('a web application', () => {
  it('answers with the middleware that was added to it', async () => {
    const app = quietBuilder().build()
    app.use(async (context, next) => {
      context.response.headers.set('X-Passed', 'yes')
      await next()
    })
    app.map('/hello', branch => branch.run(context => context.response.writeAsync('world')))
    expect(await ask(app, '/hello')).toEqual({ status: 200, body: 'world' })
  })

  it('answers 404 when nothing handles a request', async () => {
    expect((await ask(quietBuilder().build())).status).toBe(404)
  })

  it.each([
    ['Development', true],
    ['Production', false],
  ])('shows errors in %s: %s', async (environment, shown) => {
    const app = quietBuilder(environment).build()
    app.run(() => {
      throw new Error('boom')
    })
    const { status, body } = await ask(app)
    expect(status).toBe(500)
    expect(body.includes('boom')).toBe(shown)
  })

  it('knows its parts', async () => {
    const builder = quietBuilder('Staging')
    builder.configuration.addInMemoryCollection({ own: 'value' })
    await using app = builder.build()
    expect(app.configuration.get('own')).toBe('value')
    expect(app.environment.environmentName).toBe('Staging')
    expect(app.lifetime.applicationStarted.aborted).toBe(false)
    expect(app.logger.category).toBe(app.environment.applicationName)
    expect(app.services).toBe(app.applicationServices)
  })

  it('runs where it is told to, and run() without a handler is runAsync()', async () => {
    const app = quietBuilder().build()
    let urls: string[] = []
    app.lifetime.applicationStarted.addEventListener('abort', () => {
      urls = [...app.urls]
      app.lifetime.stopApplication()
    })
    await app.run('http://127.0.0.1:0/')
    expect(urls).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/)])
  })

  it('runs until its signal fires', async () => {
    const app = quietBuilder().build()
    const stop = new AbortController()
    app.lifetime.applicationStarted.addEventListener('abort', () => stop.abort())
    await app.runAsync(undefined, stop.signal)
    expect(() => app.lifetime).toThrowError(expect.objectContaining({ name: 'ObjectDisposedException' }))
  })

  it('starts its server after all hosted services', async () => {
    const events: string[] = []
    const server = new FakeServer()
    server.onStart = () => void events.push('server')
    const builder = quietBuilder()
    builder.webHost.useServer(server)
    builder.services.addHostedService(() => ({ startAsync: () => void events.push('service'), stopAsync() {} }) as HostedService)
    await using app = builder.build()
    await app.startAsync()
    await app.stopAsync()
    expect(events).toEqual(['service', 'server'])
  })

  it('uses another container', async () => {
    let seen = 0
    const builder = quietBuilder().configureContainer<ServiceCollection>(new DefaultServiceProviderFactory(), services => {
      seen = services.count
    })
    await using _app = builder.build()
    expect(seen).toBeGreaterThan(0)
  })

  it.each(['useStartup', 'configure'] as const)('has no Startup class: %s raises an error', method => {
    const { webHost } = quietBuilder()
    expect(() => (webHost[method] as (argument: unknown) => unknown)(() => {})).toThrowError(
      expect.objectContaining({
        name: 'NotSupportedException',
        code: 'WINDHOVER_ERR_STARTUP_NOT_HERE',
        message: expect.stringContaining(method),
      }),
    )
  })

  it.each(['environment', 'contentRoot', 'WEBROOT', 'applicationName'])('has read the setting %s already', key => {
    expect(() => quietBuilder().webHost.useSetting(key, 'other')).toThrowError(
      expect.objectContaining({ code: 'WINDHOVER_ERR_SETTING_FIXED', message: expect.stringContaining(key) }),
    )
  })
})
