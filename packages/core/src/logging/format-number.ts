const standardFormat = /^([DFNPX])(\d{0,2})$/i
const customFormat = /^([^0#.,]*)([0#,]*)(?:\.([0#]*))?([^0#.,]*)$/

/**
 * A number in a format of .NET: `D3`, `F2`, `N0`, `P1`, `X8`, or a pattern such as `0.00`, `#,##0.0#`, `000`. A format that is none of
 * these leaves the number as JavaScript writes it. Halves are rounded away from zero.
 */
export function formatNumber(value: number | bigint, format: string): string {
  const standard = standardFormat.exec(format)
  if (standard !== null) return formatStandard(value, standard[1]!, standard[2]!)
  const custom = customFormat.exec(format)
  if (custom === null || !Number.isFinite(Number(value))) return String(value)

  const [, before, whole, fraction = '', after] = custom
  if (whole === '' && fraction === '') return String(value)
  const digits = whole!.replaceAll(',', '')
  const firstZero = digits.indexOf('0')
  return (
    before +
    assemble(value, {
      minimumWhole: firstZero === -1 ? 0 : digits.length - firstZero,
      minimumFraction: fraction.lastIndexOf('0') + 1,
      maximumFraction: fraction.length,
      grouped: whole!.includes(','),
    }) +
    after
  )
}

function formatStandard(value: number | bigint, letter: string, precision: string): string {
  const digits = precision === '' ? undefined : Number(precision)
  switch (letter.toUpperCase()) {
    case 'D':
      return assemble(value, { minimumWhole: digits ?? 1, minimumFraction: 0, maximumFraction: 0, grouped: false })
    case 'F':
      return assemble(value, fixed(digits ?? 2, false))
    case 'N':
      return assemble(value, fixed(digits ?? 2, true))
    case 'P':
      return `${assemble(Number(value) * 100, fixed(digits ?? 2, true))} %`
    default: {
      const hexadecimal = value.toString(16).padStart(digits ?? 1, '0')
      return letter === 'X' ? hexadecimal.toUpperCase() : hexadecimal
    }
  }
}

interface NumberShape {
  readonly minimumWhole: number
  readonly minimumFraction: number
  readonly maximumFraction: number
  readonly grouped: boolean
}

function fixed(digits: number, grouped: boolean): NumberShape {
  return { minimumWhole: 1, minimumFraction: digits, maximumFraction: digits, grouped }
}

function assemble(value: number | bigint, shape: NumberShape): string {
  const isNegative = value < 0
  const text = typeof value === 'bigint' ? String(isNegative ? -value : value) : Math.abs(value).toFixed(shape.maximumFraction)
  const [whole = '', fraction = ''] = text.split('.')
  // What JavaScript writes with an exponent, or as NaN or Infinity, no pattern can improve.
  if (!/^\d+$/.test(whole) || !/^\d*$/.test(fraction)) return String(value)

  const padded = (whole === '0' && shape.minimumWhole === 0 ? '' : whole).padStart(shape.minimumWhole, '0')
  const groups = shape.grouped ? padded.replaceAll(/\B(?=(?:\d{3})+$)/g, ',') : padded
  const decimals = trimZeros(fraction, shape.minimumFraction)
  return `${isNegative ? '-' : ''}${groups}${decimals === '' ? '' : `.${decimals}`}`
}

function trimZeros(fraction: string, minimum: number): string {
  let length = fraction.length
  while (length > minimum && fraction[length - 1] === '0') length--
  return fraction.slice(0, length)
}
