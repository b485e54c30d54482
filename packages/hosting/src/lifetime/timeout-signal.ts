import { setMaxListeners } from 'node:events'

/** The longest delay that a timer of Node takes; a longer one would fire at once. */
const longestDelay = 2 ** 31 - 1

/**
 * A signal that fires when one of the given signals does, or after a time, until disposed. Unlike `AbortSignal.any` and `AbortSignal.timeout` it leaves nothing behind, and its
 * timer keeps the process alive: a stop that waits must be able to give up.
 */
export class TimeoutSignal implements Disposable {
  readonly #controller = new AbortController()
  readonly #sources: readonly (AbortSignal | undefined)[]
  readonly #timer: NodeJS.Timeout | undefined

  /** `timeout` in milliseconds; `Infinity`: none. */
  constructor(timeout: number, ...sources: readonly (AbortSignal | undefined)[]) {
    this.#sources = sources
    setMaxListeners(0, this.signal)
    for (const source of sources) {
      if (source?.aborted) this.#abort()
      else source?.addEventListener('abort', this.#abort)
    }
    if (timeout <= longestDelay && !this.signal.aborted) this.#timer = setTimeout(this.#abort, timeout)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    for (const source of this.#sources) source?.removeEventListener('abort', this.#abort)
  }

  readonly #abort = (): void => this.#controller.abort()
}
