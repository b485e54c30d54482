import { setImmediate } from 'node:timers'
import { HostedService } from './hosted-service.ts'

/** A hosted service that is one long task. (.NET: BackgroundService) */
export abstract class BackgroundService extends HostedService implements Disposable {
  readonly #stopping = new AbortController()
  #executeTask: Promise<void> | undefined

  /**
   * The work. It begins when the start of the host gets a breath, so that it delays nothing, and should end soon after the signal fires. On the generic host an error that
   * it throws is logged and stops the host; see `HostOptions.backgroundServiceExceptionBehavior`.
   */
  protected abstract executeAsync(stopping: AbortSignal): Promise<void> | void

  /** What `executeAsync` returned; undefined before the start. It rejects when the work has failed. (.NET: ExecuteTask) */
  get executeTask(): Promise<void> | undefined {
    return this.#executeTask
  }

  override startAsync(_signal: AbortSignal): Promise<void> | void {
    this.#executeTask = this.#execute()
    // Whoever is interested in the outcome asks for `executeTask`; an outcome that nobody asks for must not end the process.
    this.#executeTask.catch(() => {})
  }

  /** Fires the signal of `executeAsync` and waits for its end, or until `signal` fires. Its errors are not raised here. */
  override async stopAsync(signal: AbortSignal): Promise<void> {
    this.#stopping.abort()
    if (this.#executeTask !== undefined) await settledOrAborted(this.#executeTask, signal)
  }

  [Symbol.dispose](): void {
    this.#stopping.abort()
  }

  async #execute(): Promise<void> {
    const { signal } = this.#stopping
    await new Promise(resolve => setImmediate(resolve))
    if (!signal.aborted) await this.executeAsync(signal)
  }
}

function settledOrAborted(task: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const done = (): void => {
      signal.removeEventListener('abort', done)
      resolve()
    }
    task.then(done, done)
    if (signal.aborted) done()
    else signal.addEventListener('abort', done)
  })
}
