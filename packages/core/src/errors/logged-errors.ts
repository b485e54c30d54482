const logged = new WeakSet<object>()

/**
 * Marks an error as logged, so that the layers above let it pass without logging it again. A thrown value that is no object
 * cannot carry the mark.
 */
export function markLogged(error: unknown): void {
  if (typeof error === 'object' && error !== null) logged.add(error)
}

/** True when a layer below has logged this error. */
export function isLogged(error: unknown): boolean {
  return typeof error === 'object' && error !== null && logged.has(error)
}
