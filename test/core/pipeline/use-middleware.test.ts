import {
  type ApplicationBuilder,
  type Constructor,
  createServiceToken,
  DefaultMiddlewareFactory,
  FactoryMiddleware,
  fromServices,
  HttpContext,
  InvalidOperationException,
  type MiddlewareClass,
  MiddlewareFactory,
  type Next,
  NotSupportedException,
  type RequestDelegate,
  type ServiceCollection,
  ServiceScopeFactory,
} from '@windhover/core'
import { describe, expect, it } from 'vitest'
import { newBuilder } from './new-builder.ts'

const Trace = createServiceToken<string[]>('test.Trace')

class Scoped {
  static created = 0
  readonly number = ++Scoped.created
}

class NotRegistered {}

class Plain {
  readonly #next: RequestDelegate

  constructor(next: RequestDelegate) {
    this.#next = next
  }

  async invokeAsync(context: HttpContext): Promise<void> {
    context.items.set('plain', true)
    await this.#next(context)
  }
}

/** What TypeScript's metadata says about a method, as `emitDecoratorMetadata` writes it. */
function describeMethod(type: Constructor, method: string, parameters: unknown[], result: unknown): void {
  Reflect.defineMetadata('design:paramtypes', parameters, type.prototype, method)
  Reflect.defineMetadata('design:returntype', result, type.prototype, method)
}

function requestOf(app: ApplicationBuilder): HttpContext {
  const context = new HttpContext()
  context.requestServices = app.applicationServices.getRequiredService(ServiceScopeFactory).createScope().serviceProvider
  return context
}

describe('app.useMiddleware with a class by convention', () => {
  it('constructs it once at build, with next first, and calls it for each request', async () => {
    const trace: string[] = []
    class Counting extends Plain {
      constructor(next: RequestDelegate) {
        super(next)
        trace.push('constructed')
      }
    }
    const app = newBuilder().useMiddleware(Counting)
    expect(trace).toEqual([])
    const run = app.build()
    const contexts = [requestOf(app), requestOf(app)]
    for (const context of contexts) await run(context)
    expect(trace).toEqual(['constructed'])
    expect(contexts.map(context => [context.items.get('plain'), context.response.statusCode])).toEqual([
      [true, 404],
      [true, 404],
    ])
  })

  it('takes invoke as well as invokeAsync', async () => {
    class WithInvoke {
      invoke({ response }: HttpContext): void {
        response.statusCode = 204
      }
    }
    const context = new HttpContext()
    await newBuilder().useMiddleware(WithInvoke).build()(context)
    expect(context.response.statusCode).toBe(204)
  })

  it('gives the constructor next, then the arguments, then services', async () => {
    class Greeting {
      static readonly inject = [Trace] as const
      readonly next: RequestDelegate
      readonly text: string
      readonly trace: string[]

      constructor(next: RequestDelegate, text: string, trace: string[]) {
        this.next = next
        this.text = text
        this.trace = trace
      }

      async invokeAsync(context: HttpContext): Promise<void> {
        this.trace.push(this.text)
        await this.next(context)
      }
    }
    const trace: string[] = []
    const app = newBuilder(services => services.addSingleton(Trace, { useValue: trace })).useMiddleware(Greeting, 'hello')
    await app.build()(requestOf(app))
    expect(trace).toEqual(['hello'])
  })

  class Listed {
    static readonly inject = { invokeAsync: [Scoped] } as const
    async invokeAsync(context: HttpContext, scoped: Scoped): Promise<void> {
      context.items.set('scoped', scoped)
    }
  }
  class Marked {
    async invokeAsync(context: HttpContext, @fromServices(Scoped) scoped: Scoped): Promise<void> {
      context.items.set('scoped', scoped)
    }
  }

  class TypeOnly {
    async invokeAsync(context: HttpContext, @fromServices(Scoped) scoped: Scoped): Promise<void> {
      context.items.set('scoped', scoped)
    }
  }
  // The metadata of a class that is imported by `import { type HttpContext }`, as many linters write it.
  describeMethod(TypeOnly, 'invokeAsync', [Function, Scoped], Promise)

  it.each<[string, MiddlewareClass]>([
    ['static inject', Listed],
    ['@fromServices()', Marked],
    ['@fromServices() beside an imported type', TypeOnly],
  ])('gives further parameters that %s names from the services of the request', async (_name, type) => {
    const app = newBuilder(services => services.addScoped(Scoped)).useMiddleware(type)
    const run = app.build()
    const contexts = [requestOf(app), requestOf(app)]
    for (const context of contexts) await run(context)
    const [first, second] = contexts.map(context => context.items.get('scoped') as Scoped)
    expect(first).toBe(contexts[0]!.requestServices.getService(Scoped))
    expect(second).not.toBe(first)
    expect(second).toBeInstanceOf(Scoped)
  })

  it('takes further parameters from the services of the application when the request has none', async () => {
    class WantsTrace {
      static readonly inject = { invokeAsync: [Trace] } as const
      async invokeAsync(_context: HttpContext, trace: string[]): Promise<void> {
        trace.push('called')
      }
    }
    const trace: string[] = []
    const app = newBuilder(services => services.addSingleton(Trace, { useValue: trace })).useMiddleware(WantsTrace)
    await app.build()(new HttpContext())
    expect(trace).toEqual(['called'])
  })

  it('raises an invalid-operation error at the request for a further parameter that is no service', async () => {
    class WantsMissing {
      static readonly inject = { invokeAsync: [NotRegistered] } as const
      async invokeAsync(_context: HttpContext, _missing: NotRegistered): Promise<void> {}
    }
    const app = newBuilder().useMiddleware(WantsMissing)
    const run = app.build()
    expect(() => run(requestOf(app))).toThrow(InvalidOperationException)
    expect(() => run(requestOf(app))).toThrow('NotRegistered')
  })

  class NoMethod {}
  class BothMethods {
    async invoke(_context: HttpContext): Promise<void> {}
    async invokeAsync(_context: HttpContext): Promise<void> {}
  }
  class NoParameter {
    async invokeAsync(): Promise<void> {}
  }
  class UnknownParameter {
    async invokeAsync(_context: HttpContext, _unknown: string): Promise<void> {}
  }
  class ContextNotFirst {
    async invokeAsync(_scoped: Scoped, _context: HttpContext): Promise<void> {}
  }
  class ReturnsText {
    invokeAsync(_context: HttpContext): string {
      return ''
    }
  }
  class WantsService extends Plain {
    static readonly inject = [NotRegistered] as const
    readonly missing: NotRegistered
    constructor(next: RequestDelegate, missing: NotRegistered) {
      super(next)
      this.missing = missing
    }
  }
  class WantsArgument extends Plain {
    readonly argument: string
    constructor(next: RequestDelegate, argument: string) {
      super(next)
      this.argument = argument
    }
  }
  describeMethod(ContextNotFirst, 'invokeAsync', [Scoped, HttpContext], Promise)
  describeMethod(ReturnsText, 'invokeAsync', [HttpContext], String)

  it.each<[string, unknown, unknown[], string]>([
    ['has neither invokeAsync nor invoke', NoMethod, [], 'NoMethod'],
    ['has both', BothMethods, [], 'BothMethods'],
    ['has an invokeAsync without parameters', NoParameter, [], 'NoParameter'],
    ['has a further parameter of which nothing is known', UnknownParameter, [], 'UnknownParameter'],
    ['does not take the context first', ContextNotFirst, [], 'ContextNotFirst'],
    ['does not return a promise', ReturnsText, [], 'ReturnsText'],
    ['wants a service that is not registered', WantsService, [], 'NotRegistered'],
    ['wants an argument that is not given', WantsArgument, [], 'WantsArgument'],
    ['takes fewer arguments than are given', Plain, ['surplus'], 'Plain'],
  ])('raises an invalid-operation error at build for a class that %s', (_problem, type, args, named) => {
    const app = newBuilder().useMiddleware(type as MiddlewareClass, ...args)
    expect(() => app.build()).toThrow(InvalidOperationException)
    expect(() => app.build()).toThrow(named)
  })

  it('says what is missing when next is called without the context', async () => {
    class Forgetful {
      readonly #next: Next
      constructor(next: Next) {
        this.#next = next
      }
      async invokeAsync(_context: HttpContext): Promise<void> {
        await this.#next()
      }
    }
    const run = newBuilder().useMiddleware(Forgetful).build()
    await expect(run(new HttpContext())).rejects.toThrow(
      'The next of the middleware class "Forgetful" needs a value for "context", but got none.',
    )
  })

  it('refuses a second call of next for one request, and allows one for the next request', async () => {
    class Twice extends Plain {
      override async invokeAsync(context: HttpContext): Promise<void> {
        await super.invokeAsync(context)
        if (context.request.path === '/twice') await super.invokeAsync(context)
      }
    }
    const run = newBuilder().useMiddleware(Twice).build()
    const twice = new HttpContext()
    twice.request.path = '/twice'
    await expect(run(twice)).rejects.toThrow('"Twice" called next() more than once')
    for (const context of [new HttpContext(), new HttpContext()]) await run(context)
  })

  it('may call next again when the pipeline is run again for the same request', async () => {
    const statuses: number[] = []
    const run = newBuilder().useMiddleware(Plain).build()
    const context = new HttpContext()
    for (let i = 0; i < 2; i++) {
      await run(context)
      statuses.push(context.response.statusCode)
    }
    expect(statuses).toEqual([404, 404])
  })
})

describe('app.useMiddleware with a class that extends FactoryMiddleware', () => {
  class PerRequest extends FactoryMiddleware {
    async invokeAsync(context: HttpContext, next: Next): Promise<void> {
      context.items.set('before', true)
      await next()
      context.items.set('after', true)
    }
  }

  class RecordingFactory extends MiddlewareFactory {
    readonly created: (FactoryMiddleware | null)[] = []
    readonly released: FactoryMiddleware[] = []
    readonly #make: () => FactoryMiddleware | null

    constructor(make: () => FactoryMiddleware | null) {
      super()
      this.#make = make
    }

    create(): FactoryMiddleware | null {
      const middleware = this.#make()
      this.created.push(middleware)
      return middleware
    }

    release(middleware: FactoryMiddleware): void {
      this.released.push(middleware)
    }
  }

  const withFactory = (factory: MiddlewareFactory) => (services: ServiceCollection) =>
    void services.addSingleton(MiddlewareFactory, { useValue: factory })

  it('makes one for each request, runs it and releases it', async () => {
    const factory = new RecordingFactory(() => new PerRequest())
    const app = newBuilder(withFactory(factory)).useMiddleware(PerRequest)
    const run = app.build()
    const contexts = [requestOf(app), requestOf(app)]
    for (const context of contexts) await run(context)
    expect(contexts.map(({ items }) => [items.get('before'), items.get('after')])).toEqual([
      [true, true],
      [true, true],
    ])
    expect(factory.created).toHaveLength(2)
    expect(factory.created[0]).not.toBe(factory.created[1])
    expect(factory.released).toEqual(factory.created)
  })

  it('releases it also when it throws', async () => {
    class Failing extends FactoryMiddleware {
      async invokeAsync(): Promise<void> {
        throw new Error('boom')
      }
    }
    const factory = new RecordingFactory(() => new Failing())
    const app = newBuilder(withFactory(factory)).useMiddleware(Failing)
    await expect(app.build()(requestOf(app))).rejects.toThrow('boom')
    expect(factory.released).toEqual(factory.created)
  })

  it('takes it from the services of the request with the default factory', async () => {
    const app = newBuilder(services => {
      services.addScoped(MiddlewareFactory, { useClass: DefaultMiddlewareFactory })
      services.addTransient(PerRequest)
    }).useMiddleware(PerRequest)
    const context = requestOf(app)
    await app.build()(context)
    expect(context.items.get('after')).toBe(true)
  })

  it('refuses a second call of next for one request', async () => {
    class Twice extends FactoryMiddleware {
      async invokeAsync(context: HttpContext, next: RequestDelegate): Promise<void> {
        await next(context)
        await next(context)
      }
    }
    const app = newBuilder(withFactory(new RecordingFactory(() => new Twice()))).useMiddleware(Twice)
    await expect(app.build()(requestOf(app))).rejects.toThrow('"Twice" called next() more than once')
  })

  it('raises a not-supported error for arguments, at registration', () => {
    expect(() => newBuilder().useMiddleware(PerRequest as MiddlewareClass, 'argument')).toThrow(NotSupportedException)
  })

  it.each<[string, (services: ServiceCollection) => void, string]>([
    ['there is no factory', () => {}, 'needs a MiddlewareFactory'],
    ['the factory makes nothing', withFactory(new RecordingFactory(() => null)), 'made no "PerRequest"'],
    [
      'the class is not registered',
      services => void services.addScoped(MiddlewareFactory, { useClass: DefaultMiddlewareFactory }),
      'PerRequest',
    ],
  ])('raises an invalid-operation error at the request when %s', async (_problem, configure, message) => {
    const app = newBuilder(configure).useMiddleware(PerRequest)
    const running = Promise.resolve(app.build()(requestOf(app)))
    await expect(running).rejects.toBeInstanceOf(InvalidOperationException)
    await expect(running).rejects.toThrow(message)
  })
})
