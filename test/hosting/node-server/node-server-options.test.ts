import { ArgumentOutOfRangeException } from '@windhover/core'
import { NodeServer, type NodeServerLimits } from '@windhover/hosting'
import { describe, expect, it } from 'vitest'

describe('the options of NodeServer', () => {
  it('have the defaults of Kestrel, and limits where Kestrel has none', () => {
    expect(new NodeServer().options).toEqual({
      listen: [],
      protocols: 'http1AndHttp2',
      https: undefined,
      useDevelopmentCertificate: false,
      alwaysChunk: false,
      limits: {
        maxRequestBodySize: 30_000_000,
        maxRequestLineSize: 8_192,
        maxRequestHeadersTotalSize: 32_768,
        maxRequestHeaderCount: 100,
        keepAliveTimeout: 130_000,
        requestHeadersTimeout: 30_000,
        maxConcurrentConnections: null,
        maxConcurrentUpgradedConnections: null,
        maxPendingUpgrades: 10_000,
        minRequestBodyDataRate: { bytesPerSecond: 240, gracePeriod: 5_000 },
        minResponseDataRate: { bytesPerSecond: 240, gracePeriod: 5_000 },
        bodyDrainTimeout: 5_000,
        upgradedCloseTimeout: 2_000,
        http2: {
          maxStreamsPerConnection: 100,
          headerTableSize: 4_096,
          maxFrameSize: 16_384,
          initialConnectionWindowSize: 1_048_576,
          initialStreamWindowSize: 786_432,
          maxSessionMemory: 10_000_000,
          maxSettings: 32,
          maxInvalidFrames: 1_000,
          maxRejectedStreams: 100,
          streamResetBurst: 1_000,
          streamResetRate: 33,
        },
      },
    })
  })

  it('are a frozen copy: later changes do not reach the server', () => {
    const limits: NodeServerLimits = { maxRequestHeaderCount: 5 }
    const listen = ['http://localhost:1']
    const { options } = new NodeServer({ listen, limits })
    limits.maxRequestHeaderCount = 6
    listen.push('http://localhost:2')
    expect(options.limits.maxRequestHeaderCount).toBe(5)
    expect(options.listen).toEqual([{ url: 'http://localhost:1' }])
    const parts = [options, options.limits, options.limits.http2, options.listen, options.limits.minResponseDataRate]
    expect(parts.map(part => Object.isFrozen(part))).toEqual([true, true, true, true, true])
  })

  it.each<[name: keyof NodeServerLimits, value: unknown]>([
    ['maxRequestBodySize', -1],
    ['maxRequestBodySize', Number.NaN],
    ['maxRequestLineSize', 0],
    ['maxRequestHeadersTotalSize', Number.POSITIVE_INFINITY],
    ['maxRequestHeaderCount', 0],
    ['keepAliveTimeout', 0],
    ['requestHeadersTimeout', '30'],
    ['maxConcurrentConnections', 0],
    ['maxConcurrentUpgradedConnections', -1],
    ['maxPendingUpgrades', 0],
    ['minRequestBodyDataRate', { bytesPerSecond: 0, gracePeriod: 5_000 }],
    ['minResponseDataRate', { bytesPerSecond: 240, gracePeriod: 10 }],
    ['bodyDrainTimeout', -1],
    ['upgradedCloseTimeout', -1],
    ['http2', { maxStreamsPerConnection: 0 }],
    ['http2', { maxFrameSize: 1_000 }],
    ['http2', { initialStreamWindowSize: 100 }],
    ['http2', { maxSessionMemory: 10 }],
  ])('refuse %s: %o', (name, value) => {
    expect(() => new NodeServer({ limits: { [name]: value } })).toThrow(ArgumentOutOfRangeException)
  })

  it('refuse protocols that are none', () => {
    const make = (): unknown => new NodeServer({ listen: { url: 'http://localhost:1', protocols: 'spdy' as 'http1' } })
    expect(make).toThrow(expect.objectContaining({ code: 'WINDHOVER_ERR_PROTOCOLS_UNKNOWN' }))
  })
})
