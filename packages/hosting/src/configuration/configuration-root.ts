import { ChangeListeners, Configuration, compareConfigurationKeys, foldConfigurationKey } from '@windhover/core'
import { hostingErrors } from '../errors/hosting-errors.ts'
import type { ConfigurationProvider } from './configuration-provider.ts'

/** The whole configuration over its providers, the last of which wins. Disposing it stops the watching of files. (.NET: ConfigurationRoot) */
export class ConfigurationRoot extends Configuration implements Disposable {
  readonly #providers: ConfigurationProvider[] = []
  readonly #registrations: Disposable[] = []
  readonly #listeners = new ChangeListeners()

  /** Loads every provider, in order. Throws what a provider throws, after disposing those that were loaded. */
  constructor(providers: Iterable<ConfigurationProvider> = []) {
    super()
    try {
      for (const provider of providers) this.#load(provider)
    } catch (error) {
      this[Symbol.dispose]()
      throw error
    }
  }

  get providers(): readonly ConfigurationProvider[] {
    return this.#providers
  }

  /** Loads a further provider, which wins over those before it, and tells that the configuration has changed. One that throws is not added. */
  addProvider(provider: ConfigurationProvider): void {
    this.#load(provider)
    this.#listeners.notify()
  }

  /** Takes all providers away, disposes them and tells that the configuration has changed. */
  clearProviders(): void {
    this[Symbol.dispose]()
    this.#listeners.notify()
  }

  /** Reads every source again. */
  reload(): void {
    for (const provider of this.#providers) provider.load()
    this.#listeners.notify()
  }

  override tryGet(key?: string): string | null | undefined {
    if (key === undefined) return undefined
    for (let index = this.#providers.length - 1; index >= 0; index--) {
      const value = this.#providers[index]!.tryGet(key)
      if (value !== undefined) return value
    }
    return undefined
  }

  override set(key: string, value: string | undefined): void {
    if (this.#providers.length === 0) throw hostingErrors.configurationWithoutSources(key)
    for (const provider of this.#providers) provider.set(key, value ?? null)
  }

  override getChildKeys(path?: string): readonly string[] {
    const keys = new Map<string, string>()
    // The last source decides in which case a key is shown.
    for (const provider of this.#providers.toReversed()) {
      for (const key of provider.getChildKeys(path)) {
        const folded = foldConfigurationKey(key)
        if (!keys.has(folded)) keys.set(folded, key)
      }
    }
    return [...keys.values()].sort(compareConfigurationKeys)
  }

  override onChange(callback: () => void): Disposable {
    return this.#listeners.add(callback)
  }

  [Symbol.dispose](): void {
    for (const registration of this.#registrations.splice(0)) registration[Symbol.dispose]()
    for (const provider of this.#providers.splice(0)) disposeProvider(provider)
  }

  #load(provider: ConfigurationProvider): void {
    try {
      provider.load()
    } catch (error) {
      disposeProvider(provider)
      throw error
    }
    this.#providers.push(provider)
    this.#registrations.push(provider.onChange(() => this.#listeners.notify()))
  }
}

function disposeProvider(provider: ConfigurationProvider & Partial<Disposable>): void {
  provider[Symbol.dispose]?.()
}
