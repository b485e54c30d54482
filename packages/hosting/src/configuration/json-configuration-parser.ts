import { hostingErrors } from '../errors/hosting-errors.ts'
import { ConfigurationData } from './configuration-data.ts'

/** The nesting at which a document is refused, as in System.Text.Json. */
const maxDepth = 64

const blanks = /(?:[ \t\r\n]+|\/\/[^\r\n]*|\/\*.*?\*\/)*/sy
const halfSurrogate = /\p{Surrogate}/u
const whitespace = /[ \t\r\n]*/y
const string = /"[^"\\]*(?:\\.[^"\\]*)*"/sy
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const literal = /true|false|null/y
const literals = new Map([
  ['true', 'True'],
  ['false', 'False'],
  ['null', null],
])

/**
 * Flattens a JSON object to keys and values. `JSON.parse` would not do: comments and trailing commas are allowed, numbers keep their digits
 * (`1.50`), and a key that comes twice is an error. An empty list is an empty text, an empty object null.
 * Raises a format error that names line and column.
 */
export function parseJsonConfiguration(text: string): ConfigurationData {
  return new JsonConfigurationParser(text).parse()
}

class JsonConfigurationParser {
  readonly #text: string
  readonly #data = new ConfigurationData()
  #position = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text.startsWith('\ufeff') ? text.slice(1) : text
  }

  parse(): ConfigurationData {
    if (this.#peek() !== '{') throw this.#unexpected('an object at the top')
    this.#object(undefined)
    if (this.#peek() !== '') throw this.#unexpected('nothing after the object')
    return this.#data
  }

  #value(path: string): void {
    const first = this.#peek()
    if (first === '{') this.#object(path)
    else if (first === '[') this.#list(path)
    else this.#add(path, first === '"' ? this.#string() : this.#numberOrLiteral())
  }

  #object(path: string | undefined): void {
    let isEmpty = true
    this.#items('}', () => {
      isEmpty = false
      if (this.#peek() !== '"') throw this.#unexpected('a name in double quotes')
      const name = this.#string()
      // As in System.Text.Json, a comment may stand anywhere but here.
      this.#match(whitespace)
      if (this.#text[this.#position] === '/') throw this.#unexpected('":"')
      this.#take(':')
      this.#value(path === undefined ? name : `${path}:${name}`)
    })
    if (isEmpty && path !== undefined) this.#data.set(path, null)
  }

  #list(path: string): void {
    let length = 0
    this.#items(']', () => this.#value(`${path}:${length++}`))
    if (length === 0) this.#data.set(path, '')
  }

  #items(end: '}' | ']', item: () => void): void {
    if (++this.#depth > maxDepth) throw this.#unexpected(`at most ${maxDepth} levels`)
    this.#position++
    while (this.#peek() !== end) {
      item()
      if (this.#peek() !== end) this.#take(',')
    }
    this.#position++
    this.#depth--
  }

  #add(path: string, value: string | null): void {
    if (this.#data.has(path)) throw hostingErrors.jsonDuplicateKey(path, ...this.#lineAndColumn())
    this.#data.set(path, value)
  }

  #string(): string {
    const start = this.#position
    const token = this.#match(string)
    if (token === undefined) throw this.#unexpected('a text that ends with a double quote')
    let text: string
    try {
      text = JSON.parse(token) as string
    } catch (cause) {
      this.#position = start
      throw this.#unexpected('a text without raw control characters and unknown escapes', cause)
    }
    if (halfSurrogate.test(text)) throw hostingErrors.jsonHalfSurrogate(...this.#lineAndColumn())
    return text
  }

  #numberOrLiteral(): string | null {
    const word = this.#match(literal)
    if (word !== undefined) return literals.get(word)!
    const digits = this.#match(number)
    if (digits === undefined) throw this.#unexpected('a value')
    return digits
  }

  #take(character: ',' | ':'): void {
    if (this.#peek() !== character) throw this.#unexpected(`"${character}"`)
    this.#position++
  }

  /** The next character that is neither blank nor part of a comment; empty at the end. */
  #peek(): string {
    this.#match(blanks)
    return this.#text.charAt(this.#position)
  }

  #match(token: RegExp): string | undefined {
    token.lastIndex = this.#position
    const match = token.exec(this.#text)
    if (match === null) return undefined
    this.#position = token.lastIndex
    return match[0]
  }

  #unexpected(expected: string, cause?: unknown): Error {
    return hostingErrors.jsonUnexpected(expected, ...this.#lineAndColumn(), cause)
  }

  #lineAndColumn(): [line: number, column: number] {
    const before = this.#text.slice(0, this.#position)
    const lineStart = before.lastIndexOf('\n') + 1
    return [before.split('\n').length, this.#position - lineStart + 1]
  }
}
