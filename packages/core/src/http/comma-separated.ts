/**
 * The elements of comma-separated lists (RFC 9110 section 5.6.1): trimmed and without their quotes, empty ones left out. A comma in quotes is none.
 * Linear in the length of the text, whatever it is.
 */
export function commaSeparated(lines: readonly string[]): string[] {
  const elements: string[] = []
  for (const line of lines) {
    let from = 0
    let isQuoted = false
    for (let at = 0; at <= line.length; at++) {
      if (line[at] === '"') isQuoted = !isQuoted
      if (at < line.length && (line[at] !== ',' || isQuoted)) continue
      const element = unquoted(line.slice(from, at).trim())
      if (element !== '') elements.push(element)
      from = at + 1
    }
  }
  return elements
}

function unquoted(value: string): string {
  return value.length > 1 && value[0] === '"' && value.at(-1) === '"' ? value.slice(1, -1) : value
}
