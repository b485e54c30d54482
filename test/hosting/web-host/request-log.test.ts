import type { FeatureSource } from '@windhover/core'
import { HttpConnectionFeature, HttpContext, LoggerFactory, type LoggingBuilder, type RequestDelegate } from '@windhover/core'
import { describe, expect, it } from 'vitest'
import { CollectedLogs } from '../../support/collected-logs.ts'
import { FakeServer } from '../../support/fake-server.ts'
import { build, builderWith } from './web-host-fixtures.ts'

const category = 'Windhover.Hosting.Diagnostics'

/** Runs one request through a host and gives back what was logged. */
async function logOf(
  handler: RequestDelegate | undefined,
  prepare: (context: HttpContext) => void = () => {},
  configureLogging: (logging: LoggingBuilder, logs: CollectedLogs) => void = (logging, logs) => void logging.addProvider(logs),
  logs = new CollectedLogs(),
): Promise<CollectedLogs> {
  const server = new FakeServer()
  const host = build(
    builderWith(server)
      .configureLogging(logging => configureLogging(logging, logs))
      .configure(app => {
        if (handler !== undefined) app.run(handler)
      }),
  )
  await host.startAsync()
  const context = new HttpContext()
  prepare(context)
  await server.requestAsync(Object.fromEntries(context.features) as FeatureSource)
  return logs
}

const withoutTime = (lines: readonly string[]): string[] => lines.map(line => line.replace(/\d+\.\d{4}ms$/, '<time>ms'))

describe('the request log', () => {
  it('has an entry for the beginning and one for the end, in the words of ASP.NET Core', async () => {
    const logs = await logOf(
      context => {
        context.response.statusCode = 201
        context.response.contentType = 'text/plain; charset=utf-8'
        context.response.contentLength = 5
      },
      ({ request }) => {
        request.method = 'POST'
        request.host = 'example.org:8080'
        request.pathBase = '/base'
        request.path = '/a b'
        request.queryString = '?q=1'
        request.contentType = 'application/json; charset=utf-8'
        request.contentLength = 12
      },
    )
    expect(withoutTime(logs.lines())).toEqual([
      `Information ${category}[1] Request starting HTTP/1.1 POST http://example.org:8080/base/a b?q=1 - application/json;+charset=utf-8 12`,
      `Information ${category}[2] Request finished HTTP/1.1 POST http://example.org:8080/base/a b?q=1 - 201 5 text/plain;+charset=utf-8 <time>ms`,
    ])
  })

  it('shows what is not there as a dash, and tells of a request that nobody handled', async () => {
    const logs = await logOf(undefined, ({ request }) => {
      request.host = 'localhost'
      request.path = '/'
    })
    expect(withoutTime(logs.lines())).toEqual([
      `Information ${category}[1] Request starting HTTP/1.1 GET http://localhost/ - - -`,
      `Information ${category}[2] Request finished HTTP/1.1 GET http://localhost/ - 404 - - <time>ms`,
      `Information ${category}[16] Request reached the end of the middleware pipeline without being handled by application code. Request path: GET http://localhost/, Response status code: 404`,
    ])
  })

  it('has its facts as values', async () => {
    const logs = await logOf(() => {})
    const finished = new Map(logs.entries[1]!.state)
    expect(finished.get('StatusCode')).toBe(200)
    expect(finished.get('Method')).toBe('GET')
    expect(finished.get('ElapsedMilliseconds')).toMatch(/^\d+\.\d{4}$/)
  })

  it('tells the end also of a request that failed', async () => {
    const logs = new CollectedLogs()
    const failing = logOf(
      () => {
        throw new Error('boom')
      },
      undefined,
      undefined,
      logs,
    )
    await expect(failing).rejects.toThrow('boom')
    expect(logs.entries.map(entry => entry.eventId.id)).toEqual([1, 2])
  })

  it('is silent when the level is off', async () => {
    const logs = await logOf(
      () => {},
      undefined,
      (logging, provider) => logging.addProvider(provider).addFilter(category, 3),
    )
    expect(logs.entries).toEqual([])
  })

  it('gives every entry of a request its scope when a provider shows scopes', async () => {
    const logs = await logOf(
      async () => {},
      ({ features, request }) => {
        request.path = '/path'
        features.set(HttpConnectionFeature, { connectionId: 'C1' } as HttpConnectionFeature)
      },
      undefined,
      new CollectedLogs({ includeScopes: true }),
    )
    const [starting, finished] = logs.entries
    expect(starting!.scopes).toEqual([{ ConnectionId: 'C1', RequestPath: '/path', RequestId: expect.stringMatching(/./) }])
    expect(finished!.scopes).toEqual(starting!.scopes)
  })

  it('gives the entries of the application that scope too, also after an await', async () => {
    const logs = new CollectedLogs({ includeScopes: true })
    const server = new FakeServer()
    const host = build(
      builderWith(server)
        .configureLogging(logging => logging.addProvider(logs))
        .configure((app, _context) => {
          app.run(async context => {
            await Promise.resolve()
            context.requestServices.getRequiredService(LoggerFactory).createLogger('App').logInformation('hello')
          })
        }),
    )
    await host.startAsync()
    const context = new HttpContext()
    context.request.path = '/path'
    await server.requestAsync(Object.fromEntries(context.features) as FeatureSource)
    const entry = logs.entries.find(({ category }) => category === 'App')
    expect(entry?.scopes).toMatchObject([{ RequestPath: '/path' }])
  })
})
