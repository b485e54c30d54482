import 'reflect-metadata'
import { coreErrors } from '../errors/core-errors.ts'
import { markedDependency } from './constructor-parameters.ts'
import type { Dependency } from './dependency.ts'
import { type ParameterMark, parameterMarks } from './from-services.ts'
import { injectList } from './inject-list.ts'
import { resolveParameter } from './resolve-parameter.ts'
import type { ServiceProvider } from './service-provider.ts'
import { type AbstractConstructor, describeService } from './service-token.ts'

/** Calls a method on `target` with the given arguments and, for its other parameters, services of `provider`. */
export interface MethodInvoker {
  (target: object, provider: ServiceProvider, ...given: readonly unknown[]): unknown
  /** How many of the method's parameters are services. */
  readonly serviceCount: number
}

type Method = (...args: readonly unknown[]) => unknown

/**
 * Works out, once, how a method is called whose first parameters are given and whose others are services: those marked with
 * `@fromServices()`, or those listed under its name in `static inject`, which are always the last ones. A parameter of which nothing is
 * known is an invalid-operation error here; one whose service is missing is one when it is called. Both name class, method and index.
 *
 * `givenCount` is how many arguments a caller gives; a method may take fewer. `isStatic` looks for a method of the class itself.
 */
export function createMethodInvoker(type: AbstractConstructor, method: string, givenCount: number, isStatic = false): MethodInvoker {
  const owner = ownerOf(isStatic ? type : type.prototype, method)
  if (owner === undefined) throw coreErrors.methodMissing(describeService(type), method)
  const { first, dependencies } = services(type, owner, method, givenCount)

  function invokeMethod(target: object, provider: ServiceProvider, ...given: readonly unknown[]): unknown {
    const args = given.slice(0, first)
    for (const { index, dependency } of dependencies) args[index] = resolveParameter(provider, dependency, type, method, index)
    return (target as Record<string, Method>)[method]?.(...args)
  }
  return Object.assign(invokeMethod, { serviceCount: dependencies.length })
}

/** Which parameters are services, and how many of the given arguments are passed on. */
interface MethodServices {
  readonly first: number
  readonly dependencies: readonly { readonly index: number; readonly dependency: Dependency }[]
}

function services(type: AbstractConstructor, owner: object, method: string, givenCount: number): MethodServices {
  const { length } = (owner as Record<string, Method>)[method] as Method
  const listed = listedFor(type, owner, method)
  if (listed !== undefined) {
    // The list is for the last parameters. An optional one does not count in the length, but the first argument is always a given one.
    const first = Math.min(Math.max(length - listed.length, 1), givenCount)
    if (first + listed.length < length) throw coreErrors.parameterUnknown(describeService(type), method, first)
    return { first, dependencies: listed.map((dependency, index) => ({ index: first + index, dependency })) }
  }

  const marks = parameterMarks(owner, method) ?? new Map<number, ParameterMark>()
  const types: readonly unknown[] | undefined = Reflect.getOwnMetadata('design:paramtypes', owner, method)
  const indexes = Array.from({ length: Math.max(length - givenCount, 0) }, (_, index) => givenCount + index)
  const dependencies = [...new Set([...marks.keys(), ...indexes])].map(index => {
    const mark = marks.get(index)
    const dependency = mark && markedDependency(mark, types?.[index])
    if (dependency === undefined) throw coreErrors.parameterUnknown(describeService(type), method, index)
    return { index, dependency }
  })
  return { first: givenCount, dependencies: dependencies.sort((one, other) => one.index - other.index) }
}

/** The object in the prototype chain that has the method itself: decorators speak about that one. */
function ownerOf(start: object, method: string): object | undefined {
  for (let owner: object | null = start; owner !== null && owner !== Object.prototype; owner = Object.getPrototypeOf(owner)) {
    if (Object.hasOwn(owner, method) && typeof (owner as Record<string, unknown>)[method] === 'function') return owner
  }
  return undefined
}

/** The list of the nearest class, from `type` up to the one that has the method. */
function listedFor(type: AbstractConstructor, owner: object, method: string): readonly Dependency[] | undefined {
  for (let current = type; typeof current === 'function'; current = Object.getPrototypeOf(current)) {
    const list = injectList(current, method)
    if (list !== undefined || current === owner || current.prototype === owner) return list
  }
  return undefined
}
