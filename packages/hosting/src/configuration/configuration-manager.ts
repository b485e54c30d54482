import type {
  BinderOptions,
  Configuration,
  ConfigurationSection,
  ConfigurationShape,
  OptionalShape,
  Shaped,
  ShapesFor,
  ValueShape,
} from '@windhover/core'
import { ConfigurationBuilder } from './configuration-builder.ts'
import { ConfigurationRoot } from './configuration-root.ts'
import type { ConfigurationSource } from './configuration-source.ts'
import { MemoryConfigurationProvider } from './memory-configuration-provider.ts'

/**
 * A configuration that can be read while sources are still added to it: a source is loaded as soon as it is added.
 * Begins with one source in memory, so that `set` always has a place. (.NET: ConfigurationManager)
 */
export class ConfigurationManager extends ConfigurationBuilder implements Configuration, Disposable {
  readonly #root: ConfigurationRoot = new ConfigurationRoot()

  constructor() {
    super()
    this.add({ build: () => new MemoryConfigurationProvider() })
  }

  override add(source: ConfigurationSource): this {
    this.#root.addProvider(source.build(this))
    return super.add(source)
  }

  override clearSources(): this {
    this.#root.clearProviders()
    return super.clearSources()
  }

  /** The live configuration behind this manager, always the same one. */
  override build(): ConfigurationRoot {
    return this.#root
  }

  /** Reads every source again. */
  reload(): void {
    this.#root.reload()
  }

  get path(): string {
    return this.#root.path
  }

  tryGet(key?: string): string | null | undefined {
    return this.#root.tryGet(key)
  }

  set(key: string, value: string | undefined): void {
    this.#root.set(key, value)
  }

  getChildKeys(path?: string): readonly string[] {
    return this.#root.getChildKeys(path)
  }

  onChange(callback: () => void): Disposable {
    return this.#root.onChange(callback)
  }

  get(key: string): string | undefined
  get<const S extends ConfigurationShape>(shape: S, options?: BinderOptions): Shaped<S> | undefined
  get(keyOrShape: string & ConfigurationShape, options?: BinderOptions): unknown {
    return this.#root.get(keyOrShape, options)
  }

  getValue<const S extends ValueShape | OptionalShape<ValueShape>>(key: string, type: S): Shaped<S> | undefined
  getValue<const S extends ValueShape | OptionalShape<ValueShape>>(key: string, type: S, defaultValue: Shaped<S>): Shaped<S>
  getValue(key: string, type: ValueShape | OptionalShape<ValueShape>, defaultValue?: unknown): unknown {
    return this.#root.getValue(key, type, defaultValue)
  }

  getSection(key: string): ConfigurationSection {
    return this.#root.getSection(key)
  }

  getRequiredSection(key: string): ConfigurationSection {
    return this.#root.getRequiredSection(key)
  }

  getChildren(): readonly ConfigurationSection[] {
    return this.#root.getChildren()
  }

  exists(): boolean {
    return this.#root.exists()
  }

  getConnectionString(name: string): string | undefined {
    return this.#root.getConnectionString(name)
  }

  bind<T extends object>(target: T, shape?: ShapesFor<T>, options?: BinderOptions): T {
    return this.#root.bind(target, shape, options)
  }

  asEnumerable(makePathsRelative?: boolean): Generator<[key: string, value: string | undefined]> {
    return this.#root.asEnumerable(makePathsRelative)
  }

  [Symbol.dispose](): void {
    this.#root[Symbol.dispose]()
  }
}
