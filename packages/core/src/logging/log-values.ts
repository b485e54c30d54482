import { MessageTemplate } from './message-template.ts'

/**
 * A message template with its arguments: the state of a log entry or scope. Read as pairs it gives the names of the holes with the values,
 * then `{OriginalFormat}` with the template. (.NET: FormattedLogValues)
 */
export class LogValues implements Iterable<readonly [name: string, value: unknown]> {
  /** The template as it was written. */
  readonly originalFormat: string
  readonly #args: readonly unknown[]
  readonly #template: MessageTemplate | undefined

  /** Without arguments the template is the message as it is, braces included; with them a bad template raises a format error. */
  constructor(template: string, args: readonly unknown[] = []) {
    this.originalFormat = template
    this.#args = args
    this.#template = args.length === 0 ? undefined : MessageTemplate.parse(template)
  }

  /** The value of a hole; undefined when the template has none of that name. */
  get(name: string): unknown {
    return this.#args[this.#template?.names.indexOf(name) ?? -1]
  }

  /** The message; `transform` changes the text of each argument. Raises a format error when an argument is missing. */
  format(transform?: (text: string) => string): string {
    return this.#template === undefined ? this.originalFormat : this.#template.format(this.#args, transform)
  }

  toString(): string {
    return this.format()
  }

  *[Symbol.iterator](): Generator<readonly [name: string, value: unknown]> {
    for (const [index, name] of this.#template?.names.entries() ?? []) yield [name, this.#args[index]]
    yield ['{OriginalFormat}', this.originalFormat]
  }
}
