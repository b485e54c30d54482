import { setMaxListeners } from 'node:events'

type AbortListener = ((event: Event) => unknown) | { handleEvent(event: Event): unknown }

/**
 * An `AbortSignal` of a host. Its listeners run as the callbacks of .NET's cancellation token do: the last one added first, and one that throws neither keeps the
 * others from running nor ends the process. For everything else (`AbortSignal.any`, `fetch`, timers) it is an ordinary signal.
 */
export class LifetimeSignal {
  readonly #controller = new AbortController()
  readonly #listeners: AbortListener[] = []
  readonly #errors: unknown[] = []
  readonly #lateError: (error: unknown) => void

  /** `lateError` gets what the promises of asynchronous listeners reject with. */
  constructor(lateError: (error: unknown) => void) {
    this.#lateError = lateError
    const { signal } = this.#controller
    setMaxListeners(0, signal)
    signal.addEventListener('abort', event => this.#dispatch(event))
    Object.assign(signal, {
      addEventListener: (type: string, listener: AbortListener | null, options?: { readonly signal?: AbortSignal }): void => {
        if (type === 'abort') this.#add(listener, options?.signal)
      },
      removeEventListener: (_type: string, listener: AbortListener | null): void => this.#remove(listener),
    })
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Aborts the signal and gives back what its listeners have thrown; nothing when it is aborted already. */
  fire(): readonly unknown[] {
    if (this.signal.aborted) return []
    this.#controller.abort()
    return this.#errors
  }

  #add(listener: AbortListener | null, removedBy: AbortSignal | undefined): void {
    if (listener === null || this.#listeners.includes(listener) || removedBy?.aborted) return
    this.#listeners.push(listener)
    removedBy?.addEventListener('abort', () => this.#remove(listener), { once: true })
  }

  #remove(listener: AbortListener | null): void {
    const index = this.#listeners.indexOf(listener as AbortListener)
    if (index >= 0) this.#listeners.splice(index, 1)
  }

  #dispatch(event: Event): void {
    for (let listener = this.#listeners.pop(); listener !== undefined; listener = this.#listeners.pop()) {
      try {
        const result = typeof listener === 'function' ? listener.call(this.signal, event) : listener.handleEvent(event)
        if (result instanceof Promise) result.catch(this.#lateError)
      } catch (error) {
        this.#errors.push(error)
      }
    }
  }
}
