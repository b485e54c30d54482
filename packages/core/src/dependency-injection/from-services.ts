import type { ConstructorParameterDecorator } from './decorators.ts'
import type { ServiceIdentifier } from './service-token.ts'

/** A decorator of a parameter, of a constructor or of a method. */
export type ParameterMarker = ConstructorParameterDecorator

/** What a marked parameter asks for; without an identifier it is the parameter's type, which TypeScript's metadata names. */
export interface ParameterMark {
  readonly identifier: ServiceIdentifier | undefined
  readonly key: unknown
}

const marksByTarget = new WeakMap<object, Map<string | symbol | undefined, Map<number, ParameterMark>>>()

/**
 * Marks a parameter of a method (`configure` of a Startup class, `invokeAsync` of a middleware class) or of a constructor as a service.
 * Without an identifier the parameter's type is asked for, which needs `emitDecoratorMetadata`. (ASP.NET Core: [FromServices])
 */
export function fromServices(identifier?: ServiceIdentifier): ParameterMarker {
  return mark({ identifier, key: undefined })
}

/** Like `fromServices`, for the service with this key; `ServiceKey` as the key means the key of the service that asks. (.NET: [FromKeyedServices]) */
export function fromKeyedServices(key: unknown, identifier?: ServiceIdentifier): ParameterMarker {
  return mark({ identifier, key })
}

/** The marks on the parameters of a constructor (`target` is the class) or of a method that `target` itself has. */
export function parameterMarks(target: object, member: string | undefined): ReadonlyMap<number, ParameterMark> | undefined {
  return marksByTarget.get(target)?.get(member)
}

function mark(what: ParameterMark): ParameterMarker {
  return (target, propertyKey, parameterIndex) => {
    const members = marksByTarget.get(target) ?? new Map<string | symbol | undefined, Map<number, ParameterMark>>()
    const parameters = members.get(propertyKey) ?? new Map<number, ParameterMark>()
    marksByTarget.set(target, members.set(propertyKey, parameters.set(parameterIndex, what)))
  }
}
