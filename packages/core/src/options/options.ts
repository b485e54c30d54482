import type { OptionsClass } from '../configuration/configuration-shape.ts'
import type { ServiceToken } from '../dependency-injection/service-token.ts'
import { OptionsRegistry } from './options-registry.ts'
import { tokenPerOptionsClass } from './options-token.ts'

/** Configured settings, made when they are first read and shared by everyone. (.NET: IOptions of T) */
export abstract class Options<T extends object> {
  /** The name of the options that are asked for without a name. */
  static readonly defaultName: '' = ''

  /** Always the same object. Raises an `OptionsValidationException` when it does not pass its checks. */
  abstract readonly value: T

  /** Stands for the options of a class: `static inject = [Options.of(MailOptions)]`. Nobody has to configure them: then they are its defaults. */
  static of<T extends object>(type: OptionsClass<T>): ServiceToken<Options<T>> {
    return tokens(type) as ServiceToken<Options<T>>
  }

  /** Options around an object that is there already, for tests and for constructors that are called by hand. (.NET: Options.Create) */
  static create<T extends object>(value: T): Options<T> {
    return { value }
  }
}

const tokens = tokenPerOptionsClass<Options<object>>(
  'Options.of',
  type => provider => provider.getRequiredService(OptionsRegistry).options(type),
)
