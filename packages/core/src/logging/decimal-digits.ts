/** The decimal digits of a number without its sign. */
export interface DecimalDigits {
  readonly whole: string
  /** As many digits as were asked for. */
  readonly fraction: string
}

/** Rounded to so many decimals from the shortest digits that tell the number apart, halves away from zero: what a pattern of .NET shows. */
export function toDigits(value: number | bigint, decimals: number): DecimalDigits {
  if (typeof value === 'bigint') return { whole: String(value < 0n ? -value : value), fraction: '0'.repeat(decimals) }
  const digits = withoutExponent(Math.abs(value))
  const [whole = '', fraction = ''] = digits.split('.')
  if (fraction.length <= decimals) return { whole, fraction: fraction.padEnd(decimals, '0') }
  const kept = BigInt(whole + fraction.slice(0, decimals)) + (fraction.charAt(decimals) >= '5' ? 1n : 0n)
  const rounded = String(kept).padStart(whole.length + decimals, '0')
  const split = rounded.length - decimals
  return { whole: rounded.slice(0, split), fraction: rounded.slice(split) }
}

/** Rounded to so many decimals, at most 100, from the exact value, halves to the even digit: what a standard format of .NET shows. */
export function toExactDigits(value: number | bigint, decimals: number): DecimalDigits {
  if (typeof value === 'bigint' || Number.isInteger(value)) return toDigits(BigInt(value), decimals)
  const magnitude = Math.abs(value)
  const [whole = '', fraction = ''] = magnitude.toFixed(decimals).split('.')
  // JavaScript rounds every half up.
  if (!isHalf(magnitude, decimals) || Number((whole + fraction).at(-1)) % 2 === 0) return { whole, fraction }
  const digits = String(BigInt(whole + fraction) - 1n).padStart(whole.length + decimals, '0')
  return { whole: digits.slice(0, whole.length), fraction: digits.slice(whole.length) }
}

/** The same with one digit before the point, and the power of ten that belongs to it. */
export function toExactExponential(value: number | bigint, decimals: number): { digits: string; power: number } {
  const magnitude = Math.abs(Number(value))
  const [mantissa = '', exponent] = magnitude.toExponential(decimals).split('e')
  const power = Number(exponent)
  const digits = mantissa.replace('.', '')
  if (Number(digits.at(-1)) % 2 === 0 || !isHalf(magnitude, decimals - power)) return { digits, power }
  return { digits: String(BigInt(digits) - 1n).padStart(digits.length, '0'), power }
}

/** Whether the exact value stands in the middle between two numbers of so many decimals. */
function isHalf(magnitude: number, decimals: number): boolean {
  if (decimals < 0) return Number.isInteger(magnitude) && BigInt(magnitude) % 10n ** BigInt(-decimals) === 5n * 10n ** BigInt(-decimals - 1)
  const [, fraction = ''] = magnitude.toFixed(Math.min(decimals + 40, 100)).split('.')
  return /^50*$/.test(fraction.slice(decimals))
}

/** `1234567` becomes `1,234,567`. */
export function groupThousands(digits: string): string {
  return digits.replaceAll(/\B(?=(?:\d{3})+$)/g, ',')
}

/** True for -0 as well. */
export function isNegativeNumber(value: number | bigint): boolean {
  return value < 0 || Object.is(value, -0)
}

/** The shortest digits that tell a number apart, written out: 1e21 and 1e-7 too. */
function withoutExponent(value: number): string {
  const [mantissa = '', exponent] = String(value).split('e')
  if (exponent === undefined) return mantissa
  const [whole = '', fraction = ''] = mantissa.split('.')
  const power = Number(exponent)
  return power < 0 ? `0.${'0'.repeat(-power - 1)}${whole}${fraction}` : whole + fraction.padEnd(power, '0')
}
