/**
 * The value of the last line of a header in the lines that Node gives, undefined when there is none. `name` is in lower case. Node makes an object of all headers for whoever asks it for one, which
 * costs more than all that the server itself wants to know.
 */
export function lastLineOf(rawHeaders: readonly string[], name: string): string | undefined {
  for (let i = rawHeaders.length - 2; i >= 0; i -= 2) {
    const candidate = rawHeaders[i]!
    if (candidate.length === name.length && candidate.toLowerCase() === name) return rawHeaders[i + 1]!
  }
  return undefined
}
