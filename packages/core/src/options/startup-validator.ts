import { allOf } from '../dependency-injection/dependency.ts'
import { createServiceToken, type ServiceToken } from '../dependency-injection/service-token.ts'
import { coreErrors } from '../errors/core-errors.ts'

/** Options that are to be made, and so checked, when the host starts. */
export interface StartupValidation {
  /** Raises what making the options raises. */
  validate(): void
}

export const StartupValidation: ServiceToken<StartupValidation> = createServiceToken('windhover.StartupValidation')

/** Checks the options that asked for it with `validateOnStart`; the host calls it before anything else starts. (.NET: IStartupValidator) */
export class StartupValidator {
  static readonly inject: readonly [ServiceToken<StartupValidation[]>] = [allOf(StartupValidation)]

  readonly #validations: readonly StartupValidation[]

  constructor(validations: readonly StartupValidation[]) {
    this.#validations = validations
  }

  /** Checks all of them; raises the error of the one that failed, or an aggregate of several. */
  validate(): void {
    const errors: unknown[] = []
    for (const validation of this.#validations) {
      try {
        validation.validate()
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length === 1) throw errors[0]
    if (errors.length > 1) throw coreErrors.startupValidationFailed(errors)
  }
}
