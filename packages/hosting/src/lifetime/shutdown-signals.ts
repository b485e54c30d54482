/** What tells a process to end in an orderly way: Ctrl+C, `kill` and what starts it, Ctrl+\. SIGHUP is not among them, as in .NET. */
const signals = ['SIGINT', 'SIGTERM', 'SIGQUIT'] as const

/** The process has one listener for each signal, however many hosts run in it. */
const waiting = new Set<ShutdownSignals>()

/** Calls back for each signal that asks the process to end, which it then does not do by itself, until disposed. A second signal does not end it either. */
export class ShutdownSignals implements Disposable {
  readonly callback: () => void

  constructor(callback: () => void) {
    this.callback = callback
    if (waiting.size === 0) for (const signal of signals) process.on(signal, tell)
    waiting.add(this)
  }

  [Symbol.dispose](): void {
    if (waiting.delete(this) && waiting.size === 0) for (const signal of signals) process.off(signal, tell)
  }
}

function tell(): void {
  for (const { callback } of [...waiting]) callback()
}
