import { BackgroundService } from '@windhover/core'
import { describe, expect, it } from 'vitest'
import { deferred } from '../../support/deferred.ts'

class Work extends BackgroundService {
  begun = deferred<AbortSignal>()
  end = deferred()

  protected override async executeAsync(stopping: AbortSignal): Promise<void> {
    this.begun.resolve(stopping)
    await this.end.promise
  }
}

const never = new AbortController().signal

describe('a background service', () => {
  it('begins its work after the start has returned, so that it delays nothing', async () => {
    let hasBegun = false
    const service = new (class extends BackgroundService {
      protected override executeAsync(): void {
        hasBegun = true
      }
    })()
    await service.startAsync(never)
    expect(hasBegun).toBe(false)
    await service.executeTask
    expect(hasBegun).toBe(true)
  })

  it('never begins when it is stopped at once', async () => {
    let hasBegun = false
    const service = new (class extends BackgroundService {
      protected override executeAsync(): void {
        hasBegun = true
      }
    })()
    await service.startAsync(never)
    await service.stopAsync(never)
    await service.executeTask
    expect(hasBegun).toBe(false)
  })

  it('fires the signal of its work when it is stopped, and waits for its end', async () => {
    const service = new Work()
    await service.startAsync(never)
    const stopping = await service.begun.promise
    const stopped = service.stopAsync(never)
    expect(stopping.aborted).toBe(true)
    service.end.resolve()
    await stopped
  })

  it('leaves its work behind when the time to stop is over', async () => {
    const service = new Work()
    await service.startAsync(never)
    await service.begun.promise
    const timeout = new AbortController()
    const stopped = service.stopAsync(timeout.signal)
    timeout.abort()
    await stopped
    service.end.resolve()
    await service.executeTask
  })

  it('does not raise the error of its work when it is stopped', async () => {
    const service = new Work()
    await service.startAsync(never)
    await service.begun.promise
    service.end.reject(new Error('boom'))
    await expect(service.executeTask).rejects.toThrow('boom')
    await service.stopAsync(never)
  })

  it('can be stopped without having been started', async () => {
    await new Work().stopAsync(never)
  })

  it('fires the signal of its work when it is disposed', async () => {
    const service = new Work()
    await service.startAsync(never)
    const stopping = await service.begun.promise
    service[Symbol.dispose]()
    expect(stopping.aborted).toBe(true)
    service.end.resolve()
    await service.executeTask
  })
})
