/** What tells a process to end in an orderly way: Ctrl+C, `kill` and what starts it, Ctrl+\. SIGHUP is not among them, as in .NET. */
const signals = ['SIGINT', 'SIGTERM', 'SIGQUIT'] as const

/** Calls back for each signal that asks the process to end, which it then does not do by itself, until disposed. A second signal does not end it either. */
export class ShutdownSignals implements Disposable {
  readonly #callback: () => void

  constructor(callback: () => void) {
    this.#callback = callback
    for (const signal of signals) process.on(signal, callback)
  }

  [Symbol.dispose](): void {
    for (const signal of signals) process.off(signal, this.#callback)
  }
}
