import { markedDependency } from '../dependency-injection/constructor-parameters.ts'
import type { Dependency } from '../dependency-injection/dependency.ts'
import { parameterMarks } from '../dependency-injection/from-services.ts'
import { injectList } from '../dependency-injection/inject-list.ts'
import type { Constructor } from '../dependency-injection/service-token.ts'
import { coreErrors } from '../errors/core-errors.ts'
import { HttpContext } from '../http/http-context.ts'

export type InvokeName = 'invokeAsync' | 'invoke'
export type Invoke = (context: HttpContext, ...services: unknown[]) => Promise<void> | void

/** What TypeScript's metadata names as the type of a method that returns a promise, nothing, or a union of both. */
const returnTypes: ReadonlySet<unknown> = new Set([undefined, Promise, Object])

/** The one method of a middleware class that handles requests. */
export function invokeName(type: Constructor): InvokeName {
  const prototype: Readonly<Record<InvokeName, unknown>> = type.prototype
  const has = (name: InvokeName): boolean => typeof prototype[name] === 'function'
  if (has('invokeAsync') && has('invoke')) throw coreErrors.middlewareClass(type.name, 'has invokeAsync and invoke; keep one of them')
  if (has('invokeAsync')) return 'invokeAsync'
  if (has('invoke')) return 'invoke'
  throw coreErrors.middlewareClass(type.name, 'has no invokeAsync method; add invokeAsync(context)')
}

/** What the method takes behind the context. Read once, when the pipeline is built. */
export function invokeDependencies(type: Constructor, name: InvokeName): readonly Dependency[] {
  const owner = ownerOf(type, name)
  const length = (owner.prototype as Record<InvokeName, Invoke>)[name].length
  if (length === 0) throw coreErrors.middlewareClass(type.name, `has a method ${name} without parameters; it takes the context first`)

  const returnType: unknown = Reflect.getOwnMetadata('design:returntype', owner.prototype, name)
  if (!returnTypes.has(returnType)) throw coreErrors.middlewareClass(type.name, `has a method ${name} that does not return a promise`)
  const types: readonly unknown[] = Reflect.getOwnMetadata('design:paramtypes', owner.prototype, name) ?? []
  const marks = parameterMarks(owner.prototype, name)
  if (marks?.has(0) || (types[0] !== undefined && types[0] !== HttpContext && types[0] !== Object)) {
    throw coreErrors.middlewareClass(type.name, `has a method ${name} whose first parameter is not the HttpContext`)
  }

  const listed = injectList(owner, name)
  const count = Math.max(length, types.length, 1 + (listed?.length ?? 0)) - 1
  return Array.from({ length: count }, (_, index) => {
    const dependency = listed?.[index] ?? markedDependency(marks?.get(index + 1), types[index + 1])
    if (dependency === undefined) {
      throw coreErrors.middlewareClass(
        type.name,
        `has a method ${name} whose parameter ${index + 2} is not known to be a service; mark it with @fromServices(...) or list it in static inject = { ${name}: [...] }`,
      )
    }
    return dependency
  })
}

/** The class of the prototype chain that declares the method, whose own `inject` and decorators speak about it. */
function ownerOf(type: Constructor, name: InvokeName): Constructor {
  let owner = type
  while (!Object.hasOwn(owner.prototype as object, name)) owner = Object.getPrototypeOf(owner)
  return owner
}
