import type { LogValues } from './log-values.ts'

/** What a scope may be made of: a template with its arguments, a text, or an object or map of names and values. */
export type LogScopeState = LogValues | string | object

/** What the log entries of a stretch of work have in common, until it is disposed; scopes nest. */
export class LogScope implements Disposable {
  readonly state: LogScopeState
  /** The scope around this one. */
  readonly parent: LogScope | undefined
  #hasEnded = false

  constructor(state: LogScopeState, parent?: LogScope) {
    this.state = state
    this.parent = parent
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  [Symbol.dispose](): void {
    this.#hasEnded = true
  }
}
