/** A scoped service; its disposal shows when the scope of the request ends. */
export class ScopeProbe implements Disposable {
  disposed: (() => void) | undefined;

  [Symbol.dispose](): void {
    this.disposed?.()
  }
}
