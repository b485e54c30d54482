/**
 * Characters that move the cursor, change colours, break lines or turn the direction of writing: C0 without the tab, DEL, C1, the separators of
 * lines and paragraphs, and the marks of bidirectional text.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unsafe = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/
const everyUnsafe = new RegExp(unsafe, 'g')

const shortEscapes = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
])

/** Makes a text from outside harmless for a terminal and for who reads logs by lines: a line break becomes `\n`, ESC `\u001b`. */
export function escapeControlCharacters(text: string): string {
  // Nearly all texts have none, and to look is much cheaper than to replace.
  return unsafe.test(text) ? text.replace(everyUnsafe, escapeCharacter) : text
}

/** The same for a text that may have several lines: its line breaks stay. */
export function escapeLines(text: string): string {
  if (!unsafe.test(text)) return text
  return text.replaceAll('\r\n', '\n').replace(everyUnsafe, character => (character === '\n' ? character : escapeCharacter(character)))
}

function escapeCharacter(character: string): string {
  return shortEscapes.get(character) ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
