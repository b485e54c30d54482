import type { Configuration } from '@windhover/core'
import { ConfigurationProvider } from './configuration-provider.ts'

/** Another configuration as a source; it is read as it is at the moment. (.NET: ChainedConfigurationProvider) */
export class ChainedConfigurationProvider extends ConfigurationProvider implements Disposable {
  readonly #configuration: Configuration
  readonly #shouldDispose: boolean
  readonly #registration: Disposable

  constructor(configuration: Configuration, shouldDispose = false) {
    super()
    this.#configuration = configuration
    this.#shouldDispose = shouldDispose
    this.#registration = configuration.onChange(() => this.onReload())
  }

  override load(): void {}

  override tryGet(key: string): string | null | undefined {
    return this.#configuration.tryGet(key)
  }

  override set(key: string, value: string | null): void {
    this.#configuration.set(key, value ?? undefined)
  }

  override getChildKeys(parentPath: string | undefined): Iterable<string> {
    return this.#configuration.getChildKeys(parentPath)
  }

  [Symbol.dispose](): void {
    this.#registration[Symbol.dispose]()
    if (this.#shouldDispose) (this.#configuration as Partial<Disposable>)[Symbol.dispose]?.()
  }
}
