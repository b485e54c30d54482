import type { OptionsClass } from '../configuration/configuration-shape.ts'
import type { ServiceToken } from '../dependency-injection/service-token.ts'
import { Options } from './options.ts'
import { OptionsSnapshotRegistry } from './options-registry.ts'
import { tokenPerOptionsClass } from './options-token.ts'

/** Configured settings as they were when this scope first read them; a scoped service. (.NET: IOptionsSnapshot of T) */
export abstract class OptionsSnapshot<T extends object> extends Options<T> {
  /** Stands for the snapshot of the options of a class. */
  static override of<T extends object>(type: OptionsClass<T>): ServiceToken<OptionsSnapshot<T>> {
    return tokens(type) as unknown as ServiceToken<OptionsSnapshot<T>>
  }

  /** The options of a name. Raises an `OptionsValidationException` when they do not pass their checks. */
  abstract get(name: string): T
}

const tokens = tokenPerOptionsClass<OptionsSnapshot<object>>(
  'OptionsSnapshot.of',
  type => provider => provider.getRequiredService(OptionsSnapshotRegistry).snapshot(type),
)
