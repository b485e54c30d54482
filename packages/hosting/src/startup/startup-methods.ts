import type { Constructor } from '@windhover/core'
import { hostingErrors } from '../errors/hosting-errors.ts'

/** A method of a Startup class or object that was found by its name. */
export interface StartupMethod {
  readonly name: string
  /** What has the method: the class itself, its prototype, or the object. */
  readonly owner: 'class' | 'prototype' | 'object'
}

/**
 * Finds the method for one role: the one for the environment, else the general one, without regard to case, inherited ones included. Raises an invalid-operation error when
 * two methods have that name.
 */
export function findStartupMethod(type: Constructor, instance: object | undefined, names: readonly string[]): StartupMethod | undefined {
  for (const name of names) {
    const found = methodsNamed(type, instance, name.toLowerCase())
    if (found.length > 1)
      throw hostingErrors.startupMethodTwice(
        type.name,
        found.map(method => method.name),
      )
    if (found.length === 1) return found[0]
  }
  return undefined
}

/** `configureDevelopment` before `configure`, `configureDevelopmentServices` before `configureServices`. */
export function startupMethodNames(environmentName: string, role = ''): readonly [specific: string, general: string] {
  return [`configure${environmentName}${role}`, `configure${role}`]
}

function methodsNamed(type: Constructor, instance: object | undefined, lowerCaseName: string): StartupMethod[] {
  const found = new Map<string, StartupMethod>()
  const search = (start: object, end: object, owner: StartupMethod['owner']): void => {
    for (let level: object | null = start; level !== null && level !== end; level = Object.getPrototypeOf(level)) {
      for (const name of Object.getOwnPropertyNames(level)) {
        if (name.toLowerCase() === lowerCaseName && isFunction(level, name)) found.set(`${owner}.${name}`, { name, owner })
      }
    }
  }
  search(type, Function.prototype, 'class')
  search(type.prototype, Object.prototype, 'prototype')
  if (instance !== undefined) search(instance, Object.getPrototypeOf(instance) ?? Object.prototype, 'object')
  return [...found.values()]
}

function isFunction(holder: object, name: string): boolean {
  return typeof Object.getOwnPropertyDescriptor(holder, name)?.value === 'function'
}
