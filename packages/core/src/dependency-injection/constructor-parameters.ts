import 'reflect-metadata'
import { coreErrors } from '../errors/core-errors.ts'
import { declaresConstructor } from './class-source.ts'
import { type Dependency, dependencyOf } from './dependency.ts'
import { type ParameterMark, parameterMarks } from './from-services.ts'
import { describeEntry, injectList } from './inject-list.ts'
import { type AbstractConstructor, describeService, type ServiceIdentifier, ServiceToken } from './service-token.ts'

/** What a class says about the parameters of its constructor; undefined stands for one whose type vanishes at run time. */
export interface ConstructorParameterList {
  readonly source: 'inject' | 'metadata' | 'nothing'
  readonly parameters: readonly (Dependency | undefined)[]
}

/** Under this key tsyringe's `@inject` keeps its tokens by parameter index; the name is not exported. */
const tsyringeTokens = 'injectionTokens'

/** What TypeScript writes into its metadata for types that vanish: interfaces, unions, functions, primitives. */
const vanishedTypes = new Set<unknown>([undefined, Object, Function, String, Number, Boolean, Symbol, BigInt, Array, Promise])

const nothing: ConstructorParameterList = { source: 'nothing', parameters: [] }
const listByClass = new WeakMap<object, ConstructorParameterList>()

/** Reads `static inject`, else decorators and metadata; each class once. */
export function constructorParameters(type: AbstractConstructor): ConstructorParameterList {
  const known = listByClass.get(type)
  if (known !== undefined) return known
  const list = readInject(type) ?? readMetadata(type) ?? readInherited(type)
  listByClass.set(type, list)
  return list
}

/**
 * What the container has to give to the constructor of a class. A parameter with a default value keeps it when its type is no
 * service; any other parameter that is not known is an error.
 */
export function constructorDependencies(type: AbstractConstructor): readonly Dependency[] {
  const { source, parameters } = constructorParameters(type)
  const count = Math.max(type.length, 1 + parameters.findLastIndex(parameter => parameter !== undefined))
  return Array.from({ length: count }, (_, index) => {
    const dependency = parameters[index]
    if (dependency === undefined) throw unknownParameter(type, source, index)
    return dependency
  })
}

export function unknownParameter(type: AbstractConstructor, source: ConstructorParameterList['source'], index: number): Error {
  const name = describeService(type)
  return source === 'nothing' ? coreErrors.dependenciesUnknown(name, type.length) : coreErrors.parameterUnknown(name, 'constructor', index)
}

/** What a marked or typed parameter asks for; undefined when nothing says so. */
export function markedDependency(mark: ParameterMark | undefined, designType: unknown): Dependency | undefined {
  const identifier = mark?.identifier ?? (vanishedTypes.has(designType) ? undefined : (designType as ServiceIdentifier))
  if (identifier === undefined) return undefined
  const dependency = dependencyOf(identifier)
  return mark?.key === undefined ? dependency : { ...dependency, key: mark.key }
}

function readInject(type: AbstractConstructor): ConstructorParameterList | undefined {
  const parameters = injectList(type, 'constructor')
  return parameters && { source: 'inject', parameters }
}

function readMetadata(type: AbstractConstructor): ConstructorParameterList | undefined {
  const types: readonly unknown[] | undefined = Reflect.getOwnMetadata('design:paramtypes', type)
  const tokens: Readonly<Record<number, unknown>> | undefined = Reflect.getOwnMetadata(tsyringeTokens, type)
  const marks = parameterMarks(type, undefined)
  if (types === undefined && tokens === undefined && marks === undefined) return undefined

  const decorated = [...Object.keys(tokens ?? {}).map(Number), ...(marks?.keys() ?? [])]
  const length = Math.max(types?.length ?? 0, ...decorated.map(index => index + 1))
  const parameters = Array.from({ length }, (_, index) => {
    const mark = marks?.get(index)
    return mark ? markedDependency(mark, types?.[index]) : tsyringeDependency(type, index, tokens?.[index] ?? types?.[index])
  })
  return { source: 'metadata', parameters }
}

/** An entry of tsyringe's parameter list: a class, `delay(...)`, or what `@inject` and `@injectAll` wrap around a token. */
function tsyringeDependency(type: AbstractConstructor, index: number, entry: unknown): Dependency | undefined {
  if (entry === undefined || typeof entry === 'function') return markedDependency(undefined, entry)
  if (entry instanceof ServiceToken) return dependencyOf(entry)
  if (isDelayed(entry)) return dependencyOf(delayedToken(entry))
  if (isWrappedToken(entry)) {
    const dependency = tsyringeDependency(type, index, entry.token)
    if (dependency === undefined) return undefined
    return { ...dependency, all: dependency.all || entry.multiple, optional: dependency.optional || entry.isOptional === true }
  }
  throw coreErrors.parameterNotAService(describeService(type), 'constructor', index, describeEntry(entry))
}

interface WrappedToken {
  readonly token: unknown
  readonly multiple: boolean
  readonly isOptional?: boolean
}

/** What `delay` returns, by shape: also when it comes from another copy of tsyringe. */
interface Delayed {
  createProxy(resolve: (type: ServiceIdentifier) => unknown): object
}

function isWrappedToken(entry: unknown): entry is WrappedToken {
  return typeof entry === 'object' && entry !== null && 'token' in entry && 'multiple' in entry && !('transform' in entry)
}

function isDelayed(entry: unknown): entry is Delayed {
  return typeof entry === 'object' && entry !== null && 'createProxy' in entry && typeof entry.createProxy === 'function'
}

function delayedToken(delayed: Delayed): ServiceToken {
  return new ServiceToken('delay(...)', (provider, consumer) => delayed.createProxy(type => provider.getRequiredService(type, consumer)))
}

/** A subclass without a constructor of its own passes everything on, so it takes what its base takes. */
function readInherited(type: AbstractConstructor): ConstructorParameterList {
  const base: AbstractConstructor | null = Object.getPrototypeOf(type)
  if (base === null || base === Function.prototype) return nothing
  const inherited = constructorParameters(base)
  if (inherited.parameters.length === 0) return nothing
  if (declaresConstructor(type)) throw coreErrors.injectInherited(describeService(type), describeService(base))
  return inherited
}
