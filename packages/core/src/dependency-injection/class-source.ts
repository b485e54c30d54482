/**
 * JavaScript cannot say whether a class has a constructor of its own, nor whether a parameter is optional; the source text can.
 * A text that misleads (a comment that looks like a constructor) leads to an error that says what to add, never to a wrong argument.
 */
const ownConstructor = /(?<![.\w$#])['"]?constructor['"]?\s*\(/
const plainParameters = /(?<![.\w$#])constructor\s*\(([\w$,\s]*)\)/

export function declaresConstructor(type: { readonly length: number }): boolean {
  const source = Function.prototype.toString.call(type)
  return type.length > 0 || !source.startsWith('class') || ownConstructor.test(source)
}

/** Whether the constructor surely takes exactly `type.length` arguments: no default values, no rest, no destructuring. */
export function takesExactly(type: { readonly length: number }): boolean {
  const parameters = plainParameters.exec(Function.prototype.toString.call(type))?.[1]
  return parameters !== undefined && parameters.split(',').filter(name => name.trim() !== '').length === type.length
}
