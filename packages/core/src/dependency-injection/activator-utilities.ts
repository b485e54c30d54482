import { coreErrors } from '../errors/core-errors.ts'
import { takesExactly } from './class-source.ts'
import { constructorParameters, unknownParameter } from './constructor-parameters.ts'
import type { Dependency } from './dependency.ts'
import { resolveParameter } from './resolve-parameter.ts'
import type { ServiceProvider } from './service-provider.ts'
import { ServiceProviderIsService } from './service-provider-is-service.ts'
import { type Constructor, describeService } from './service-token.ts'

/** Constructs classes that are not registered. What is made here belongs to the caller: no provider disposes it. (.NET: ActivatorUtilities) */
export const ActivatorUtilities: {
  /**
   * Constructs a class with explicit arguments and, for its other parameters, services. Each argument takes the first free parameter that it
   * is an instance of, or that is no service. `static inject` may leave out the first parameters, which are then for arguments.
   * A parameter without argument and service, and an argument without parameter, is an invalid-operation error.
   */
  createInstance<T>(provider: ServiceProvider, type: Constructor<T>, ...args: readonly unknown[]): T
  /** The service that is registered for the class, else a new instance as from `createInstance`. */
  getServiceOrCreateInstance<T>(provider: ServiceProvider, type: Constructor<T>): T
} = {
  createInstance(provider, type, ...args) {
    // A class without needs asks the provider for nothing else, and must not outlive it either.
    const services = provider.getService(ServiceProviderIsService)
    return Reflect.construct(type, constructorArguments(provider, services, type, args))
  },

  getServiceOrCreateInstance: (provider, type) => provider.getService(type) ?? ActivatorUtilities.createInstance(provider, type),
}

function constructorArguments(
  provider: ServiceProvider,
  services: ServiceProviderIsService | undefined,
  type: Constructor,
  given: readonly unknown[],
): unknown[] {
  const { source, parameters: listed } = constructorParameters(type)
  const unlisted = Math.max(type.length - listed.length, 0)
  const open: undefined[] = Array(unlisted).fill(undefined)
  const parameters = source === 'metadata' ? [...listed, ...open] : [...open, ...listed]
  const values = new Map<number, unknown>()
  const surplus: unknown[] = []

  for (const argument of given) {
    const index = parameters.findIndex((parameter, at) => !values.has(at) && takes(services, parameter, argument))
    if (index >= 0) values.set(index, argument)
    else if (source !== 'metadata' && !takesExactly(type)) surplus.push(argument)
    else throw coreErrors.argumentSuperfluous(describeService(type), given.indexOf(argument))
  }

  const needed = Math.max(type.length, 1 + parameters.findLastIndex((parameter, at) => parameter !== undefined || values.has(at)))
  const all = parameters.slice(0, needed).map((parameter, index) => {
    if (values.has(index)) return values.get(index)
    if (parameter === undefined) throw unknownParameter(type, source, index)
    return resolveParameter(provider, parameter, type, 'constructor', index)
  })
  // Optional parameters do not show in a class's length; what is given for them comes before what is listed.
  return source === 'metadata' ? all : all.toSpliced(unlisted, 0, ...surplus)
}

function takes(services: ServiceProviderIsService | undefined, parameter: Dependency | undefined, argument: unknown): boolean {
  if (parameter === undefined) return true
  const { identifier, key, all, optional } = parameter
  if (all) return false
  if (typeof identifier === 'function' && argument instanceof identifier) return true
  return key === undefined && !optional && services?.isService(identifier) === false
}
