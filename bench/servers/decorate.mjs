/** Applies method decorators as TypeScript would, innermost last. */
export function decorate(prototype, name, ...decorators) {
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name)
  for (const decorator of decorators.toReversed()) decorator(prototype, name, descriptor)
  Object.defineProperty(prototype, name, descriptor)
}
