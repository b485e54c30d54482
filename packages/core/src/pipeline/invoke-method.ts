import type { Constructor } from '../dependency-injection/service-token.ts'
import { coreErrors } from '../errors/core-errors.ts'
import { HttpContext } from '../http/http-context.ts'

export type InvokeMethod = 'invokeAsync' | 'invoke'

/** What TypeScript's metadata names as the type of a method that returns a promise, nothing, or a union of both. */
const returnTypes: ReadonlySet<unknown> = new Set([undefined, Promise, Object])

/** What it names as the type of the context: with `import { type HttpContext }` the class vanishes, and leaves `Function`. */
const contextTypes: ReadonlySet<unknown> = new Set([HttpContext, Object, Function])

/** The one method of a middleware class that handles requests, checked as far as JavaScript and TypeScript's metadata can tell. */
export function invokeMethod(type: Constructor): InvokeMethod {
  const prototype: Readonly<Record<string, unknown>> = type.prototype
  const names = (['invokeAsync', 'invoke'] as const).filter(each => typeof prototype[each] === 'function')
  const name = names[0]
  if (name === undefined) throw coreErrors.middlewareClass(type.name, 'has no invokeAsync method; add invokeAsync(context)')
  if (names.length > 1) throw coreErrors.middlewareClass(type.name, 'has invokeAsync and invoke; keep one of them')

  if ((prototype[name] as InvokeMethodShape).length === 0) {
    throw coreErrors.middlewareClass(type.name, `has a method ${name} without parameters; it takes the context first`)
  }
  const [first]: readonly unknown[] = Reflect.getMetadata('design:paramtypes', prototype, name) ?? [HttpContext]
  if (!contextTypes.has(first)) {
    throw coreErrors.middlewareClass(type.name, `has a method ${name} whose first parameter is not the HttpContext`)
  }
  if (!returnTypes.has(Reflect.getMetadata('design:returntype', prototype, name))) {
    throw coreErrors.middlewareClass(type.name, `has a method ${name} that does not return a promise`)
  }
  return name
}

type InvokeMethodShape = (context: HttpContext, ...services: never[]) => unknown
