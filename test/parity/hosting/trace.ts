/** What happened, in order. */
export class Trace {
  #events: string[] = []

  add(event: string): void {
    this.#events.push(event)
  }

  /** The events since the last call. */
  drain(): string[] {
    return this.#events.splice(0)
  }
}
