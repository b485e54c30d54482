import { coreErrors } from '../errors/core-errors.ts'
import { InvalidOperationException } from '../errors/exceptions.ts'
import { type Dependency, resolveDependency } from './dependency.ts'
import type { ServiceProvider } from './service-provider.ts'
import { type AbstractConstructor, describeService } from './service-token.ts'

/** The mistakes in registrations. What an application's own constructors and factories throw is none of them and passes as it is. */
const registrationMistakes: ReadonlySet<string> = new Set([
  'WINDHOVER_ERR_SERVICE_MISSING',
  'WINDHOVER_ERR_SERVICE_CYCLE',
  'WINDHOVER_ERR_SCOPED_FROM_ROOT',
  'WINDHOVER_ERR_SCOPED_IN_SINGLETON',
])

/** Gets the service for a parameter; when it is not to be had, the error names class, member and index, with the reason as its cause. */
export function resolveParameter(
  provider: ServiceProvider,
  dependency: Dependency,
  type: AbstractConstructor,
  member: string,
  index: number,
): unknown {
  try {
    return resolveDependency(provider, dependency, type)
  } catch (error) {
    if (!(error instanceof InvalidOperationException) || !registrationMistakes.has(error.code)) throw error
    throw coreErrors.parameterUnresolved(
      describeService(type),
      member,
      index,
      describeService(dependency.identifier, dependency.key),
      error,
    )
  }
}
