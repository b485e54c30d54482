import { foldCase } from './string-comparison.ts'

interface Entry {
  readonly name: string
  readonly values: string[]
}

/**
 * Names with one or more values, such as a query or a form has. It reads like the web's `URLSearchParams`, but names ignore case, as in
 * ASP.NET Core, and the values of one name stand together.
 */
export class ValueCollection implements Iterable<[string, string]> {
  readonly #entries = new Map<string, Entry>()
  #size = 0

  constructor(pairs: Iterable<readonly [string, string]> = []) {
    for (const [name, value] of pairs) {
      const key = foldCase(name)
      const entry = this.#entries.get(key)
      if (entry === undefined) this.#entries.set(key, { name, values: [value] })
      else entry.values.push(value)
      this.#size++
    }
  }

  /** How many pairs there are. */
  get size(): number {
    return this.#size
  }

  /** The first value of a name, or null when there is none. */
  get(name: string): string | null {
    return this.#entries.get(foldCase(name))?.values[0] ?? null
  }

  /** All values of a name in order, an empty list when there is none. */
  getAll(name: string): string[] {
    return this.#entries.get(foldCase(name))?.values.slice() ?? []
  }

  has(name: string): boolean {
    return this.#entries.has(foldCase(name))
  }

  /** Each name once, in the spelling in which it came first. */
  *keys(): IterableIterator<string> {
    for (const { name } of this.#entries.values()) yield name
  }

  /** One pair for each value. */
  *[Symbol.iterator](): IterableIterator<[string, string]> {
    for (const { name, values } of this.#entries.values()) for (const value of values) yield [name, value]
  }
}
