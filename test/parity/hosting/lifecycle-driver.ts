import { setTimeout as delay } from 'node:timers/promises'
import { HostApplicationLifetime } from '@windhover/core'
import { errorKind } from './error-kind.ts'
import { EnvironmentScope } from './hosts/environment-scope.ts'
import type { HostSpec } from './hosts/host-spec.ts'
import { type AnyHost, ScriptedHost } from './hosts/scripted-host.ts'
import { Trace } from './trace.ts'
import { UnknownOperation } from './unknown-operation.ts'

type Step = string | { readonly delay: number }

export interface LifecycleSpec extends HostSpec {
  readonly steps: readonly Step[]
  readonly variables?: Readonly<Record<string, string>>
}

/** Builds the host that a case describes, takes its steps, and lists what happened in order. */
export async function runLifecycle(spec: LifecycleSpec): Promise<string[]> {
  using _variables = new EnvironmentScope(spec.variables)
  const run = new LifecycleRun(spec)
  await run.followAsync()
  return run.trace.drain()
}

class LifecycleRun {
  readonly trace = new Trace()
  readonly #spec: LifecycleSpec
  #host: AnyHost | undefined

  constructor(spec: LifecycleSpec) {
    this.#spec = spec
  }

  async followAsync(): Promise<void> {
    const running: Promise<void>[] = []
    for (const step of this.#spec.steps) {
      if (typeof step !== 'string') await delay(step.delay)
      else if (step.startsWith('&')) running.push(this.#take(step.slice(1)))
      else await this.#take(step)
      if (this.#host === undefined) break
    }
    await Promise.all(running)
  }

  async #take(step: string): Promise<void> {
    this.trace.add(`> ${step}`)
    try {
      await this.#do(step)
    } catch (error) {
      if (error instanceof UnknownOperation) throw error
      this.trace.add(`! ${step} ${errorKind(error)}`)
      return
    }
    this.trace.add(`< ${step}`)
  }

  async #do(step: string): Promise<void> {
    const host = this.#host as AnyHost
    switch (step) {
      case 'build':
        this.#host = new ScriptedHost(this.#spec, this.trace, { isSilent: true }).build()
        return
      case 'start':
        return host.startAsync()
      case 'start cancelled':
        return host.startAsync(AbortSignal.abort())
      case 'stop':
        return host.stopAsync()
      case 'stop cancelled':
        return host.stopAsync(AbortSignal.abort())
      case 'run':
        return host.runAsync()
      case 'dispose':
        return host[Symbol.asyncDispose]()
      case 'stopApplication':
        host.services.getRequiredService(HostApplicationLifetime).stopApplication()
        return
      default:
        throw new UnknownOperation(step)
    }
  }
}
