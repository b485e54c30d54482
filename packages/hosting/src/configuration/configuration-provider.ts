import { ChangeListeners } from '@windhover/core'
import { ConfigurationData } from './configuration-data.ts'

/**
 * Supplies the keys and values of one source. A provider of your own overrides `load` and puts what it read into `data`.
 * One that is also `Disposable` is disposed with the configuration. (.NET: ConfigurationProvider)
 */
export abstract class ConfigurationProvider {
  readonly #listeners = new ChangeListeners()

  /** What the source says. `load` replaces it as a whole, so that nobody sees half of it. */
  protected data: ConfigurationData = new ConfigurationData()

  /** Reads the source, at the beginning and at each reload. */
  abstract load(): void

  /** The value of a key; null when the source says null, undefined when it does not have the key. */
  tryGet(key: string): string | null | undefined {
    return this.data.get(key)
  }

  set(key: string, value: string | null): void {
    this.data.set(key, value)
  }

  /** The segments directly below `parentPath`, in any order, repetitions allowed; undefined is the top. */
  getChildKeys(parentPath: string | undefined): Iterable<string> {
    return this.data.childKeys(parentPath)
  }

  /** Calls back each time the provider has loaded its source anew on its own, until disposed. */
  onChange(callback: () => void): Disposable {
    return this.#listeners.add(callback)
  }

  /** To be called by a provider that has loaded its source anew on its own. (.NET: OnReload) */
  protected onReload(): void {
    this.#listeners.notify()
  }
}
