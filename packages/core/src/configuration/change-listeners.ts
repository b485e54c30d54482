import { coreErrors } from '../errors/core-errors.ts'

/** Those who want to know when something was loaded again. (.NET: the list behind a change token) */
export class ChangeListeners<Args extends readonly unknown[] = []> {
  readonly #entries = new Set<{ readonly call: (...args: Args) => void }>()

  get count(): number {
    return this.#entries.size
  }

  /** Calls `callback` at each `notify` until disposed. The same function may be added several times. */
  add(callback: (...args: Args) => void): Disposable {
    const entry = { call: callback }
    this.#entries.add(entry)
    return { [Symbol.dispose]: () => void this.#entries.delete(entry) }
  }

  /** Calls everyone, in the order in which they came; then throws what was thrown, several errors as one aggregate. */
  notify(...args: Args): void {
    const errors: unknown[] = []
    for (const { call } of [...this.#entries]) {
      try {
        call(...args)
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length === 1) throw errors[0]
    if (errors.length > 1) throw coreErrors.changeListenersFailed(errors)
  }
}
