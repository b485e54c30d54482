import { isNegativeNumber, toDigits } from './decimal-digits.ts'

type Part =
  | { readonly kind: 'digit' | 'point' | 'exponent' }
  /** Stands for itself. */
  | { readonly kind: 'text'; readonly text: string }

/** A pattern for positive numbers, negative ones or zero. */
interface Section {
  readonly parts: readonly Part[]
  /** Places for digits before and after the point, and how many of them are never left empty. */
  readonly before: number
  readonly after: number
  readonly leastBefore: number
  readonly leastAfter: number
  readonly isGrouped: boolean
  /** What the number is multiplied with, as a power of ten. */
  readonly scale: number
  readonly exponent: { readonly letter: string; readonly sign: string; readonly width: number } | undefined
}

interface ShownDigits {
  readonly whole: string
  readonly fraction: string
  readonly power: number
}

const token = /\\(.?)|'([^']*)'?|"([^"]*)"?|([eE])([+-]?)(0+)|[\s\S]/gu

/**
 * A number by a pattern of .NET: `0` and `#` are places for digits, `.` the point, `,` between them groups thousands and behind the last divides by
 * 1000, `%` and `‰` multiply, `E+0` gives an exponent, text in quotes or behind a backslash stands for itself, and `;` parts the patterns of positive
 * numbers, negative ones and zero.
 */
export function formatNumberPattern(value: number | bigint, pattern: string): string {
  const [positive = '', negative = '', zero = ''] = splitSections(pattern)
  const isNegative = isNegativeNumber(value)
  const hasOwnPattern = isNegative && negative !== ''
  const section = parseSection(hasOwnPattern ? negative : positive)
  const digits = shownDigits(value, section)
  if (/[1-9]/.test(digits.whole + digits.fraction)) {
    return `${isNegative && !hasOwnPattern ? '-' : ''}${assemble(digits, section)}`
  }
  const zeroSection = zero !== '' ? parseSection(zero) : hasOwnPattern ? parseSection(positive) : section
  const zeros = shownDigits(0, zeroSection)
  // A zero that was negative keeps its sign where a digit is shown.
  const sign = isNegative && zero === '' && zeros.whole + zeros.fraction !== '' ? '-' : ''
  return sign + assemble(zeros, zeroSection)
}

function splitSections(pattern: string): string[] {
  const sections = ['']
  for (const [text] of pattern.matchAll(token)) {
    if (text === ';') sections.push('')
    else sections[sections.length - 1] += text
  }
  return sections
}

function parseSection(pattern: string): Section {
  const parts: Part[] = []
  // Whether the place for a digit is a zero.
  const before: boolean[] = []
  const after: boolean[] = []
  let seesPoint = false
  let openCommas = 0
  let scale = 0
  let isGrouped = false
  let exponent: Section['exponent']
  for (const [text, escaped, single, double, letter, sign = '', zeros = ''] of pattern.matchAll(token)) {
    if (text === '0' || text === '#') {
      isGrouped ||= openCommas > 0
      openCommas = 0
      parts.push({ kind: 'digit' })
      const places = seesPoint ? after : before
      places.push(text === '0')
    } else if (text === '.') {
      if (!seesPoint) parts.push({ kind: 'point' })
      seesPoint = true
      scale -= 3 * openCommas
      openCommas = 0
    } else if (text === ',') {
      if (!seesPoint && before.length > 0) openCommas++
    } else if (letter !== undefined && exponent === undefined && before.length + after.length > 0) {
      exponent = { letter, sign, width: zeros.length }
      parts.push({ kind: 'exponent' })
    } else {
      scale += text === '%' ? 2 : text === '‰' ? 3 : 0
      parts.push({ kind: 'text', text: escaped ?? single ?? double ?? text })
    }
  }
  return {
    parts,
    before: before.length,
    after: after.length,
    leastBefore: before.includes(true) ? before.length - before.indexOf(true) : 0,
    leastAfter: after.lastIndexOf(true) + 1,
    isGrouped,
    scale: scale - 3 * openCommas,
    exponent,
  }
}

function shownDigits(value: number | bigint, section: Section): ShownDigits {
  const { digits, power } = section.exponent === undefined ? scaled(value, section) : withExponent(Number(value), section)
  const whole = digits.whole.replace(/^0+/, '').padStart(section.leastBefore, '0')
  let length = digits.fraction.length
  while (length > section.leastAfter && digits.fraction[length - 1] === '0') length--
  return { whole, fraction: digits.fraction.slice(0, length), power }
}

function scaled(value: number | bigint, { after, scale }: Section) {
  if (scale === 0) return { digits: toDigits(value, after), power: 0 }
  const [mantissa, exponent] = Number(value).toExponential().split('e')
  return { digits: toDigits(Number(`${mantissa}e${Number(exponent) + scale}`), after), power: 0 }
}

/** As many digits before the point as there are places. */
function withExponent(value: number, { before, after }: Section) {
  const [mantissa = '', exponent] = Math.abs(value)
    .toExponential(Math.min(before + after - 1, 100))
    .split('e')
  const digits = mantissa.replace('.', '')
  return {
    digits: { whole: digits.slice(0, before), fraction: digits.slice(before) },
    power: value === 0 ? 0 : Number(exponent) - before + 1,
  }
}

function assemble(shown: ShownDigits, section: Section): string {
  const places = section.before
  let text = ''
  let place = 0
  for (const part of section.parts) {
    if (part.kind === 'text') text += part.text
    else if (part.kind === 'exponent') text += exponentText(shown.power, section)
    else if (part.kind === 'point') {
      if (places === 0) text += wholeDigits(shown.whole, 0, shown.whole.length, section)
      if (shown.fraction !== '') text += '.'
    } else if (place < places) {
      const start = place === 0 ? 0 : shown.whole.length - places + place
      text += wholeDigits(shown.whole, start, shown.whole.length - places + place + 1, section)
      place++
    } else text += shown.fraction.charAt(place++ - places)
  }
  return text
}

function wholeDigits(whole: string, start: number, end: number, { isGrouped }: Section): string {
  let text = ''
  for (let index = Math.max(0, start); index < end; index++) {
    const following = whole.length - index - 1
    text += whole.charAt(index) + (isGrouped && following > 0 && following % 3 === 0 ? ',' : '')
  }
  return text
}

function exponentText(power: number, { exponent }: Section): string {
  const { letter, sign, width } = exponent!
  const shownSign = power < 0 ? '-' : sign === '+' ? '+' : ''
  return `${letter}${shownSign}${String(Math.abs(power)).padStart(width, '0')}`
}
