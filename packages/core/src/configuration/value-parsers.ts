import { coreErrors } from '../errors/core-errors.ts'

/** Reads a value from the text of a configuration. Any error that it throws is reported with the key of the text. (.NET: TypeConverter) */
export interface ValueParser<T> {
  parse(text: string): T
}

const maxInt32 = 2 ** 31 - 1
const minInt32 = -(2 ** 31)

/** The longest duration of .NET, 2^63 - 1 ticks of 100 ns, in milliseconds. */
const maxTimeSpan = 2 ** 63 / 10_000

const decimalNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i
const namedNumbers = new Map([
  ['nan', Number.NaN],
  ['+nan', Number.NaN],
  ['-nan', Number.NaN],
  ['infinity', Number.POSITIVE_INFINITY],
  ['+infinity', Number.POSITIVE_INFINITY],
  ['-infinity', Number.NEGATIVE_INFINITY],
])
const wholeNumber = /^(?:([+-]?\d+)|(?:0x|&h|#)([0-9a-f]+))$/i
const timeSpan = /^(-?)(?:(\d+)|(?:(\d+)\.)?(\d+):(\d+)(?::(\d+)(?:\.(\d{1,7}))?)?|(\d+):(\d+):(\d+):(\d+)(?:\.(\d{1,7}))?)$/

const secondsPerDay = 86_400

/** `true` or `false` in any case; nothing else. */
export function parseBoolean(text: string): boolean {
  const word = text.trim().toLowerCase()
  if (word === 'true') return true
  if (word === 'false') return false
  throw coreErrors.format('true or false', text)
}

/** A decimal number with a point, no separators of thousands; also `NaN` and `Infinity`. */
export function parseNumber(text: string): number {
  const trimmed = text.trim()
  if (decimalNumber.test(trimmed)) return Number(trimmed)
  const named = namedNumbers.get(trimmed.toLowerCase())
  if (named === undefined) throw coreErrors.format('a number such as 42, -1.5 or 1e3', text)
  return named
}

/** A whole number from -(2^53 - 1) to 2^53 - 1, decimal or hexadecimal (`0x10`, `&h10`, `#10`). */
export function parseInteger(text: string): number {
  return parseWholeNumber(text, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
}

/** A whole number of 32 bits with a sign; in hexadecimal its bits, so that `0xffffffff` is -1. (.NET: int) */
export function parseInt32(text: string): number {
  const value = parseWholeNumber(text, minInt32, 2 ** 32 - 1)
  if (value <= maxInt32) return value
  if (decimalNumber.test(text.trim())) throw coreErrors.format(`a whole number from ${minInt32} to ${maxInt32}`, text)
  return value | 0
}

/**
 * A duration in the form of .NET, in milliseconds: `00:00:05`, `1.02:03:04.500`, `1:02:03:04.500`; a bare whole number is DAYS. More than 23 hours
 * are refused, where .NET takes `24:00:00` for 24 days. (.NET: TimeSpan.Parse)
 */
export function parseTimeSpan(text: string): number {
  const match = timeSpan.exec(text.trim())
  if (match === null) throw coreErrors.format('a time span such as 00:00:30 or 1.12:00:00 (a bare number is days)', text)
  const [, sign, bareDays, ...parts] = match
  const [days = '0', hours = '0', minutes = '0', seconds = '0', fraction = '0'] = parts[5] === undefined ? parts : parts.slice(5)
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) {
    throw coreErrors.format('a time span with up to 23 hours, 59 minutes and 59 seconds (days come first: 1.12:00:00)', text)
  }
  const wholeSeconds = Number(bareDays ?? days) * secondsPerDay + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
  const milliseconds = wholeSeconds * 1000 + Number(fraction.padEnd(7, '0')) / 10_000
  if (milliseconds > maxTimeSpan) throw coreErrors.format('a shorter time span', text)
  return sign === '-' ? -milliseconds : milliseconds
}

/**
 * A member of an enumeration by its name or value, in any case. Where members are numbers, any whole number of 32 bits passes, and of several, with
 * commas between them, the bits are put together, as in .NET.
 */
export function parseEnumeration<V extends string | number>(members: Readonly<Record<string, V>>, text: string): V {
  const entries = Object.entries(members)
  const isNumeric = entries.some(([, value]) => typeof value === 'number')
  const values = (isNumeric ? text.split(',') : [text]).map(word => memberValue(entries, word.trim().toLowerCase(), isNumeric))
  if (values.includes(undefined)) throw coreErrors.format(`one of ${entries.map(([name]) => name).join(', ')}`, text)
  return values.length === 1 ? values[0]! : (values.reduce<number>((bits, value) => bits | (value as number), 0) as V)
}

function memberValue<V extends string | number>(entries: readonly [string, V][], word: string, isNumeric: boolean): V | undefined {
  const member = entries.find(([name]) => name.toLowerCase() === word) ?? entries.find(([, value]) => String(value).toLowerCase() === word)
  if (member !== undefined) return member[1]
  const value = isNumeric && /^[+-]?\d+$/.test(word) ? Number(word) : undefined
  return value !== undefined && value === (value | 0) ? (value as V) : undefined
}

function parseWholeNumber(text: string, lowest: number, highest: number): number {
  const match = wholeNumber.exec(text.trim())
  if (match === null) throw coreErrors.format('a whole number', text)
  const value = match[1] === undefined ? Number.parseInt(match[2]!, 16) : Number(match[1])
  if (value < lowest || value > highest) throw coreErrors.format(`a whole number from ${lowest} to ${highest}`, text)
  return value
}
