import { coreErrors } from '../errors/core-errors.ts'
import type { ServiceProvider } from './service-provider.ts'

/** A class that can be constructed, whatever its parameters. */
export type Constructor<T = unknown> = new (...args: never[]) => T

/** A class, abstract or not: type and token in one. */
export type AbstractConstructor<T = unknown> = abstract new (...args: never[]) => T

/**
 * What a service is asked for by: a class, an abstract class, or a token for a type that vanishes at run time.
 * (.NET: the `Type` of a service)
 */
export type ServiceIdentifier<T = unknown> = Constructor<T> | AbstractConstructor<T> | ServiceToken<T>

/** The type of the service that an identifier stands for. */
export type ServiceType<I> = I extends ServiceIdentifier<infer T> ? T : never

/** Makes a service for which there is no registration. `consumer` is the class that is being constructed, if one is. */
export type ServiceResolver<T> = (provider: ServiceProvider, consumer?: AbstractConstructor) => T

/**
 * Stands for a service whose type is no class. A token with `resolve` is a service even when nothing is registered for it
 * (`Logger.for(Clock)`, `Options.of(MyOptions)`); a registration wins over it, and the container never disposes what it returns.
 */
export class ServiceToken<T = unknown> {
  readonly name: string
  readonly resolve: ServiceResolver<T> | undefined

  constructor(name: string, resolve?: ServiceResolver<T>) {
    this.name = name
    this.resolve = resolve
  }

  toString(): string {
    return this.name
  }
}

const tokensByName = new Map<string, ServiceToken<never>>()

/**
 * Makes the token of a service. The same name gives the same token, so that two copies of a package agree: begin it with your
 * package's name. With `resolve` each call makes a token of its own, which the caller keeps.
 */
export function createServiceToken<T>(name: string, resolve?: ServiceResolver<T>): ServiceToken<T> {
  if (resolve !== undefined) return new ServiceToken(name, resolve)
  const known = tokensByName.get(name)
  if (known !== undefined) return known
  const token = new ServiceToken<never>(name)
  tokensByName.set(name, token)
  return token
}

/** Raises an argument error for what is neither a class nor a token, such as a class of a module that is still being loaded. */
export function checkIdentifier(identifier: unknown): void {
  if (typeof identifier !== 'function' && !(identifier instanceof ServiceToken)) throw coreErrors.identifierInvalid(identifier)
}

/** How messages name a service. */
export function describeService(identifier: ServiceIdentifier, key?: unknown): string {
  const name = identifier.name || 'an anonymous class'
  return key === undefined || key === null ? name : `${name} (key ${describeKey(key)})`
}

function describeKey(key: unknown): string {
  if (typeof key === 'string') return JSON.stringify(key)
  return typeof key === 'object' ? (key?.constructor?.name ?? 'object') : String(key)
}
