import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { AggregateException, createServiceToken, ObjectDisposedException, ServiceCollection, ServiceProvider } from '@windhover/core'
import { describe, expect, it } from 'vitest'

const Thing = createServiceToken<unknown>('test.disposal.Thing')

/** A class whose objects write down that they were disposed. */
function disposable(name: string, log: string[], how: 'sync' | 'async' | 'both') {
  const sync = () => void log.push(name)
  const async = async () => {
    await Promise.resolve()
    log.push(`${name} async`)
  }
  return () => ({ ...(how !== 'async' && { [Symbol.dispose]: sync }), ...(how !== 'sync' && { [Symbol.asyncDispose]: async }) })
}

describe('disposing a provider', () => {
  it('works with using and await using', async () => {
    const log: string[] = []
    const services = new ServiceCollection().addScoped(Thing, { useFactory: disposable('thing', log, 'both') })
    await using root = services.buildServiceProvider()
    {
      using scope = root.createScope()
      scope.serviceProvider.getService(Thing)
    }
    {
      await using scope = root.createAsyncScope()
      scope.serviceProvider.getService(Thing)
    }
    expect(log).toStrictEqual(['thing', 'thing async'])
  })

  it('collects several errors in the order in which they arose', async () => {
    const [first, second] = [new RangeError('first made'), new SyntaxError('second made')]
    const failing = (error: Error) => () => ({
      [Symbol.dispose]() {
        throw error
      },
    })
    const root = new ServiceCollection()
      .addTransient(Thing, { useFactory: failing(first) })
      .addTransient(Thing, { useFactory: failing(second) })
      .buildServiceProvider()
    root.getServices(Thing)
    await expect(root[Symbol.asyncDispose]()).rejects.toThrow(
      expect.objectContaining({ code: 'WINDHOVER_ERR_DISPOSE_FAILED', innerExceptions: [second, first], cause: second }),
    )
  })

  it('leaves what is async-only, and older, to the asynchronous disposal', async () => {
    const log: string[] = []
    const root = new ServiceCollection()
      .addTransient(Thing, { useFactory: disposable('first', log, 'sync') })
      .addTransient(Thing, { useFactory: disposable('second', log, 'async') })
      .addTransient(Thing, { useFactory: disposable('third', log, 'sync') })
      .buildServiceProvider()
    root.getServices(Thing)
    expect(() => root[Symbol.dispose]()).toThrow(expect.objectContaining({ code: 'WINDHOVER_ERR_ASYNC_DISPOSE_ONLY' }))
    expect(log).toStrictEqual(['third'])
    await root[Symbol.asyncDispose]()
    expect(log).toStrictEqual(['third', 'second async', 'first'])
  })

  it('names the class that can only be disposed asynchronously', () => {
    class Connection {
      async [Symbol.asyncDispose](): Promise<void> {}
    }
    const root = new ServiceCollection().addSingleton(Connection).buildServiceProvider()
    root.getService(Connection)
    expect(() => root[Symbol.dispose]()).toThrow(/"Connection" can only be disposed asynchronously/)
  })

  it('reports what threw before an async-only object together with it', () => {
    const failure = new RangeError('no')
    const root = new ServiceCollection()
      .addTransient(Thing, { useFactory: disposable('async', [], 'async') })
      .addTransient(Thing, {
        useFactory: () => ({
          [Symbol.dispose]() {
            throw failure
          },
        }),
      })
      .buildServiceProvider()
    root.getServices(Thing)
    expect(() => root[Symbol.dispose]()).toThrow(AggregateException)
  })

  it('is one disposal, however often it is asked for while it runs', async () => {
    const log: string[] = []
    const root = new ServiceCollection()
      .addTransient(Thing, { useFactory: disposable('first', log, 'sync') })
      .addTransient(Thing, { useFactory: disposable('second', log, 'async') })
      .buildServiceProvider()
    root.getServices(Thing)
    const running = root[Symbol.asyncDispose]()
    root[Symbol.dispose]()
    expect(root[Symbol.asyncDispose]()).toBe(running)
    await running
    expect(log).toStrictEqual(['second async', 'first'])
    await root[Symbol.asyncDispose]()
    expect(log).toHaveLength(2)
  })

  it('reports an error once', async () => {
    const root = new ServiceCollection()
      .addTransient(Thing, {
        useFactory: () => ({
          async [Symbol.asyncDispose]() {
            throw new RangeError('once')
          },
        }),
      })
      .buildServiceProvider()
    root.getService(Thing)
    await expect(root[Symbol.asyncDispose]()).rejects.toThrow(RangeError)
    await expect(root[Symbol.asyncDispose]()).resolves.toBeUndefined()
  })

  it.each(['sync', 'async', 'both'] as const)('never touches a value (%s)', async how => {
    const log: string[] = []
    const root = new ServiceCollection().addSingleton(Thing, { useValue: disposable('value', log, how)() }).buildServiceProvider()
    root.getService(Thing)
    await root[Symbol.asyncDispose]()
    expect(log).toStrictEqual([])
  })

  it('does not take a method named dispose for a disposal', () => {
    let calls = 0
    const root = new ServiceCollection().addSingleton(Thing, { useFactory: () => ({ dispose: () => void calls++ }) }).buildServiceProvider()
    root.getService(Thing)
    root[Symbol.dispose]()
    expect(calls).toBe(0)
  })

  it('disposes a function that is a service', () => {
    const log: string[] = []
    const root = new ServiceCollection()
      .addSingleton(Thing, { useFactory: () => Object.assign(() => 1, disposable('function', log, 'sync')()) })
      .buildServiceProvider()
    root.getService(Thing)
    root[Symbol.dispose]()
    expect(log).toStrictEqual(['function'])
  })

  it('refuses services to those that are being disposed', () => {
    let caught: unknown
    const root = new ServiceCollection()
      .addSingleton(Thing, {
        useFactory: provider => ({
          [Symbol.dispose]() {
            try {
              provider.getService(Thing)
            } catch (error) {
              caught = error
            }
          },
        }),
      })
      .buildServiceProvider()
    root.getService(Thing)
    root[Symbol.dispose]()
    expect(caught).toBeInstanceOf(ObjectDisposedException)
  })

  it.each([
    { name: 'getService', ask: (provider: ServiceProvider) => provider.getService(Thing) },
    { name: 'getRequiredService', ask: (provider: ServiceProvider) => provider.getRequiredService(ServiceProvider) },
    { name: 'getServices', ask: (provider: ServiceProvider) => provider.getServices(Thing) },
    { name: 'getKeyedService', ask: (provider: ServiceProvider) => provider.getKeyedService(Thing, 'k') },
    { name: 'getRequiredKeyedService', ask: (provider: ServiceProvider) => provider.getRequiredKeyedService(Thing, 'k') },
    { name: 'getKeyedServices', ask: (provider: ServiceProvider) => provider.getKeyedServices(Thing, 'k') },
    { name: 'createScope', ask: (provider: ServiceProvider) => provider.createScope() },
    { name: 'createAsyncScope', ask: (provider: ServiceProvider) => provider.createAsyncScope() },
  ])('makes $name throw afterwards, in its scopes as well', ({ ask }) => {
    const root = new ServiceCollection().addTransient(Thing, { useFactory: () => 1 }).buildServiceProvider()
    const { serviceProvider } = root.createScope()
    root[Symbol.dispose]()
    expect(() => ask(root)).toThrow(ObjectDisposedException)
    expect(() => ask(serviceProvider)).toThrow(ObjectDisposedException)
  })
})

describe('an object whose constructor ends its own scope', () => {
  it('is disposed at once, and not handed out', () => {
    const log: string[] = []
    const root = new ServiceCollection()
      .addScoped(Thing, {
        useFactory: provider => {
          ;(provider as ServiceProvider & Disposable)[Symbol.dispose]()
          return disposable('late', log, 'sync')()
        },
      })
      .buildServiceProvider()
    expect(() => root.createScope().serviceProvider.getService(Thing)).toThrow(ObjectDisposedException)
    expect(log).toStrictEqual(['late'])
  })

  it('is left to a disposal that is still running', async () => {
    const log: string[] = []
    let disposal: PromiseLike<void> | undefined
    const root = new ServiceCollection()
      .addScoped(Thing, { useFactory: disposable('early', log, 'async') })
      .addKeyedScoped(Thing, 'late', {
        useFactory: provider => {
          disposal = (provider as ServiceProvider & AsyncDisposable)[Symbol.asyncDispose]()
          return disposable('late', log, 'async')()
        },
      })
      .buildServiceProvider()
    const { serviceProvider } = root.createScope()
    serviceProvider.getService(Thing)
    expect(() => serviceProvider.getKeyedService(Thing, 'late')).toThrow(ObjectDisposedException)
    await disposal
    expect(log).toStrictEqual(['early async', 'late async'])
  })
})

describe('a scope that has ended', () => {
  it('leaves nothing behind, not even of objects with a method named dispose', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    class Session {
      readonly memory = new Uint8Array(1024)
      dispose(): void {}
    }
    class Page {
      static inject = [Session] as const
      constructor(readonly session: Session) {}
      [Symbol.dispose](): void {}
    }
    const root = new ServiceCollection().addScoped(Session).addTransient(Page).buildServiceProvider()
    const ended = Array.from({ length: 50 }, () => {
      using scope = root.createScope()
      return new WeakRef(scope.serviceProvider.getRequiredService(Page).session)
    })
    await new Promise(setImmediate)
    collect()
    expect(ended.filter(reference => reference.deref() !== undefined)).toHaveLength(0)
    expect(root.createScope().serviceProvider.getRequiredService(Page)).toBeInstanceOf(Page)
  })
})
