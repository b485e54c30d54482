import 'reflect-metadata'
import { FactoryMiddleware, type HttpContext, type MiddlewareClass, type Next, type RequestDelegate } from '@windhover/core'
import { Trace } from './trace.ts'

/** Middleware classes are constructed by the framework, so they find the trace here. */
export const middlewareTrace: { current: Trace } = { current: new Trace() }

/** A scoped service that says when it is made, used and disposed. */
export class ScopedThing implements Disposable {
  readonly #trace: Trace

  constructor(trace: Trace) {
    this.#trace = trace
    trace.add('scoped created')
  }

  touch(): void {
    this.#trace.add('scoped used')
  }

  [Symbol.dispose](): void {
    this.#trace.add('scoped disposed')
  }
}

class MiddlewareBase {
  protected readonly next: RequestDelegate

  constructor(next: RequestDelegate) {
    this.next = next
  }
}

class InvokeMiddleware extends MiddlewareBase {
  constructor(next: RequestDelegate) {
    super(next)
    middlewareTrace.current.add('constructed')
  }

  async invoke(context: HttpContext): Promise<void> {
    middlewareTrace.current.add('invoke>')
    await this.next(context)
    middlewareTrace.current.add('<invoke')
  }
}

class InvokeAsyncMiddleware extends MiddlewareBase {
  async invokeAsync(context: HttpContext): Promise<void> {
    middlewareTrace.current.add('invokeAsync>')
    await this.next(context)
    middlewareTrace.current.add('<invokeAsync')
  }
}

class NoInvoke extends MiddlewareBase {}

class InvokeAndInvokeAsync extends MiddlewareBase {
  invoke(context: HttpContext): Promise<void> | void {
    return this.next(context)
  }

  invokeAsync(context: HttpContext): Promise<void> | void {
    return this.next(context)
  }
}

/** Of two methods of one name JavaScript keeps the last. */
class TwoInvokes extends MiddlewareBase {
  static readonly inject = { invoke: [ScopedThing] } as const

  invoke(context: HttpContext, _thing: ScopedThing): Promise<void> | void {
    return this.next(context)
  }
}

/** JavaScript has no out parameters. */
class OutParameter extends MiddlewareBase {
  invoke(context: HttpContext, _thing: ScopedThing): Promise<void> | void {
    return this.next(context)
  }
}

class NotATask extends MiddlewareBase {
  invoke(_context: HttpContext): RequestDelegate {
    return this.next
  }
}

class NoParameter extends MiddlewareBase {
  invoke(): void {}
}

class ContextNotFirst extends MiddlewareBase {
  invoke(_thing: ScopedThing, context: HttpContext): Promise<void> | void {
    return this.next(context)
  }
}

// What the compiler writes when a method is decorated.
Reflect.defineMetadata('design:returntype', Function, NotATask.prototype, 'invoke')
Reflect.defineMetadata('design:paramtypes', [ScopedThing, Object], ContextNotFirst.prototype, 'invoke')

class ScopedParameter extends MiddlewareBase {
  static readonly inject = { invoke: [ScopedThing] } as const

  async invoke(context: HttpContext, thing: ScopedThing): Promise<void> {
    thing.touch()
    await this.next(context)
  }
}

class MissingParameter extends MiddlewareBase {
  static readonly inject = { invoke: [NoInvoke] } as const

  async invoke(context: HttpContext, _notAService: NoInvoke): Promise<void> {
    await this.next(context)
  }
}

class MissingConstructorParameter extends MiddlewareBase {
  static readonly inject = [NoInvoke] as const

  constructor(next: RequestDelegate, _notAService: NoInvoke) {
    super(next)
  }

  async invoke(context: HttpContext): Promise<void> {
    await this.next(context)
  }
}

class WithArgument extends MiddlewareBase {
  readonly #argument: string

  constructor(next: RequestDelegate, argument: string) {
    super(next)
    this.#argument = argument
  }

  async invoke(context: HttpContext): Promise<void> {
    middlewareTrace.current.add(`argument ${this.#argument}`)
    await this.next(context)
  }
}

export class CreatedPerRequest extends FactoryMiddleware {
  readonly #trace: Trace

  constructor(trace: Trace) {
    super()
    this.#trace = trace
    trace.add('factory middleware created')
  }

  async invokeAsync(_context: HttpContext, next: Next): Promise<void> {
    this.#trace.add('factory middleware>')
    await next()
    this.#trace.add('<factory middleware')
  }
}

class NotRegistered extends FactoryMiddleware {
  invokeAsync(_context: HttpContext, next: Next): Promise<void> {
    return next()
  }
}

/** The classes by their name in a case. */
export const middlewareClasses: ReadonlyMap<string, MiddlewareClass> = new Map<string, unknown>([
  ['invoke', InvokeMiddleware],
  ['invokeAsync', InvokeAsyncMiddleware],
  ['noInvoke', NoInvoke],
  ['twoInvokes', TwoInvokes],
  ['outParameter', OutParameter],
  ['invokeAndInvokeAsync', InvokeAndInvokeAsync],
  ['notATask', NotATask],
  ['noParameter', NoParameter],
  ['contextNotFirst', ContextNotFirst],
  ['scopedParameter', ScopedParameter],
  ['missingParameter', MissingParameter],
  ['missingConstructorParameter', MissingConstructorParameter],
  ['argument', WithArgument],
  ['factoryBased', CreatedPerRequest],
  ['factoryBasedNotRegistered', NotRegistered],
]) as ReadonlyMap<string, MiddlewareClass>
