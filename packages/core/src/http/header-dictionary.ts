import { coreErrors } from '../errors/core-errors.ts'
import { commaSeparated } from './comma-separated.ts'
import { HeaderNames, type NamedHeaders } from './header-names.ts'

const illegalName = /[^!#$%&'*+\-.^_`|~0-9A-Za-z]/
/** Kestrel refuses everything but printable ASCII and TAB in what it sends, so that no value can end its line. */
const illegalValue = /[^\t\x20-\x7e]/
const digits = /^\d+$/
/** What no header has in it (RFC 9110 section 5.5). */
const lineEnd = '\n'

/**
 * Each header that ASP.NET Core names is a property too: its lines joined by `, `, undefined when there is none. Setting undefined removes
 * it.
 */
export interface HeaderDictionary extends NamedHeaders {}

/**
 * The headers of a request or a response. Names ignore case and keep the spelling in which they were first set; a header may have several
 * lines. It reads like the web's own `Headers`, and each header that ASP.NET Core names is a property as well: `headers.contentType`.
 * (ASP.NET Core: IHeaderDictionary)
 *
 * Setting a header checks name and value: an illegal character raises an invalid-operation error; so does every change once the response
 * has started.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the accessors are defined on the prototype, below.
export class HeaderDictionary implements Iterable<[string, string]> {
  /**
   * Names and values in turn, a pair for each line: searching some ten names is faster than making a map of them, and it is the form that
   * Node takes and gives. Joined to one text once they are compact.
   */
  #lines: readonly string[] | string
  #isOwn: boolean
  #isReadOnly = false

  /** `rawHeaders` as Node gives them: names and values in turn, each line a pair. They are not checked and not changed. */
  constructor(rawHeaders?: readonly string[]) {
    this.#lines = rawHeaders ?? []
    this.#isOwn = rawHeaders === undefined
  }

  /** How many headers there are; several lines of one name count once. */
  get size(): number {
    return this.#joined().size
  }

  get isReadOnly(): boolean {
    return this.#isReadOnly
  }

  /** Names and values in turn, a pair for each line, as Node's `writeHead` takes them. */
  get rawHeaders(): readonly string[] {
    return typeof this.#lines === 'string' ? this.#lines.split(lineEnd) : this.#lines
  }

  /** In bytes; undefined when the header is missing or no whole number. Raises an argument-out-of-range error for what is none. */
  get contentLength(): number | undefined {
    const value = this.get('Content-Length')
    return value !== null && digits.test(value) ? Number(value) : undefined
  }

  set contentLength(value: number | undefined) {
    if (value !== undefined && (!Number.isSafeInteger(value) || value < 0)) {
      throw coreErrors.argumentOutOfRange('value', `A Content-Length is a whole number of bytes from 0, not ${value}.`)
    }
    this.set('Content-Length', value)
  }

  /** One text for each cookie that is set. */
  get setCookie(): string[] {
    return this.getAll('Set-Cookie')
  }

  set setCookie(value: string | readonly string[] | undefined) {
    this.set('Set-Cookie', value)
  }

  /** The lines of a header joined by `, `, or null when there is none. */
  get(name: string): string | null {
    const lines = this.rawHeaders
    const first = findLine(lines, name, 0)
    if (first < 0) return null
    let value = lines[first + 1]!
    for (let i = findLine(lines, name, first + 2); i >= 0; i = findLine(lines, name, i + 2)) value += `, ${lines[i + 1]}`
    return value
  }

  /** The lines of a header in order, an empty list when there is none. */
  getAll(name: string): string[] {
    const lines = this.rawHeaders
    const values: string[] = []
    for (let i = findLine(lines, name, 0); i >= 0; i = findLine(lines, name, i + 2)) values.push(lines[i + 1]!)
    return values
  }

  /** The elements of a header that is a list, over all its lines: trimmed, unquoted, empty ones left out. (ASP.NET Core: GetCommaSeparatedValues) */
  getCommaSeparatedValues(name: string): string[] {
    return commaSeparated(this.getAll(name))
  }

  has(name: string): boolean {
    return findLine(this.rawHeaders, name, 0) >= 0
  }

  /** Replaces all lines of a header by one, or by one for each element of a list; null, undefined and an empty list remove it. */
  set(name: string, value: string | number | readonly string[] | null | undefined): void {
    if (value === null || value === undefined) this.delete(name)
    else if (typeof value === 'object') this.#setAll(name, value)
    else this.#setOne(name, String(value))
  }

  #setOne(name: string, value: string): void {
    const lines = this.#writable()
    check(name, value)
    const first = findLine(lines, name, 0)
    if (first < 0) {
      lines.push(name, value)
      return
    }
    lines[first + 1] = value
    removeLines(lines, name, first + 2)
  }

  #setAll(name: string, values: readonly string[]): void {
    const lines = this.#writable()
    for (const value of values) check(name, value)
    removeLines(lines, name, 0)
    for (const value of values) lines.push(name, value)
  }

  /** Adds a line to those that the header has already. */
  append(name: string, value: string): void {
    const lines = this.#writable()
    check(name, value)
    lines.push(name, value)
  }

  /** True when there was something to remove. */
  delete(name: string): boolean {
    return removeLines(this.#writable(), name, 0)
  }

  clear(): void {
    this.#writable().length = 0
  }

  /** Each name once. */
  *keys(): IterableIterator<string> {
    for (const [name] of this) yield name
  }

  /** One pair for each header, its lines joined by `, `. */
  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.#joined().values()
  }

  /** One pair for each line: what goes over the wire. */
  *lines(): IterableIterator<[string, string]> {
    const lines = this.rawHeaders
    for (let i = 0; i < lines.length; i += 2) yield [lines[i]!, lines[i + 1]!]
  }

  #joined(): Map<string, [string, string]> {
    const headers = new Map<string, [string, string]>()
    for (const [name, value] of this.lines()) {
      const key = name.toLowerCase()
      const header = headers.get(key)
      if (header === undefined) headers.set(key, [name, value])
      else header[1] += `, ${value}`
    }
    return headers
  }

  /** Called by the server when the head of the response is final. */
  makeReadOnly(): void {
    this.#isReadOnly = true
  }

  /**
   * Called by the server for headers that are kept for as long as a WebSocket lives: one text needs half the memory of a list of them, and is split again whenever somebody asks, which then
   * hardly anybody does.
   */
  compact(): void {
    if (this.#lines.length > 0) this.#lines = this.rawHeaders.join(lineEnd)
  }

  #writable(): string[] {
    if (this.#isReadOnly) throw coreErrors.headersReadOnly()
    if (!this.#isOwn || typeof this.#lines === 'string') {
      this.#lines = this.rawHeaders.slice()
      this.#isOwn = true
    }
    return this.#lines as string[]
  }
}

for (const [property, name] of Object.entries(HeaderNames)) {
  if (Object.hasOwn(HeaderDictionary.prototype, property)) continue
  Object.defineProperty(HeaderDictionary.prototype, property, {
    get(this: HeaderDictionary) {
      return this.get(name) ?? undefined
    },
    set(this: HeaderDictionary, value: string | undefined) {
      this.set(name, value)
    },
    configurable: true,
  })
}

function check(name: string, value: string): void {
  if (typeof name !== 'string' || name === '' || illegalName.test(name)) throw coreErrors.illegalHeaderName(name)
  if (illegalValue.test(value)) throw coreErrors.illegalHeaderValue(name)
  if (name.length === 14 && name.toLowerCase() === 'content-length' && !isLength(value)) throw coreErrors.illegalContentLength(value)
}

/** Digits that fit into 64 bits with a sign. */
function isLength(value: string): boolean {
  return digits.test(value) && (value.length < 19 || BigInt(value) < 2n ** 63n)
}

/** The index of the next line of a header, -1 when there is none. */
function findLine(lines: readonly string[], name: string, from: number): number {
  const { length } = name
  let lower: string | undefined
  for (let i = from; i < lines.length; i += 2) {
    const candidate = lines[i]!
    if (candidate.length !== length) continue
    if (candidate === name) return i
    lower ??= name.toLowerCase()
    if (candidate.toLowerCase() === lower) return i
  }
  return -1
}

function removeLines(lines: string[], name: string, from: number): boolean {
  let kept = findLine(lines, name, from)
  if (kept < 0) return false
  const lower = name.toLowerCase()
  for (let i = kept + 2; i < lines.length; i += 2) {
    if (lines[i]!.toLowerCase() === lower) continue
    lines[kept++] = lines[i]!
    lines[kept++] = lines[i + 1]!
  }
  lines.length = kept
  return true
}
