import type { OptionsClass } from '../configuration/configuration-shape.ts'
import { ServiceProvider } from '../dependency-injection/service-provider.ts'
import { createOptions } from './create-options.ts'
import { DefaultOptionsMonitor } from './default-options-monitor.ts'
import type { Options } from './options.ts'
import type { OptionsSnapshot } from './options-snapshot.ts'

/** The options of the application, one object for each class and name: a singleton. */
export class OptionsRegistry implements Disposable {
  static readonly inject: readonly [typeof ServiceProvider] = [ServiceProvider]

  readonly #provider: ServiceProvider
  readonly #monitors = new Map<OptionsClass, DefaultOptionsMonitor<object>>()
  readonly #options = new Map<OptionsClass, Options<object>>()

  constructor(provider: ServiceProvider) {
    this.#provider = provider
  }

  monitor(type: OptionsClass): DefaultOptionsMonitor<object> {
    let monitor = this.#monitors.get(type)
    if (monitor === undefined) {
      monitor = new DefaultOptionsMonitor(this.#provider, type)
      this.#monitors.set(type, monitor)
    }
    return monitor
  }

  options(type: OptionsClass): Options<object> {
    let options = this.#options.get(type)
    if (options === undefined) {
      options = new LazyOptions(() => this.monitor(type).currentValue)
      this.#options.set(type, options)
    }
    return options
  }

  [Symbol.dispose](): void {
    for (const monitor of this.#monitors.values()) monitor[Symbol.dispose]()
  }
}

/** The options as one scope sees them: a scoped service. */
export class OptionsSnapshotRegistry {
  static readonly inject: readonly [typeof ServiceProvider] = [ServiceProvider]

  readonly #provider: ServiceProvider
  readonly #snapshots = new Map<OptionsClass, OptionsSnapshot<object>>()

  constructor(provider: ServiceProvider) {
    this.#provider = provider
  }

  snapshot(type: OptionsClass): OptionsSnapshot<object> {
    let snapshot = this.#snapshots.get(type)
    if (snapshot === undefined) {
      snapshot = new DefaultOptionsSnapshot(this.#provider, type)
      this.#snapshots.set(type, snapshot)
    }
    return snapshot
  }
}

class LazyOptions implements Options<object> {
  readonly #read: () => object
  #value: object | undefined

  constructor(read: () => object) {
    this.#read = read
  }

  get value(): object {
    this.#value ??= this.#read()
    return this.#value
  }
}

class DefaultOptionsSnapshot implements OptionsSnapshot<object> {
  readonly #provider: ServiceProvider
  readonly #type: OptionsClass
  readonly #values = new Map<string, object>()

  constructor(provider: ServiceProvider, type: OptionsClass) {
    this.#provider = provider
    this.#type = type
  }

  get value(): object {
    return this.get('')
  }

  get(name: string): object {
    let value = this.#values.get(name)
    if (value === undefined) {
      value = createOptions(this.#provider, this.#type, name)
      this.#values.set(name, value)
    }
    return value
  }
}
