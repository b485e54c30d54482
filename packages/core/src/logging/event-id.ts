/** Identifies a kind of log entry within its category. (.NET: EventId) */
export class EventId {
  /** The event of an entry that names none: 0. */
  static readonly none: EventId = new EventId(0)

  readonly id: number
  readonly name: string | undefined

  constructor(id: number, name?: string) {
    this.id = id
    this.name = name
  }

  toString(): string {
    return this.name ?? String(this.id)
  }
}
