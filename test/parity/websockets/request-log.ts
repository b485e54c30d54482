import { AsyncLocalStorage } from 'node:async_hooks'
import { createFeatureKey, type FeatureKey } from '@windhover/core'
import type { Entry } from './describe-error.ts'
import type { Op } from './script.ts'

/** What happened to one request, in order. */
export class RequestLog {
  /** The log of the request in whose pipeline the code runs. */
  static readonly current = new AsyncLocalStorage<RequestLog>()
  /** The server logs outside of the pipeline, where only the trace identifier tells the request. */
  static readonly byTrace = new Map<string, RequestLog>()

  readonly ops: readonly Op[]
  readonly #entries: Entry[] = []
  #isFinished = false

  constructor(ops: readonly Op[]) {
    this.ops = ops
  }

  get isFinished(): boolean {
    return this.#isFinished
  }

  add(entry: Entry): void {
    this.#entries.push(entry)
  }

  addPipeline(pipeline: string, details: Entry = {}): void {
    this.add({ pipeline, ...details })
  }

  finish(): void {
    this.#isFinished = true
  }

  toJSON(): Entry[] {
    return this.#isFinished ? this.#entries : [...this.#entries, { pipeline: 'unfinished' }]
  }
}

export const RequestLogFeature: FeatureKey<RequestLog> = createFeatureKey('parity.RequestLog')
