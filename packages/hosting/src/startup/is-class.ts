import type { Constructor } from '@windhover/core'

/** Tells a class from a function that makes the object: where either is taken, only a class is called with `new`. */
export function isClass<T>(type: Constructor<T> | ((...args: never[]) => T)): type is Constructor<T> {
  if (/^class\b/.test(Function.prototype.toString.call(type))) return true
  // A class from before ES2015 is a function whose prototype has methods.
  const prototype: object | undefined = type.prototype
  return prototype !== undefined && Object.getOwnPropertyNames(prototype).length > 1
}
