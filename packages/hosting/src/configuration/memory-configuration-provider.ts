import { hostingErrors } from '../errors/hosting-errors.ts'
import { ConfigurationData } from './configuration-data.ts'
import { ConfigurationProvider } from './configuration-provider.ts'

/** Keys and values from an object, a `Map` or a list of pairs; null and undefined say "nothing". */
export type InMemoryCollection =
  | Iterable<readonly [key: string, value: string | null | undefined]>
  | Readonly<Record<string, string | null | undefined>>

/**
 * Configuration from memory. What is `set` later stays through a reload. A key that comes twice, in whatever case, raises an argument error.
 * (.NET: MemoryConfigurationProvider)
 */
export class MemoryConfigurationProvider extends ConfigurationProvider {
  constructor(initialData: InMemoryCollection = []) {
    super()
    const entries =
      Symbol.iterator in initialData ? (initialData as Iterable<readonly [string, string | null | undefined]>) : Object.entries(initialData)
    this.data = new ConfigurationData()
    for (const [key, value] of entries) {
      if (this.data.has(key)) throw hostingErrors.configurationKeyTwice(key)
      this.data.set(key, value ?? null)
    }
  }

  override load(): void {}
}
