import { ChangeListeners } from '../configuration/change-listeners.ts'
import type { OptionsClass } from '../configuration/configuration-shape.ts'
import type { ServiceProvider } from '../dependency-injection/service-provider.ts'
import { createOptions } from './create-options.ts'
import type { OptionsMonitor } from './options-monitor.ts'
import { OptionsChangeSource } from './options-steps.ts'

/** Keeps the options of a class by name, and makes them anew when one of their sources has changed. */
export class DefaultOptionsMonitor<T extends object> implements OptionsMonitor<T>, Disposable {
  readonly #provider: ServiceProvider
  readonly #type: OptionsClass<T>
  readonly #registrations: readonly Disposable[]
  readonly #values = new Map<string, T>()
  readonly #listeners = new ChangeListeners<[options: T, name: string]>()

  constructor(provider: ServiceProvider, type: OptionsClass<T>) {
    this.#provider = provider
    this.#type = type
    const sources = provider.getServices(OptionsChangeSource.of(type))
    this.#registrations = sources.map(source => source.onChange(() => this.#reload(source.name)))
  }

  get currentValue(): T {
    return this.get('')
  }

  get(name: string): T {
    return this.#values.get(name) ?? this.#make(name)
  }

  onChange(listener: (options: T, name: string) => void): Disposable {
    return this.#listeners.add(listener)
  }

  [Symbol.dispose](): void {
    for (const registration of this.#registrations) registration[Symbol.dispose]()
  }

  #make(name: string): T {
    const options = createOptions(this.#provider, this.#type, name)
    this.#values.set(name, options)
    return options
  }

  #reload(name: string): void {
    const isKnown = this.#values.has(name) || this.#listeners.count > 0
    if (isKnown) this.#listeners.notify(this.#make(name), name)
  }
}
