/**
 * How two texts are compared: by code units, or the same without regard to case. Never by the rules of a language. (.NET:
 * StringComparison)
 */
export const StringComparison = { Ordinal: 'ordinal', OrdinalIgnoreCase: 'ordinal-ignore-case' } as const
export type StringComparison = (typeof StringComparison)[keyof typeof StringComparison]

const nonAscii = /[^\0-\x7f]/

/** The form of a text in which those that differ only by case are equal. Its length is that of the text. */
export function foldCase(text: string): string {
  if (!nonAscii.test(text)) return text.toUpperCase()
  let folded = ''
  for (const character of text) folded += foldCharacter(character)
  return folded
}

/** One character at a time, and never from outside ASCII into it, as .NET does: `ı` is not `I`, `ß` is not `SS`. */
function foldCharacter(character: string): string {
  const upper = character.toUpperCase()
  if (upper.length !== character.length) return character
  return upper.charCodeAt(0) < 0x80 && character.charCodeAt(0) >= 0x80 ? character : upper
}

export function equalsText(left: string, right: string, comparison: StringComparison): boolean {
  return left.length === right.length && startsWithText(left, right, comparison)
}

export function startsWithText(text: string, start: string, comparison: StringComparison): boolean {
  if (text.startsWith(start)) return true
  return comparison === 'ordinal-ignore-case' && text.length >= start.length && startsIgnoringCase(text, start)
}

/** Each request passes here for each branch by path, so ASCII is compared without making a new text. */
function startsIgnoringCase(text: string, start: string): boolean {
  for (let i = 0; i < start.length; i++) {
    const a = text.charCodeAt(i)
    const b = start.charCodeAt(i)
    if (a === b) continue
    if ((a | b) > 0x7f) return foldCase(text.slice(0, start.length)) === foldCase(start)
    const letter = a | 0x20
    if (letter !== (b | 0x20) || letter < 0x61 || letter > 0x7a) return false
  }
  return true
}
