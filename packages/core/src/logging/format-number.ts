import { coreErrors } from '../errors/core-errors.ts'
import { groupThousands, isNegativeNumber, toExactDigits, toExactExponential } from './decimal-digits.ts'
import { formatNumberPattern } from './format-number-pattern.ts'

const standardFormat = /^([A-Za-z])(\d{0,9})$/
/** JavaScript gives no more digits. */
const maxPrecision = 100

/**
 * A number as .NET writes it in the invariant culture: in one of its standard formats (`D3`, `E2`, `F2`, `G4`, `N0`, `P1`, `X8`, `B8`, `C`, `R`),
 * else by a pattern such as `0.00`, `#,##0.0#`, `0%` or `0.0;(0.0);-`. `D`, `X` and `B` take whole numbers.
 * Raises a format error for a letter that is no standard format, and for a number that the format does not take.
 */
export function formatNumber(value: number | bigint, format: string): string {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  const standard = standardFormat.exec(format)
  if (standard === null) return formatNumberPattern(value, format)
  const precision = standard[2] === '' ? undefined : Math.min(Number(standard[2]), maxPrecision)
  return formatStandard(value, standard[1]!, precision)
}

/** A number without a format: whole ones in full, others with the fewest digits that tell them apart, with an exponent where .NET writes one. */
export function formatPlainNumber(value: number | bigint): string {
  if (typeof value === 'bigint' || Number.isSafeInteger(value) || !Number.isFinite(value)) return String(value)
  const [mantissa = '', exponent] = value.toExponential().split('e')
  const power = Number(exponent)
  return power >= -4 && power < 15 ? String(value) : scientific(mantissa, power, 'E', 2)
}

function formatStandard(value: number | bigint, letter: string, precision: number | undefined): string {
  switch (letter.toUpperCase()) {
    case 'B':
      return toBase(value, 2, letter).padStart(precision ?? 1, '0')
    case 'C':
      return signed(value, `¤${fixed(value, precision ?? 2, true)}`, '(', ')')
    case 'D':
      return signed(
        value,
        absolute(whole(value, letter))
          .toString()
          .padStart(precision ?? 1, '0'),
      )
    case 'E':
      return exponential(value, precision ?? 6, letter)
    case 'F':
      return signed(value, fixed(value, precision ?? 2, false))
    case 'G':
      return general(value, precision, letter)
    case 'N':
      return signed(value, fixed(value, precision ?? 2, true))
    case 'P':
      return signed(value, `${fixed(value, precision ?? 2, true, 2)} %`)
    case 'R':
      return formatPlainNumber(value)
    case 'X': {
      const digits = toBase(value, 16, letter).padStart(precision ?? 1, '0')
      return letter === 'X' ? digits.toUpperCase() : digits
    }
    default:
      throw coreErrors.format('a standard format of .NET (B, C, D, E, F, G, N, P, R or X)', letter)
  }
}

function fixed(value: number | bigint, decimals: number, isGrouped: boolean, shift = 0): string {
  const exact = toExactDigits(value, decimals + shift)
  const whole = (exact.whole + exact.fraction.slice(0, shift)).replace(/^0+(?=\d)/, '')
  const text = isGrouped ? groupThousands(whole) : whole
  return decimals === 0 ? text : `${text}.${exact.fraction.slice(shift)}`
}

function exponential(value: number | bigint, decimals: number, letter: string): string {
  const { digits, power } = toExactExponential(value, decimals)
  return signed(value, scientific(pointAfter(digits, 1), power, letter, 3))
}

/** The shorter of the fixed and the scientific form. */
function general(value: number | bigint, precision: number | undefined, letter: string): string {
  if (precision === undefined || precision === 0) return letter === 'G' ? formatPlainNumber(value) : formatPlainNumber(value).toLowerCase()
  const { digits, power } = toExactExponential(value, precision - 1)
  if (power < -4 || power >= precision) {
    return signed(value, scientific(withoutTrailingZeros(pointAfter(digits, 1)), power, letter === 'G' ? 'E' : 'e', 2))
  }
  return signed(value, withoutTrailingZeros(power < 0 ? `0.${'0'.repeat(-power - 1)}${digits}` : pointAfter(digits, power + 1)))
}

function pointAfter(digits: string, count: number): string {
  return digits.length > count ? `${digits.slice(0, count)}.${digits.slice(count)}` : digits
}

function scientific(mantissa: string, power: number, letter: string, width: number): string {
  return `${mantissa}${letter}${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(width, '0')}`
}

function withoutTrailingZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

function signed(value: number | bigint, text: string, before = '-', after = ''): string {
  return isNegativeNumber(value) ? `${before}${text}${after}` : text
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value
}

function whole(value: number | bigint, letter: string): bigint {
  if (typeof value === 'number' && !Number.isInteger(value))
    throw coreErrors.format(`a whole number for the format ${letter}`, String(value))
  return BigInt(value)
}

/** Negative numbers in two's complement: of 32 bits where they fit, else of 64. */
function toBase(value: number | bigint, base: number, letter: string): string {
  const integer = whole(value, letter)
  const bits = integer >= -(2n ** 31n) ? 32 : 64
  return (integer < 0n ? BigInt.asUintN(bits, integer) : integer).toString(base)
}
