import { BadHttpRequestException, type HttpContext } from '@windhover/core'
import type { MemorySocket } from '../connections/memory-socket.ts'
import { within } from './within.ts'

// Held from the start: a test that replaces the clock must not change what an error says.
const now = performance.now.bind(performance)

/** How a test wants to hear of what goes wrong. */
export interface ExchangeSettings {
  readonly throwApplicationErrors: boolean
  /** The longest wait, in milliseconds. */
  readonly timeout: number
}

/** One request of a test, seen from both sides: the connection that the test holds, and what became of it in the application. */
export class Exchange {
  /** For people: method and target, such as `GET /ws`. */
  readonly name: string
  readonly connection: MemorySocket
  /** Settles when application and server have done with the request: rejects with what the application threw. */
  readonly outcome: Promise<void>
  /** Set by `sendAsync`: gets the context before the pipeline does, and keeps it. */
  receiveContext: ((context: HttpContext) => void) | undefined = undefined
  /** The test has the response and has not read all of it, nor waits for more. */
  isUnread = false
  readonly #settings: ExchangeSettings
  readonly #started = now()
  #stage: 'sent' | 'running' | 'unwound' | 'ended' = 'sent'
  #failure: { readonly error: unknown } | undefined
  #observed = false
  #answered = false
  #resolve!: () => void
  #reject!: (error: unknown) => void

  constructor(name: string, connection: MemorySocket, settings: ExchangeSettings) {
    this.name = name
    this.connection = connection
    this.#settings = settings
    this.outcome = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    // Whoever cares awaits it; for those who do not, `hasUnobservedFailure` is asked at the end.
    this.outcome.catch(() => {})
  }

  get isRunning(): boolean {
    return this.#stage === 'running'
  }

  get hasEnded(): boolean {
    return this.#stage === 'ended'
  }

  /** What the application threw, from the moment that it did; undefined also when the test wants the server's answer to it. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#settings.throwApplicationErrors ? this.#failure : undefined
  }

  get hasUnobservedFailure(): boolean {
    return this.failure !== undefined && !this.#observed && !this.#isRefusal
  }

  /** True when the application threw and the test has got no response: it gets the error in its place. */
  get failsInPlaceOfAnswer(): boolean {
    return this.failure !== undefined && !this.#answered && !this.#isRefusal
  }

  /** A bad-request error is a fault of the request: the status that the server makes of it is the answer that a test wants to see. */
  get #isRefusal(): boolean {
    return this.#failure?.error instanceof BadHttpRequestException
  }

  /** The response has started, and the test has it. */
  answer(): void {
    this.#answered = true
  }

  /** The test learns of a failure elsewhere, or has turned away from this request so that a failure is only the consequence. */
  observe(): void {
    this.#observed = true
  }

  /** The test has turned away: to the application, its client is gone. */
  abandon(): void {
    this.observe()
    this.connection.destroy()
  }

  begin(): void {
    this.#stage = 'running'
  }

  /** The pipeline has ended; the server has yet to finish the response. */
  unwind(): void {
    this.#stage = 'unwound'
  }

  /** The application threw, and the server has yet to act on it. The first error counts. */
  fail(error: unknown): void {
    this.#failure ??= { error }
  }

  end(): void {
    this.#stage = 'ended'
    if (this.#failure === undefined) this.#resolve()
    else this.#reject(this.#failure.error)
  }

  /** Waits for something that belongs to this request, at most the time that the test gives; the error then says where the request is. */
  within<T>(waitedFor: string, promise: Promise<T>): Promise<T> {
    return within(this.#settings.timeout, waitedFor, () => this.#circumstances, promise)
  }

  get #circumstances(): string {
    if (this.#stage === 'sent') return `${this.name} has not reached the application`
    if (this.#stage !== 'running') return `the application has ended ${this.name}`
    return `the application still runs ${this.name} and awaits something that does not happen`
  }

  toString(): string {
    return `${this.name} (for ${Math.round(now() - this.#started)} ms)`
  }
}
