import type { OptionsClass } from '../configuration/configuration-shape.ts'
import type { ServiceToken } from '../dependency-injection/service-token.ts'
import { OptionsRegistry } from './options-registry.ts'
import { tokenPerOptionsClass } from './options-token.ts'

/** Configured settings that follow their configuration. (.NET: IOptionsMonitor of T) */
export abstract class OptionsMonitor<T extends object> {
  /** Stands for the monitor of the options of a class. */
  static of<T extends object>(type: OptionsClass<T>): ServiceToken<OptionsMonitor<T>> {
    return tokens(type) as unknown as ServiceToken<OptionsMonitor<T>>
  }

  /** The options as they are now: the same object until the configuration changes. */
  get currentValue(): T {
    return this.get('')
  }

  /** The options of a name as they are now. Raises an `OptionsValidationException` when they do not pass their checks. */
  abstract get(name: string): T

  /**
   * Calls `listener` with the new options after each change, until disposed. Options that do not pass their checks after a change do not
   * replace those that were there: the error goes to whoever caused the reload.
   */
  abstract onChange(listener: (options: T, name: string) => void): Disposable
}

const tokens = tokenPerOptionsClass<OptionsMonitor<object>>(
  'OptionsMonitor.of',
  type => provider => provider.getRequiredService(OptionsRegistry).monitor(type),
)
