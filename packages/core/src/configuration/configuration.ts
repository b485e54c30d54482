import { coreErrors } from '../errors/core-errors.ts'
import { type BinderOptions, bindProperties, readShape, shapesOf } from './configuration-binder.ts'
import { ConfigurationPath } from './configuration-path.ts'
import type { ConfigurationShape, OptionalShape, PropertyShapes, Shaped, ShapesFor, ValueShape } from './configuration-shape.ts'

/**
 * Texts under keys of segments such as `Logging:LogLevel:Default`. Keys ignore case; of several sources the last one that has a key wins.
 * (.NET: IConfiguration)
 */
export abstract class Configuration {
  /** Where this part begins: empty for the whole configuration. */
  get path(): string {
    return ''
  }

  /**
   * The value of a key as the sources tell it: null when the last source that has the key says null, undefined when none has it.
   * Without a key: the value of this section itself.
   */
  abstract tryGet(key?: string): string | null | undefined

  /** Changes a value in every source, as long as the process lives. */
  abstract set(key: string, value: string | undefined): void

  /** The next segments below `path` (below this part when it is left out): numbers by value first, then texts, without regard to case. */
  abstract getChildKeys(path?: string): readonly string[]

  /** Calls back after each reload, not after `set`, until disposed. (.NET: GetReloadToken) */
  abstract onChange(callback: () => void): Disposable

  /** The value of a key; undefined when there is none. (.NET: the indexer) */
  get(key: string): string | undefined
  /**
   * This part as a value of the given shape, an options class for example; undefined when there is nothing here.
   * Text that does not fit raises an invalid-operation error that names its key.
   */
  get<const S extends ConfigurationShape>(shape: S, options?: BinderOptions): Shaped<S> | undefined
  get(keyOrShape: string | ConfigurationShape, options?: BinderOptions): unknown {
    if (typeof keyOrShape === 'string') return this.tryGet(keyOrShape) ?? undefined
    return readShape(this, keyOrShape, options)
  }

  /**
   * One value of the given type: `getValue('port', Number, 8080)`. Without a default it is undefined when the key is missing or null.
   * Text that does not fit raises an invalid-operation error that names its key, also when there is a default.
   */
  getValue<const S extends ValueShape | OptionalShape<ValueShape>>(key: string, type: S): Shaped<S> | undefined
  getValue<const S extends ValueShape | OptionalShape<ValueShape>>(key: string, type: S, defaultValue: Shaped<S>): Shaped<S>
  getValue(key: string, type: ValueShape | OptionalShape<ValueShape>, defaultValue?: unknown): unknown {
    return readShape(this.getSection(key), type) ?? defaultValue
  }

  /** The part below a key; it may be empty. */
  getSection(key: string): ConfigurationSection {
    return new ConfigurationSection(this, key)
  }

  /** Like `getSection`, but raises an invalid-operation error when there is nothing. */
  getRequiredSection(key: string): ConfigurationSection {
    const section = this.getSection(key)
    if (!section.exists()) throw coreErrors.configurationSectionMissing(section.path)
    return section
  }

  /** The sections directly below, in the order of `getChildKeys`. */
  getChildren(): readonly ConfigurationSection[] {
    return this.getChildKeys().map(key => this.getSection(key))
  }

  /** Whether there is a value or anything below. */
  exists(): boolean {
    return (this.tryGet() ?? undefined) !== undefined || this.getChildKeys().length > 0
  }

  /** The value of `ConnectionStrings:<name>`. */
  getConnectionString(name: string): string | undefined {
    return this.get(ConfigurationPath.combine('ConnectionStrings', name))
  }

  /**
   * Sets the properties of `target` that have a value here and returns `target`. The type of a property is that of its default value, unless
   * `shape` or the `static shape` of its class tells more. Lists and maps are added to. Text that does not fit raises an invalid-operation
   * error that names its key, and so does a value for a property whose type is not known.
   */
  bind<T extends object>(target: T, shape?: ShapesFor<T>, options?: BinderOptions): T {
    bindProperties(this, target, (shape as PropertyShapes | undefined) ?? shapesOf(target), options)
    return target
  }

  /** Every key below with its value, parents first. (.NET: AsEnumerable) */
  *asEnumerable(makePathsRelative = false): Generator<[key: string, value: string | undefined]> {
    const cut = makePathsRelative && this.path !== '' ? this.path.length + 1 : 0
    for (const child of this.getChildren()) {
      yield [child.path.slice(cut), child.value]
      for (const [key, value] of child.asEnumerable()) yield [key.slice(cut), value]
    }
  }
}

/** The part of a configuration below a key. It reads what its sources say now. (.NET: IConfigurationSection) */
export class ConfigurationSection extends Configuration {
  readonly #root: Configuration
  readonly #path: string

  constructor(root: Configuration, path: string) {
    super()
    this.#root = root
    this.#path = path
  }

  override get path(): string {
    return this.#path
  }

  /** The last segment of the path, in the case in which it was asked for. */
  get key(): string {
    return ConfigurationPath.getSectionKey(this.#path)
  }

  /** The text at this path itself; undefined when there is none. */
  get value(): string | undefined {
    return this.tryGet() ?? undefined
  }

  set value(value: string | undefined) {
    this.#root.set(this.#path, value)
  }

  override tryGet(key?: string): string | null | undefined {
    return this.#root.tryGet(key === undefined ? this.#path : this.#pathOf(key))
  }

  override set(key: string, value: string | undefined): void {
    this.#root.set(this.#pathOf(key), value)
  }

  override getChildKeys(path?: string): readonly string[] {
    return this.#root.getChildKeys(path === undefined ? this.#path : this.#pathOf(path))
  }

  override onChange(callback: () => void): Disposable {
    return this.#root.onChange(callback)
  }

  override getSection(key: string): ConfigurationSection {
    return new ConfigurationSection(this.#root, this.#pathOf(key))
  }

  #pathOf(key: string): string {
    return ConfigurationPath.combine(this.#path, key)
  }
}
