import { setTimeout as delay } from 'node:timers/promises'
import { type FeatureSource, HttpContext, HttpContextAccessor } from '@windhover/core'
import { describe, expect, it } from 'vitest'
import { FakeServer } from '../../support/fake-server.ts'
import { build, builderWith } from '../web-host/web-host-fixtures.ts'

describe('the accessor of the current context', () => {
  it('is not there unless it was asked for', () => {
    expect(build(builderWith()).services.getService(HttpContextAccessor)).toBeUndefined()
  })

  it('finds the context of each request, also after an await, and nothing outside of one', async () => {
    const server = new FakeServer()
    const seen: boolean[] = []
    const host = build(
      builderWith(server)
        .configureServices(services => services.addHttpContextAccessor())
        .configure(app => {
          const accessor = app.applicationServices.getRequiredService(HttpContextAccessor)
          app.run(async context => {
            seen.push(accessor.httpContext === context)
            await delay(1)
            seen.push(accessor.httpContext === context)
          })
        }),
    )
    await host.startAsync()
    const request = (): Promise<void> => server.requestAsync(Object.fromEntries(new HttpContext().features) as FeatureSource)
    await Promise.all([request(), request()])
    expect(seen).toEqual([true, true, true, true])
    expect(host.services.getRequiredService(HttpContextAccessor).httpContext).toBeUndefined()
  })

  it('finds nothing in work that outlives its request', async () => {
    const server = new FakeServer()
    let later: Promise<HttpContext | undefined> | undefined
    const host = build(
      builderWith(server)
        .configureServices(services => services.addHttpContextAccessor())
        .configure(app => {
          const accessor = app.applicationServices.getRequiredService(HttpContextAccessor)
          app.run(() => {
            later = delay(5).then(() => accessor.httpContext)
          })
        }),
    )
    await host.startAsync()
    await server.requestAsync(Object.fromEntries(new HttpContext().features) as FeatureSource)
    expect(await later).toBeUndefined()
  })

  it('lets the errors of a request pass', async () => {
    const server = new FakeServer()
    const host = build(
      builderWith(server)
        .configureServices(services => services.addHttpContextAccessor())
        .configure(app =>
          app.run(() => {
            throw new Error('boom')
          }),
        ),
    )
    await host.startAsync()
    await expect(server.requestAsync(Object.fromEntries(new HttpContext().features) as FeatureSource)).rejects.toThrow('boom')
  })
})
