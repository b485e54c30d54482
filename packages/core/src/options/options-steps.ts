import type { OptionsClass } from '../configuration/configuration-shape.ts'
import type { ServiceToken } from '../dependency-injection/service-token.ts'
import { tokenPerOptionsClass } from './options-token.ts'

/** Sets options, in the order of registration. `name` is empty for the options without a name. (.NET: IConfigureNamedOptions of T) */
export interface ConfigureOptions<T extends object> {
  configure(options: T, name: string): void
}

/** Sets options after every `ConfigureOptions` has. (.NET: IPostConfigureOptions of T) */
export interface PostConfigureOptions<T extends object> {
  postConfigure(options: T, name: string): void
}

/** Checks options; what it returns are its complaints, none when all is well. (.NET: IValidateOptions of T) */
export interface ValidateOptions<T extends object> {
  validate(options: T, name: string): readonly string[]
}

/** Tells when the options of a name have to be made anew. (.NET: IOptionsChangeTokenSource of T) */
export interface OptionsChangeSource {
  readonly name: string
  onChange(callback: () => void): Disposable
}

const configureOptions = tokenPerOptionsClass<never>('ConfigureOptions.of')
const postConfigureOptions = tokenPerOptionsClass<never>('PostConfigureOptions.of')
const validateOptions = tokenPerOptionsClass<never>('ValidateOptions.of')
const changeSources = tokenPerOptionsClass<OptionsChangeSource>('OptionsChangeSource.of')

/** Where a class that configures options is registered: `services.addSingleton(ConfigureOptions.of(MailOptions), MailSetup)`. */
export const ConfigureOptions: { of<T extends object>(type: OptionsClass<T>): ServiceToken<ConfigureOptions<T>> } = { of: configureOptions }

/** Where a class that configures options last is registered. */
export const PostConfigureOptions: { of<T extends object>(type: OptionsClass<T>): ServiceToken<PostConfigureOptions<T>> } = {
  of: postConfigureOptions,
}

/** Where a class that checks options is registered. */
export const ValidateOptions: { of<T extends object>(type: OptionsClass<T>): ServiceToken<ValidateOptions<T>> } = { of: validateOptions }

/** Where a source of changes of options is registered. */
export const OptionsChangeSource: { of(type: OptionsClass): ServiceToken<OptionsChangeSource> } = { of: changeSources }
