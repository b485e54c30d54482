/** A mistake in a case, as opposed to a result. */
export class UnknownOperation extends Error {
  constructor(name: string) {
    super(`Unknown operation "${name}".`)
  }
}
