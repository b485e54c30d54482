import {
  ClaimsIdentity,
  ClaimsPrincipal,
  DefaultHttpContextFactory,
  Endpoint,
  FeatureCollection,
  HttpConnectionFeature,
  HttpContext,
  HttpContextFactory,
  HttpRequestFeature,
  HttpRequestIdentifierFeature,
  HttpRequestLifetimeFeature,
  HttpResponseBodyFeature,
  HttpResponseFeature,
  InvalidOperationException,
  ObjectDisposedException,
  type ResponseCallback,
  ServiceCollection,
  ServiceScopeFactory,
  type Session,
  SessionFeature,
} from '@windhover/core'
import { describe, expect, it } from 'vitest'

class Scoped {
  isDisposed: boolean

  constructor() {
    this.isDisposed = false
  }

  [Symbol.dispose](): void {
    this.isDisposed = true
  }
}

/** A context of a host, with the callbacks that a server would run at its end. */
function hostedContext() {
  const provider = new ServiceCollection().addScoped(Scoped).buildServiceProvider()
  const context = new HttpContext(new HttpContext().features, provider.getRequiredService(ServiceScopeFactory))
  const completions: ResponseCallback[] = []
  context.features.getRequired(HttpResponseFeature).onCompleted = callback => void completions.push(callback)
  return { context, completions }
}

describe('a context without a server', () => {
  const context = new HttpContext()

  it('has an empty request', async () => {
    const { request } = context
    expect(request.method).toBe('GET')
    expect(request.path + request.pathBase + request.queryString).toBe('')
    expect([request.headers.size, request.query.size, request.cookies.size]).toEqual([0, 0, 0])
    expect(await request.readAsTextAsync()).toBe('')
  })

  it('has a response that takes everything and never starts', async () => {
    const { response } = context
    await response.writeAsync('x')
    await response.flushAsync()
    await response.completeAsync()
    expect([response.statusCode, response.hasStarted]).toEqual([200, false])
  })

  it('is never aborted', () => {
    context.abort()
    expect(context.requestAborted.aborted).toBe(false)
  })

  it('has a connection without addresses', () => {
    expect(context.connection.remoteIpAddress).toBeUndefined()
    expect(context.connection.localPort).toBeUndefined()
  })
})

describe('HttpContext', () => {
  it('makes its parts once', () => {
    const context = new HttpContext()
    for (const part of ['request', 'response', 'connection', 'webSockets', 'items', 'user'] as const) {
      expect(context[part]).toBe(context[part])
    }
  })

  it('has an anonymous user until one is set', () => {
    const context = new HttpContext()
    expect(context.user.identity?.isAuthenticated).toBe(false)
    const user = new ClaimsPrincipal(new ClaimsIdentity([{ type: 'role', value: 'admin' }], 'test'))
    context.user = user
    expect(context.user).toBe(user)
    expect(context.user.isInRole('admin')).toBe(true)
  })

  it('raises an invalid-operation error for a session that no middleware provides', () => {
    expect(() => new HttpContext().session).toThrow(InvalidOperationException)
  })

  it('gives the session of the feature', () => {
    const context = new HttpContext()
    const session = {} as Session
    context.features.set(SessionFeature, { session })
    expect(context.session).toBe(session)
  })

  it('keeps the endpoint', () => {
    const context = new HttpContext()
    const endpoint = new Endpoint(() => {})
    context.setEndpoint(endpoint)
    expect(context.getEndpoint()).toBe(endpoint)
    context.setEndpoint(undefined)
    expect(context.getEndpoint()).toBeUndefined()
  })

  it('has a trace identifier of its own, which may be set', () => {
    const [one, other] = [new HttpContext(), new HttpContext()]
    expect(one.traceIdentifier).toBe(one.traceIdentifier)
    expect(one.traceIdentifier).not.toBe(other.traceIdentifier)
    one.traceIdentifier = 'mine'
    expect(one.traceIdentifier).toBe('mine')
  })

  it("reads and sets the server's trace identifier where there is one", () => {
    const context = new HttpContext()
    const feature: HttpRequestIdentifierFeature = { traceIdentifier: 'server:1' }
    context.features.set(HttpRequestIdentifierFeature, feature)
    expect(context.traceIdentifier).toBe('server:1')
    context.traceIdentifier = 'mine'
    expect(feature.traceIdentifier).toBe('mine')
  })

  it('reads and replaces the signal of the lifetime feature, and aborts through it', () => {
    const context = new HttpContext()
    let aborted = 0
    const feature: HttpRequestLifetimeFeature = { requestAborted: new AbortController().signal, abort: () => void aborted++ }
    context.features.set(HttpRequestLifetimeFeature, feature)
    const signal = AbortSignal.abort()
    context.requestAborted = signal
    context.abort()
    expect([feature.requestAborted, context.requestAborted, aborted]).toEqual([signal, signal, 1])
  })

  it('sees a feature that is replaced while the request runs', () => {
    const context = new HttpContext()
    expect(context.request.path).toBe('')
    const { request: before } = context
    context.features.set(HttpRequestFeature, { ...context.features.getRequired(HttpRequestFeature), path: '/other' })
    expect(context.request).toBe(before)
    expect(context.request.path).toBe('/other')

    expect(context.response.statusCode).toBe(200)
    context.features.set(
      HttpResponseFeature,
      Object.assign(Object.create(context.features.getRequired(HttpResponseFeature)), { statusCode: 299 }),
    )
    expect(context.response.statusCode).toBe(299)

    context.features.set(HttpConnectionFeature, { ...context.features.getRequired(HttpConnectionFeature), remotePort: 7 })
    expect(context.connection.remotePort).toBe(7)
  })

  it.each<[string, (context: HttpContext) => unknown]>([
    ['request.path', context => context.request.path],
    ['request.headers', context => context.request.headers],
    ['response.statusCode', context => context.response.statusCode],
    ['response.writeAsync', context => context.response.writeAsync('x')],
    ['items', context => context.items],
    ['user', context => context.user],
    ['features.get', context => context.features.get(HttpRequestFeature)],
    ['requestServices', context => context.requestServices],
    ['requestAborted', context => context.requestAborted],
    ['connection', context => context.connection.id],
    ['webSockets', context => context.webSockets.isWebSocketRequest],
    ['traceIdentifier', context => context.traceIdentifier],
    ['getEndpoint', context => context.getEndpoint()],
  ])('raises an object-disposed error for %s after its end, used before or not', (_member, use) => {
    const used = new HttpContext()
    void used.request.path
    void used.response.statusCode
    void used.items
    void used.user
    for (const context of [used, new HttpContext()]) {
      context.features.close()
      expect(() => use(context)).toThrow(ObjectDisposedException)
    }
  })
})

describe('context.requestServices', () => {
  it('is a scope that is made on first use and disposed when the response has completed', async () => {
    const { context, completions } = hostedContext()
    expect(completions).toHaveLength(0)
    const scoped = context.requestServices.getRequiredService(Scoped)
    expect(context.requestServices.getRequiredService(Scoped)).toBe(scoped)
    expect([completions.length, scoped.isDisposed]).toEqual([1, false])
    await completions[0]!()
    expect(scoped.isDisposed).toBe(true)
  })

  it('is what was set, without a scope', () => {
    const { context, completions } = hostedContext()
    const services = new ServiceCollection().buildServiceProvider()
    context.requestServices = services
    expect(context.requestServices).toBe(services)
    expect(completions).toHaveLength(0)
  })

  it('is an invalid-operation error in a context that has no host', () => {
    expect(() => new HttpContext().requestServices).toThrow(InvalidOperationException)
  })
})

describe('DefaultHttpContextFactory', () => {
  it('makes a context with scopes and closes it', () => {
    const provider = new ServiceCollection()
      .addSingleton(HttpContextFactory, { useClass: DefaultHttpContextFactory })
      .addScoped(Scoped)
      .buildServiceProvider()
    const factory = provider.getRequiredService(HttpContextFactory)
    const features = new FeatureCollection()
    const context = factory.create(features)
    expect(context.features).toBe(features)
    context.features.set(HttpResponseFeature, new HttpContext().features.get(HttpResponseFeature))
    context.features.set(HttpResponseBodyFeature, new HttpContext().features.get(HttpResponseBodyFeature))
    expect(context.requestServices.getService(Scoped)).toBeInstanceOf(Scoped)
    factory.dispose(context)
    expect(features.isClosed).toBe(true)
  })
})
