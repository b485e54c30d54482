import { coreErrors } from '../errors/core-errors.ts'
import { formatValue } from './format-value.ts'

/** A place for an argument in a message template: `{Name,alignment:format}`. */
interface Hole {
  readonly name: string
  /** The least width in UTF-16 code units; negative: blanks go behind. */
  readonly alignment: number
  readonly format: string
  /** The literal text up to the next hole. */
  readonly textAfter: string
}

/** As many templates are kept parsed; further ones are parsed each time, so that templates made of values cannot fill the memory. */
const maxCachedTemplates = 1024

const cache = new Map<string, MessageTemplate>()
const holeContent = /^([^,:{]*)(?:,\s*(-?\d{1,4})\s*)?(?::([^{]*))?$/

/**
 * A message with named holes, such as `Order {OrderId} took {Elapsed:0.0} ms`. Arguments fill the holes in order, whatever their names are.
 * `{{` and `}}` stand for braces. (.NET: the message templates of ILogger)
 */
export class MessageTemplate {
  /** The names of the holes, in order. */
  readonly names: readonly string[]
  readonly #text: string
  readonly #textBefore: string
  readonly #holes: readonly Hole[]

  /** Raises a format error for a brace that has no partner. */
  constructor(template: string) {
    const { textBefore, holes } = parse(template)
    this.names = holes.map(hole => hole.name)
    this.#text = template
    this.#textBefore = textBefore
    this.#holes = holes
  }

  /** The parsed form of a template, from the cache when it is there. Raises a format error for a brace that has no partner. */
  static parse(template: string): MessageTemplate {
    const known = cache.get(template)
    if (known !== undefined) return known
    const parsed = new MessageTemplate(template)
    if (cache.size < maxCachedTemplates) cache.set(template, parsed)
    return parsed
  }

  /**
   * The message with these arguments; surplus ones are ignored. A template without holes is the message as it is, `{{` included. `transform` changes the text of each argument, for example to escape it.
   * Raises a format error when there are fewer arguments than holes.
   */
  format(args: readonly unknown[], transform?: (text: string) => string): string {
    if (args.length < this.#holes.length) throw coreErrors.messageArgumentMissing(this.names[args.length]!, args.length)
    if (this.#holes.length === 0) return this.#text
    let message = this.#textBefore
    for (let index = 0; index < this.#holes.length; index++) {
      const hole = this.#holes[index]!
      const text = formatValue(args[index], hole.format)
      message += align(transform === undefined ? text : transform(text), hole.alignment) + hole.textAfter
    }
    return message
  }
}

function align(text: string, alignment: number): string {
  return alignment < 0 ? text.padEnd(-alignment) : text.padStart(alignment)
}

function parse(template: string): { textBefore: string; holes: readonly Hole[] } {
  const texts: string[] = ['']
  const contents: string[] = []
  for (let position = 0; position < template.length; ) {
    const character = template.charAt(position)
    const isBrace = character === '{' || character === '}'
    if (!isBrace || template.charAt(position + 1) === character) {
      texts[texts.length - 1] += character
      position += isBrace ? 2 : 1
      continue
    }
    const end = template.indexOf('}', position + 1)
    if (character === '}' || end === -1) throw coreErrors.messageTemplate(template, position)
    contents.push(template.slice(position + 1, end))
    texts.push('')
    position = end + 1
  }
  const holes = contents.map((content, index) => parseHole(template, content, texts[index + 1]!))
  return { textBefore: texts[0]!, holes }
}

function parseHole(template: string, content: string, textAfter: string): Hole {
  const match = holeContent.exec(content)
  if (match === null) throw coreErrors.messageTemplate(template, template.indexOf(content))
  return { name: match[1]!, alignment: Number(match[2] ?? 0), format: match[3] ?? '', textAfter }
}
