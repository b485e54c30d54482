import { HostApplicationLifetime } from '@windhover/core'
import { WebHostBuilder } from '@windhover/hosting'
import { describe, expect, it } from 'vitest'
import { CollectedLogs } from '../../support/collected-logs.ts'
import { FakeServer } from '../../support/fake-server.ts'

/** The signals of a host, which are not to be had without one. */
function createLifetime(): { lifetime: HostApplicationLifetime; signal: AbortSignal; fire: () => void; logs: CollectedLogs } {
  const logs = new CollectedLogs()
  const host = new WebHostBuilder()
    .useServer(new FakeServer())
    .configureLogging(logging => logging.addProvider(logs))
    .configure(() => {})
    .build()
  const lifetime = host.services.getRequiredService(HostApplicationLifetime)
  return { lifetime, signal: lifetime.applicationStopping, fire: () => lifetime.stopApplication(), logs }
}

describe("a signal of a host's lifetime", () => {
  it('is an ordinary AbortSignal', () => {
    const { signal, fire } = createLifetime()
    const any = AbortSignal.any([signal])
    expect(signal).toBeInstanceOf(AbortSignal)
    expect(signal.aborted).toBe(false)
    fire()
    expect(signal.aborted).toBe(true)
    expect(any.aborted).toBe(true)
    expect(signal.reason).toMatchObject({ name: 'AbortError' })
  })

  it('calls the listener that was added last first', () => {
    const { signal, fire } = createLifetime()
    const calls: string[] = []
    for (const name of ['a', 'b', 'c']) signal.addEventListener('abort', () => calls.push(name))
    fire()
    expect(calls).toEqual(['c', 'b', 'a'])
  })

  it('calls every kind of listener, with the event and itself', () => {
    const { signal, fire } = createLifetime()
    const calls: string[] = []
    signal.addEventListener('abort', function (this: AbortSignal, event) {
      calls.push(`function ${this === signal} ${event.type}`)
    })
    signal.addEventListener('abort', { handleEvent: event => calls.push(`object ${event.type}`) })
    signal.onabort = () => calls.push('onabort')
    fire()
    expect(calls).toEqual(['onabort', 'object abort', 'function true abort'])
  })

  it('calls a listener once, however often it was added', () => {
    const { signal, fire } = createLifetime()
    let calls = 0
    const listener = (): void => {
      calls++
    }
    signal.addEventListener('abort', listener)
    signal.addEventListener('abort', listener)
    fire()
    fire()
    expect(calls).toBe(1)
  })

  it('does not call what was removed, by removeEventListener or by the signal of its options', () => {
    const { signal, fire } = createLifetime()
    const remover = new AbortController()
    let calls = 0
    const listener = (): void => {
      calls++
    }
    signal.addEventListener('abort', listener)
    signal.removeEventListener('abort', listener)
    signal.addEventListener('abort', () => listener(), { signal: remover.signal })
    remover.abort()
    signal.addEventListener('abort', () => listener(), { signal: remover.signal })
    fire()
    expect(calls).toBe(0)
  })

  it('calls the other listeners when one throws, and logs all errors as one Critical entry', () => {
    const { signal, fire, logs } = createLifetime()
    const calls: string[] = []
    signal.addEventListener('abort', () => calls.push('first'))
    signal.addEventListener('abort', () => {
      throw new Error('one')
    })
    signal.addEventListener('abort', () => {
      throw new Error('two')
    })
    fire()
    expect(calls).toEqual(['first'])
    expect(logs.lines()).toEqual(['Critical Windhover.Hosting.ApplicationLifetime[7] An error occurred stopping the application'])
    expect(logs.entries.at(-1)?.exception).toMatchObject({ innerExceptions: [{ message: 'two' }, { message: 'one' }] })
  })

  it('logs what an asynchronous listener rejects with', async () => {
    const { signal, fire, logs } = createLifetime()
    signal.addEventListener('abort', async () => {
      throw new Error('late')
    })
    fire()
    await new Promise(resolve => setImmediate(resolve))
    expect(logs.entries.at(-1)?.exception).toMatchObject({ innerExceptions: [{ message: 'late' }] })
  })

  it('takes any number of listeners without a warning', async () => {
    const { signal } = createLifetime()
    const warnings: Error[] = []
    const onWarning = (warning: Error): void => {
      warnings.push(warning)
    }
    process.on('warning', onWarning)
    for (let i = 0; i < 50; i++) signal.addEventListener('abort', () => {})
    await new Promise(resolve => setImmediate(resolve))
    process.off('warning', onWarning)
    expect(warnings).toEqual([])
  })
})
