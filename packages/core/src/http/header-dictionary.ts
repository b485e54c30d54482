import { coreErrors } from '../errors/core-errors.ts'

interface HeaderEntry {
  /** The spelling under which the header was first set, as it goes over the wire. */
  readonly name: string
  values: string[]
}

const illegalName = /[^!#$%&'*+\-.^_`|~0-9A-Za-z]/
/** Kestrel refuses everything but printable ASCII and TAB in what it sends, so that no value can end its line. */
const illegalValue = /[^\t\x20-\x7e]/

/**
 * The headers of a request or a response. Names ignore case and keep the spelling in which they were first set; a header may have
 * several lines. It reads like the web's own `Headers`. (ASP.NET Core: IHeaderDictionary)
 *
 * Setting a response header checks name and value: an illegal character raises an invalid-operation error; so does every
 * change once the response has started.
 */
export class HeaderDictionary implements Iterable<[string, string]> {
  #entries: Map<string, HeaderEntry> | undefined
  #raw: readonly string[] | undefined
  #readOnly = false

  /** `rawHeaders` as Node gives them: names and values in turn, each line a pair. They are read on first use. */
  constructor(rawHeaders?: readonly string[]) {
    this.#raw = rawHeaders
  }

  get #map(): Map<string, HeaderEntry> {
    this.#entries ??= this.#parse()
    return this.#entries
  }

  #parse(): Map<string, HeaderEntry> {
    const entries = new Map<string, HeaderEntry>()
    const raw = this.#raw ?? []
    for (let i = 0; i < raw.length; i += 2) addLine(entries, raw[i]!, raw[i + 1]!)
    this.#raw = undefined
    return entries
  }

  /** How many headers there are; several lines of one name count once. */
  get size(): number {
    return this.#map.size
  }

  get isReadOnly(): boolean {
    return this.#readOnly
  }

  /** The lines of a header joined by `, `, or null when there is none. */
  get(name: string): string | null {
    const values = this.#map.get(name.toLowerCase())?.values
    if (values === undefined) return null
    return values.length === 1 ? values[0]! : values.join(', ')
  }

  /** The lines of a header in order, an empty list when there is none. */
  getAll(name: string): string[] {
    return this.#map.get(name.toLowerCase())?.values.slice() ?? []
  }

  has(name: string): boolean {
    return this.#map.has(name.toLowerCase())
  }

  /** Replaces all lines of a header by one, or by one for each element of a list; null or undefined removes it. */
  set(name: string, value: string | number | readonly string[] | null | undefined): void {
    if (value === null || value === undefined) {
      this.delete(name)
      return
    }
    const values = (Array.isArray(value) ? value : [value]).map(String)
    this.#check(name, values)
    this.#map.set(name.toLowerCase(), { name, values })
  }

  /** Adds a line to those that the header has already. */
  append(name: string, value: string): void {
    this.#check(name, [value])
    addLine(this.#map, name, value)
  }

  /** True when there was something to remove. */
  delete(name: string): boolean {
    this.#checkWritable()
    return this.#map.delete(name.toLowerCase())
  }

  clear(): void {
    this.#checkWritable()
    this.#map.clear()
  }

  /** One pair for each header, its lines joined by `, `. */
  *[Symbol.iterator](): Iterator<[string, string]> {
    for (const { name, values } of this.#map.values()) yield [name, values.join(', ')]
  }

  /** One pair for each line: what goes over the wire. */
  *lines(): IterableIterator<[string, string]> {
    for (const { name, values } of this.#map.values()) for (const value of values) yield [name, value]
  }

  /** Called by the server when the head of the response is final. */
  makeReadOnly(): void {
    this.#readOnly = true
  }

  #check(name: string, values: readonly string[]): void {
    this.#checkWritable()
    if (name === '' || illegalName.test(name)) throw coreErrors.illegalHeaderName(name)
    for (const value of values) if (illegalValue.test(value)) throw coreErrors.illegalHeaderValue(name)
  }

  #checkWritable(): void {
    if (this.#readOnly) throw coreErrors.headersReadOnly()
  }
}

function addLine(entries: Map<string, HeaderEntry>, name: string, value: string): void {
  const key = name.toLowerCase()
  const entry = entries.get(key)
  if (entry === undefined) entries.set(key, { name, values: [value] })
  else entry.values.push(value)
}
