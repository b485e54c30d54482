/** The elements of a header whose value is a comma-separated list, over all its lines: trimmed and unquoted, empty ones dropped. Linear in the length of the header. */
export function* headerList(lines: readonly string[]): Generator<string> {
  for (const line of lines) {
    let from = 0
    let isQuoted = false
    for (let at = 0; at <= line.length; at++) {
      if (line[at] === '"') isQuoted = !isQuoted
      if (at < line.length && (line[at] !== ',' || isQuoted)) continue
      const element = unquote(line.slice(from, at).trim())
      if (element !== '') yield element
      from = at + 1
    }
  }
}

export function unquote(value: string): string {
  return value.length > 1 && value[0] === '"' && value.at(-1) === '"' ? value.slice(1, -1) : value
}
