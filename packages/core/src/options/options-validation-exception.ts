import { WindhoverException } from '../errors/exceptions.ts'

/** Options were read that do not pass their validation; `failures` are the complaints. (.NET: OptionsValidationException) */
export class OptionsValidationException extends WindhoverException {
  /** Empty for the options without a name. */
  readonly optionsName: string
  /** The name of the options class. */
  readonly optionsType: string
  readonly failures: readonly string[]

  constructor(optionsName: string, optionsType: string, failures: readonly string[]) {
    const which = optionsName === '' ? optionsType : `${optionsType} "${optionsName}"`
    super('WINDHOVER_ERR_OPTIONS_VALIDATION', `${which} do not pass their validation: ${failures.join('; ')}`)
    this.optionsName = optionsName
    this.optionsType = optionsType
    this.failures = failures
  }
}
