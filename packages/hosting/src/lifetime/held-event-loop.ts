/** The longest delay that a timer of Node takes, in milliseconds. */
const longestDelay = 2 ** 31 - 1

/** Keeps the process alive until disposed: neither a promise nor a listener for signals does. */
export class HeldEventLoop implements Disposable {
  readonly #timer: NodeJS.Timeout

  constructor() {
    this.#timer = setInterval(() => {}, longestDelay)
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }
}
