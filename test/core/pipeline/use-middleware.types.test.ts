import { type ApplicationBuilder, FactoryMiddleware, type HttpContext, type Next, type RequestDelegate } from '@windhover/core'
import { describe, expectTypeOf, it } from 'vitest'

class Clock {
  readonly now = 0
}

class WantsClock {
  static readonly inject = [Clock] as const
  readonly clock: Clock
  constructor(_next: RequestDelegate, _text: string, clock: Clock) {
    this.clock = clock
  }
  async invokeAsync(_context: HttpContext): Promise<void> {}
}

class Wrong {
  static readonly inject = [Clock] as const
  readonly text: string
  constructor(_next: RequestDelegate, text: string) {
    this.text = text
  }
  async invokeAsync(_context: HttpContext): Promise<void> {}
}

class PerRequest extends FactoryMiddleware {
  static readonly inject = [Clock] as const
  readonly clock: Clock
  constructor(clock: Clock) {
    super()
    this.clock = clock
  }
  async invokeAsync(_context: HttpContext, next: Next): Promise<void> {
    await next()
  }
}

class WithoutMethod {}

describe('the types of app.useMiddleware', () => {
  it('accept classes that fit and refuse the others', () => {
    const register = (app: ApplicationBuilder): void => {
      app.useMiddleware(WantsClock, 'text')
      app.useMiddleware(PerRequest)
      // @ts-expect-error the argument is missing
      app.useMiddleware(WantsClock)
      // @ts-expect-error the argument is of another type
      app.useMiddleware(WantsClock, 1)
      // @ts-expect-error the list does not fit the constructor
      app.useMiddleware(Wrong)
      // @ts-expect-error there is neither invokeAsync nor invoke
      app.useMiddleware(WithoutMethod)
    }
    expectTypeOf(register).parameters.toEqualTypeOf<[ApplicationBuilder]>()
  })
})
