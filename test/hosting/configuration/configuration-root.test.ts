import { ConfigurationBuilder, ConfigurationProvider, ConfigurationRoot, MemoryConfigurationProvider } from '@windhover/hosting'
import { describe, expect, it } from 'vitest'

class CountingProvider extends ConfigurationProvider implements Disposable {
  loads = 0
  disposals = 0
  readonly #failAt: number

  constructor(failAt = 0) {
    super()
    this.#failAt = failAt
  }

  override load(): void {
    if (++this.loads === this.#failAt) throw new Error('cannot load')
    this.data.set('loads', String(this.loads))
  }

  change(): void {
    this.load()
    this.onReload()
  }

  [Symbol.dispose](): void {
    this.disposals++
  }
}

describe('ConfigurationRoot', () => {
  it('reads every source again on reload and tells it once', () => {
    const providers = [new CountingProvider(), new CountingProvider()]
    const configuration = new ConfigurationRoot(providers)
    let changes = 0
    configuration.onChange(() => changes++)
    configuration.reload()
    expect([changes, configuration.get('loads')]).toEqual([1, '2'])
  })

  it('tells a change of one of its providers', () => {
    const provider = new CountingProvider()
    const configuration = new ConfigurationRoot([provider])
    let seen: string | undefined
    using _ = configuration.getSection('any').onChange(() => {
      seen = configuration.get('loads')
    })
    provider.change()
    expect(seen).toBe('2')
  })

  it('disposes its providers, and hears of them no more', () => {
    const provider = new CountingProvider()
    const configuration = new ConfigurationRoot([provider])
    let changes = 0
    configuration.onChange(() => changes++)
    configuration[Symbol.dispose]()
    configuration[Symbol.dispose]()
    provider.change()
    expect([provider.disposals, changes]).toEqual([1, 0])
  })

  it('disposes what was loaded when a later source fails', () => {
    const providers = [new CountingProvider(), new CountingProvider(1)]
    expect(() => new ConfigurationRoot(providers)).toThrowError('cannot load')
    expect(providers.map(provider => provider.disposals)).toEqual([1, 1])
  })

  it('sets a value in every source, so that it wins over all of them', () => {
    const first = new MemoryConfigurationProvider({ a: '1' })
    const configuration = new ConfigurationRoot([first, new MemoryConfigurationProvider()])
    configuration.set('A', '2')
    expect([configuration.get('a'), first.tryGet('a')]).toEqual(['2', '2'])
    configuration.set('a', undefined)
    expect(configuration.get('a')).toBeUndefined()
  })

  it('cannot set a value without a source', () => {
    expect(() => new ConfigurationBuilder().build().set('a', '1')).toThrowError(
      expect.objectContaining({ code: 'WINDHOVER_ERR_CONFIGURATION_WITHOUT_SOURCES' }),
    )
  })
})
