import { Configuration, HostApplicationLifetime } from '@windhover/core'
import { describe, expect, it } from 'vitest'
import { FakeServer } from '../../support/fake-server.ts'
import { build, builderWith } from './web-host-fixtures.ts'

describe('running a web host', () => {
  it('runs until its signal fires, then stops and disposes', async () => {
    const server = new FakeServer()
    const stop = new AbortController()
    const host = build(builderWith(server))
    host.services.getRequiredService(HostApplicationLifetime).applicationStarted.addEventListener('abort', () => stop.abort())
    await host.runAsync(stop.signal)
    expect([server.startCalls, server.stopCalls]).toEqual([1, 1])
    expect(() => host.services.getService(Configuration)).toThrowError(expect.objectContaining({ name: 'ObjectDisposedException' }))
  })

  it('runs until stopApplication', async () => {
    const server = new FakeServer()
    const host = build(builderWith(server))
    const lifetime = host.services.getRequiredService(HostApplicationLifetime)
    lifetime.applicationStarted.addEventListener('abort', () => lifetime.stopApplication())
    await host.runAsync()
    expect(server.stopCalls).toBe(1)
  })

  it('returns when it is asked to stop while it starts', async () => {
    const server = new FakeServer()
    const stop = new AbortController()
    server.onStart = signal => {
      stop.abort()
      signal!.throwIfAborted()
    }
    await build(builderWith(server)).runAsync(stop.signal)
    expect([server.startCalls, server.stopCalls]).toEqual([1, 0])
  })

  it('disposes and rejects when the start fails', async () => {
    const server = new FakeServer()
    server.onStart = () => {
      throw new Error('boom')
    }
    const host = build(builderWith(server))
    await expect(host.runAsync()).rejects.toThrow('boom')
    expect(() => host.services.getService(Configuration)).toThrowError(expect.objectContaining({ name: 'ObjectDisposedException' }))
  })

  it('listens to the signals of the process while it runs, unless it has a signal of its own', async () => {
    const before = process.listenerCount('SIGTERM')
    const during: number[] = []
    for (const signal of [undefined, new AbortController().signal]) {
      const host = build(builderWith())
      const lifetime = host.services.getRequiredService(HostApplicationLifetime)
      lifetime.applicationStarted.addEventListener('abort', () => {
        during.push(process.listenerCount('SIGTERM') - before)
        lifetime.stopApplication()
      })
      await host.runAsync(signal)
    }
    expect(during).toEqual([1, 0])
    expect(process.listenerCount('SIGTERM')).toBe(before)
  })

  it('waits for the shutdown of a host that was started, and stops it', async () => {
    const server = new FakeServer()
    const host = build(builderWith(server))
    await host.startAsync()
    const waiting = host.waitForShutdownAsync()
    host.services.getRequiredService(HostApplicationLifetime).stopApplication()
    await waiting
    expect(server.stopCalls).toBe(1)
  })
})
