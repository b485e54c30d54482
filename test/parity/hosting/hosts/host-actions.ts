import { setTimeout as delay } from 'node:timers/promises'
import { HostApplicationLifetime, OperationCanceledException, type ServiceProvider } from '@windhover/core'
import { ScriptedError } from '../error-kind.ts'
import type { Trace } from '../trace.ts'
import { UnknownOperation } from '../unknown-operation.ts'
import type { HostAction } from './host-spec.ts'

const cancelled = (): Error => new OperationCanceledException('PARITY', 'The script was cancelled.')

/** What the parts of a case do. */
export class HostActions {
  readonly #trace: Trace
  readonly #services: ServiceProvider | undefined

  constructor(trace: Trace, services?: ServiceProvider) {
    this.#trace = trace
    this.#services = services
  }

  /** For callbacks that cannot wait. */
  doNow(actions: readonly HostAction[] = []): void {
    for (const action of actions) this.#do(action)
  }

  /** Like an async method of C#: what does not wait has happened when the call returns, and undefined says that nothing is left. */
  begin(actions: readonly HostAction[], signal?: AbortSignal): Promise<void> | undefined {
    const waits = actions.findIndex(action => action.delay !== undefined || action.waitForToken !== undefined)
    this.doNow(waits < 0 ? actions : actions.slice(0, waits))
    return waits < 0 ? undefined : this.doAsync(actions.slice(waits), signal)
  }

  async doAsync(actions: readonly HostAction[] = [], signal?: AbortSignal): Promise<void> {
    for (const action of actions) {
      if (action.delay !== undefined) await delay(action.delay)
      else if (action.waitForToken !== undefined) await this.#waitFor(signal!, typeof action.waitForToken === 'string')
      else this.#do(action)
    }
  }

  #do(action: HostAction): void {
    if (action.throw !== undefined) throw action.throw === 'cancelled' ? cancelled() : new ScriptedError(action.throw)
    if (action.trace !== undefined) this.#trace.add(action.trace)
    else if (action.block !== undefined) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, action.block)
    else if (action.stopApplication) this.#services!.getRequiredService(HostApplicationLifetime).stopApplication()
    else if (action.exit !== undefined) process.exit(action.exit)
    else throw new UnknownOperation(JSON.stringify(action))
  }

  async #waitFor(signal: AbortSignal, throws: boolean): Promise<void> {
    if (!signal.aborted) await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
    this.#trace.add('token fired')
    if (throws) throw cancelled()
  }
}
