import { AsyncLocalStorage } from 'node:async_hooks'
import { LogScope, type LogScopeState } from './log-scope.ts'

/**
 * Knows which scopes the running code is in. It exists only when a provider shows scopes, because an active store costs every asynchronous
 * operation of the process some time. (.NET: LoggerExternalScopeProvider)
 */
export class LoggerExternalScopeProvider {
  readonly #storage = new AsyncLocalStorage<LogScope>()

  /** The innermost scope. One that ended elsewhere in the meantime does not count. */
  get current(): LogScope | undefined {
    let scope = this.#storage.getStore()
    while (scope?.hasEnded) scope = scope.parent
    return scope
  }

  /**
   * Opens a scope for the code that follows, and what that starts. JavaScript does not close it when an async function returns to its caller at
   * its first `await`: until it is disposed, a caller that goes on meanwhile is in it as well. `run` has no such seam.
   */
  push(state: LogScopeState): LogScope {
    const scope = new LogScope(state, this.current)
    this.#storage.enterWith(scope)
    return scope
  }

  /** Calls `callback` in a scope, which holds for everything that it starts, and for nothing else. */
  run<T>(state: LogScopeState, callback: () => T): T {
    return this.#storage.run(new LogScope(state, this.current), callback)
  }
}
