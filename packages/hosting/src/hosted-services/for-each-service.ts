/** How several services are called. */
export interface ServiceCallOptions {
  /** All at once; a synchronous beginning still runs in order. */
  readonly concurrently: boolean
  /** Whether the rest is left out after an error; without meaning when they are called concurrently. */
  readonly untilFirstError: boolean
}

/** Calls a method of each service, and returns what they threw, in the order in which it happened. */
export async function forEachService<S>(
  services: readonly S[],
  { concurrently, untilFirstError }: ServiceCallOptions,
  call: (service: S) => Promise<void> | void,
): Promise<unknown[]> {
  const errors: unknown[] = []
  if (concurrently) {
    const calls = services.map(async service => call(service))
    await Promise.all(calls.map(called => called.catch(error => errors.push(error))))
    return errors
  }
  for (const service of services) {
    try {
      await call(service)
    } catch (error) {
      errors.push(error)
      if (untilFirstError) break
    }
  }
  return errors
}
