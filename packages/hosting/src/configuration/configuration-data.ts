import { foldConfigurationKey } from '@windhover/core'

/** The keys and values of one source. Keys ignore case and keep the one in which they came first; null is a value that says "nothing". */
export class ConfigurationData implements Iterable<[key: string, value: string | null]> {
  readonly #entries = new Map<string, [key: string, value: string | null]>()

  has(key: string): boolean {
    return this.#entries.has(foldConfigurationKey(key))
  }

  get(key: string): string | null | undefined {
    return this.#entries.get(foldConfigurationKey(key))?.[1]
  }

  set(key: string, value: string | null): void {
    const folded = foldConfigurationKey(key)
    const entry = this.#entries.get(folded)
    if (entry === undefined) this.#entries.set(folded, [key, value])
    else entry[1] = value
  }

  [Symbol.iterator](): Iterator<[key: string, value: string | null]> {
    return this.#entries.values()
  }

  /** The segments directly below `parentPath`, with repetitions; undefined is the top. */
  *childKeys(parentPath: string | undefined): Generator<string> {
    if (parentPath === undefined) {
      for (const [key] of this) yield firstSegment(key, 0)
      return
    }
    const prefix = foldConfigurationKey(`${parentPath}:`)
    for (const [folded, [key]] of this.#entries) {
      if (folded.startsWith(prefix)) yield firstSegment(key, prefix.length)
    }
  }
}

function firstSegment(key: string, start: number): string {
  const end = key.indexOf(':', start)
  return end === -1 ? key.slice(start) : key.slice(start, end)
}
