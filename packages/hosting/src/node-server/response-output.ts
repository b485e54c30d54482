import type { NodeExchange } from './node-exchange.ts'
import type { ResponseWriter } from './response-writer.ts'

/** Bytes up to this number are copied, so that whoever wrote them may go on using their memory. */
const maxCopied = 16 * 1024

const completed: Promise<void> = Promise.resolve()

/** What goes out behind the head of a response, no faster than its client takes it. Most responses leave with their head in one piece and need none. */
export class ResponseOutput {
  readonly #exchange: NodeExchange
  readonly #writer: ResponseWriter
  #unsent: Set<() => void> | undefined
  #drain: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined
  #hearsDrains = false

  constructor(exchange: NodeExchange, writer: ResponseWriter) {
    this.#exchange = exchange
    this.#writer = writer
  }

  /** Undefined when nobody has to wait for the client. */
  get drain(): Promise<void> | undefined {
    return this.#drain?.promise
  }

  /** `isOwned`: nobody changes these bytes afterwards. */
  send(data: string | Uint8Array, isOwned: boolean): Promise<void> {
    if (typeof data !== 'string' && !isOwned && data.length > maxCopied) return this.#sendUncopied(data)
    const isTaken = this.#writer.write(typeof data === 'string' || isOwned ? data : Buffer.from(data))
    return isTaken ? completed : this.#whenDrained()
  }

  /** A copy of much costs more than to wait until the system has it. */
  #sendUncopied(data: Uint8Array): Promise<void> {
    return new Promise<void>(resolve => {
      this.#unsent ??= new Set()
      this.#unsent.add(resolve)
      this.#writer.write(data, error => {
        // Newer Node fails writes before the socket has closed: a delegate that goes on until its request is aborted would never let the close happen.
        if (error) this.#exchange.connectionClosed()
        this.#unsent?.delete(resolve)
        resolve()
      })
    })
  }

  #whenDrained(): Promise<void> {
    if (this.#drain === undefined) {
      let resolve!: () => void
      const promise = new Promise<void>(settle => {
        resolve = settle
      })
      this.#drain = { promise, resolve }
      this.#listenForDrains()
      this.#exchange.engine.dataRates.watchResponse(this.#exchange.connection)
    }
    return this.#drain.promise
  }

  /** Once for the whole response: where the parser has left the connection it is the socket that tells of a drain, and a listener for each wait would stay. */
  #listenForDrains(): void {
    if (this.#hearsDrains) return
    this.#hearsDrains = true
    this.#writer.on('drain', () => this.drained())
  }

  /** The peer has taken what was written: whoever waits may write on. */
  drained(): void {
    this.#drain?.resolve()
    this.#drain = undefined
  }

  /** The request is aborted: bytes are dropped from now on, and nobody waits for them. */
  abort(): void {
    this.drained()
    for (const resolve of this.#unsent ?? []) resolve()
    this.#unsent = undefined
  }
}
