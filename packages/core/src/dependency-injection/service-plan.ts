import type { DefaultServiceProvider } from './default-service-provider.ts'
import { KeyedService } from './keyed-service.ts'
import type { ServiceDescriptor } from './service-descriptor.ts'
import type { ServiceLifetime } from './service-lifetime.ts'
import { type AbstractConstructor, type Constructor, describeService } from './service-token.ts'

/** Makes an object in a scope; `key` is the key under which it was asked for. */
export type Activation = (scope: DefaultServiceProvider, key: unknown, consumer: AbstractConstructor | undefined) => unknown

/** Gives one argument of a constructor; `key` is the key of the service that is being made. */
export type Argument = (scope: DefaultServiceProvider, key: unknown) => unknown

/** Kept in place of an object: it is being made just now, or what was made is undefined. */
export const beingMade: unique symbol = Symbol('being made')
export const madeUndefined: unique symbol = Symbol('made undefined')

/** One registration in one root provider: how to make its service, worked out once, and the singleton when it has been made. */
export class ServicePlan {
  readonly descriptor: ServiceDescriptor
  readonly lifetime: ServiceLifetime
  /** Registered for any key: it keeps one object for each key that is asked for. */
  readonly keepsByKey: boolean
  /** The token of its factory in tsyringe's container; undefined until the plan is prepared. */
  token: symbol | undefined
  /** Where a scope keeps the object, when it is scoped. */
  slot = -1
  singleton: unknown
  /** The way from here to a scoped service, by name, when there is one. */
  scopedPath: readonly string[] | undefined

  constructor(descriptor: ServiceDescriptor) {
    this.descriptor = descriptor
    this.lifetime = descriptor.lifetime
    this.keepsByKey = descriptor.key === KeyedService.AnyKey && !descriptor.isInstance
    if (descriptor.isInstance)
      this.singleton = descriptor.implementationInstance === undefined ? madeUndefined : descriptor.implementationInstance
  }

  get name(): string {
    return describeService(this.descriptor.identifier, this.descriptor.key)
  }

  get isPrepared(): boolean {
    return this.token !== undefined || this.descriptor.isInstance
  }
}

/** Calls a constructor; written out for the usual numbers of parameters, because spreading costs as much as the rest. */
export function construction(type: Constructor, parameters: readonly Argument[]): Activation {
  const Type = type as new (...args: unknown[]) => unknown
  const [first, second, third] = parameters as [Argument, Argument, Argument]
  switch (parameters.length) {
    case 0:
      return () => new Type()
    case 1:
      return (scope, key) => new Type(first(scope, key))
    case 2:
      return (scope, key) => new Type(first(scope, key), second(scope, key))
    case 3:
      return (scope, key) => new Type(first(scope, key), second(scope, key), third(scope, key))
    default:
      return (scope, key) => new Type(...parameters.map(parameter => parameter(scope, key)))
  }
}
