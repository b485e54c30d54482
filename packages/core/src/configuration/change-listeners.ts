import { coreErrors } from '../errors/core-errors.ts'

/** Those who want to know when something was loaded again. (.NET: the list behind a change token) */
export class ChangeListeners {
  readonly #callbacks = new Set<{ readonly call: () => void }>()

  /** Calls `callback` at each `notify` until disposed. The same function may be added several times. */
  add(callback: () => void): Disposable {
    const entry = { call: callback }
    this.#callbacks.add(entry)
    return { [Symbol.dispose]: () => void this.#callbacks.delete(entry) }
  }

  /** Calls everyone, in the order in which they came; then throws what was thrown, several errors as one aggregate. */
  notify(): void {
    const errors: unknown[] = []
    for (const entry of [...this.#callbacks]) {
      try {
        entry.call()
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length === 1) throw errors[0]
    if (errors.length > 1) throw coreErrors.changeListenersFailed(errors)
  }
}
