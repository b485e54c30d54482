type Resolve<T> = (value: T | PromiseLike<T>) => void
type Reject = (reason: unknown) => void

let lastResolve: unknown
let lastReject: Reject

/** One function for all promises, so that making one costs no closure of ours. */
function capture(resolve: unknown, reject: Reject): void {
  lastResolve = resolve
  lastReject = reject
}

function ignore(): void {}

/** A promise that is settled from outside. */
export class Deferred<T> {
  readonly promise: Promise<T>
  readonly resolve: Resolve<T>
  readonly #reject: Reject

  constructor() {
    this.promise = new Promise<T>(capture as never)
    this.resolve = lastResolve as Resolve<T>
    this.#reject = lastReject
  }

  /** Rejects, and marks the promise as handled: one that nobody awaits cannot end the process, and `await` still throws. */
  reject(error: unknown): void {
    markHandled(this.promise)
    this.#reject(error)
  }
}

/** A rejected promise that cannot end the process when nobody awaits it. */
export function rejected(error: unknown): Promise<never> {
  const promise = Promise.reject(error)
  markHandled(promise)
  return promise
}

export function markHandled(promise: Promise<unknown>): void {
  promise.then(undefined, ignore)
}
