import 'reflect-metadata'
import { type delay, inject as tsyringeInject, injectAll as tsyringeInjectAll } from 'tsyringe'
import { coreErrors } from '../errors/core-errors.ts'
import type { ServiceIdentifier } from './service-token.ts'

// Of tsyringe's decorators only these: the others (singleton, scoped, registry, autoInjectable) work on its global container, whereas
// here the ServiceCollection says what lives how long.
export { delay, injectable } from 'tsyringe'

/** What `delay(() => Clock)` makes: a stand-in that asks for the service when it is first used, so that two classes may need each other. */
export type DelayedService = ReturnType<typeof delay>

/** A decorator of a constructor parameter. */
export type ConstructorParameterDecorator = (target: object, propertyKey: string | symbol | undefined, parameterIndex: number) => void

/**
 * Says what a constructor parameter asks for when its type does not: `@inject(Options.of(MyOptions))`. tsyringe's own decorator, with
 * abstract classes and service tokens as well. On a parameter of a method it raises an error: that is `@fromServices()`.
 */
export function inject(
  identifier: ServiceIdentifier | DelayedService,
  options?: { readonly isOptional?: boolean },
): ConstructorParameterDecorator {
  return onConstructorOnly('inject', tsyringeInject(identifier as never, options as never))
}

/** All registrations of a service as an array, empty when there is none. tsyringe's own decorator, as `inject`. */
export function injectAll(identifier: ServiceIdentifier): ConstructorParameterDecorator {
  return onConstructorOnly('injectAll', tsyringeInjectAll(identifier as never))
}

function onConstructorOnly(name: string, decorate: ConstructorParameterDecorator): ConstructorParameterDecorator {
  return (target, propertyKey, parameterIndex) => {
    if (propertyKey !== undefined) throw coreErrors.decoratorOnMethod(name, target.constructor.name, String(propertyKey), parameterIndex)
    decorate(target, propertyKey, parameterIndex)
  }
}
