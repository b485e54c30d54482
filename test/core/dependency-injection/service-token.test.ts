import { allOf, createServiceToken, keyed, optional, ServiceCollection, ServiceProvider, ServiceToken } from '@windhover/core'
import { describe, expect, it } from 'vitest'

class Clock {
  readonly kind = 'clock'
}

describe('createServiceToken', () => {
  it('gives the same token for the same name, so that two copies of a package agree', () => {
    expect(createServiceToken('test.token.A')).toBe(createServiceToken('test.token.A'))
    expect(createServiceToken('test.token.A')).not.toBe(createServiceToken('test.token.B'))
  })

  it('makes a token of its own when it can resolve', () => {
    const resolve = () => 1
    const token = createServiceToken<number>('test.token.A', resolve)
    expect(token).not.toBe(createServiceToken('test.token.A'))
    expect(token).not.toBe(createServiceToken('test.token.A', resolve))
    expect(token).toBeInstanceOf(ServiceToken)
  })

  it('takes names that objects have by nature', () => {
    expect(createServiceToken('__proto__')).toBeInstanceOf(ServiceToken)
    expect(createServiceToken('constructor').name).toBe('constructor')
  })

  it('reads as its name', () => {
    expect(String(createServiceToken('test.token.A'))).toBe('test.token.A')
  })
})

describe('allOf, optional and keyed', () => {
  const provider = new ServiceCollection()
    .addSingleton(Clock)
    .addKeyedSingleton(Clock, 'a')
    .addKeyedSingleton(Clock, 'a')
    .buildServiceProvider()

  it.each([
    { token: allOf(Clock), expected: [new Clock()] },
    { token: optional(Clock), expected: new Clock() },
    { token: keyed(Clock, 'a'), expected: new Clock() },
    { token: allOf(keyed(Clock, 'a')), expected: [new Clock(), new Clock()] },
    { token: keyed(allOf(Clock), 'a'), expected: [new Clock(), new Clock()] },
    { token: allOf(keyed(Clock, 'b')), expected: [] },
    { token: optional(keyed(Clock, 'b')), expected: undefined },
    { token: keyed(optional(Clock), 'b'), expected: undefined },
  ])('$token can be asked for and injected', ({ token, expected }) => {
    class Consumer {
      static inject = [token] as const
      constructor(readonly service: unknown) {}
    }
    expect(provider.getService<unknown>(token)).toStrictEqual(expected)
    const services = new ServiceCollection()
      .addTransient(Consumer)
      .addSingleton(Clock)
      .addKeyedSingleton(Clock, 'a')
      .addKeyedSingleton(Clock, 'a')
    expect(services.buildServiceProvider().getRequiredService(Consumer).service).toStrictEqual(expected)
  })

  it('ask any provider, also one of another container', () => {
    class Other extends ServiceProvider {
      getService<T>(): T | undefined {
        return undefined
      }
      getServices<T>(): T[] {
        return []
      }
      getKeyedService<T>(_identifier: unknown, key: unknown): T | undefined {
        return key === 'a' ? (new Clock() as T) : undefined
      }
      getKeyedServices<T>(_identifier: unknown, key: unknown): T[] {
        return [`all of ${key}` as T]
      }
    }
    const other = new Other()
    expect(keyed(Clock, 'a').resolve?.(other)).toBeInstanceOf(Clock)
    expect(optional(keyed(Clock, 'b')).resolve?.(other)).toBeUndefined()
    expect(allOf(keyed(Clock, 'c')).resolve?.(other)).toStrictEqual(['all of c'])
    expect(() => keyed(Clock, 'b').resolve?.(other)).toThrow(expect.objectContaining({ code: 'WINDHOVER_ERR_SERVICE_MISSING' }))
    expect(() => other.getRequiredService(Clock)).toThrow(/"Clock"/)
  })
})
