import { FormatException, formatValue } from '@windhover/core'
import { describe, expect, it } from 'vitest'

class Money {
  readonly amount = 5

  toString(): string {
    return `${this.amount} EUR`
  }
}

class Plain {
  readonly a = 1
  readonly b = 'x'
}

const cyclic: unknown[] = [1]
cyclic.push(cyclic)

const hostile = {
  toString() {
    throw new TypeError('no')
  },
}

describe('formatValue', () => {
  it.each([
    [1e21, '1E+21'],
    [1e-7, '1E-07'],
    [0.0001, '0.0001'],
    [1.5e15, '1500000000000000'],
    [1234567890123456.8, '1.2345678901234568E+15'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
  ])('shows the number %s without a format as %s', (value, expected) => {
    expect(formatValue(value)).toBe(expected)
  })

  it.each([
    [1.5, 'D'],
    [1.5, 'x'],
    [1, 'Q'],
  ])('refuses the number %s with the format %s', (value, format) => {
    expect(() => formatValue(value, format)).toThrow(FormatException)
  })

  it.each([
    ['null', null, '(null)'],
    ['undefined', undefined, '(null)'],
    ['a text', 'x', 'x'],
    ['the empty text', '', ''],
    ['a boolean', false, 'False'],
    ['a number', -0.5, '-0.5'],
    ['NaN', Number.NaN, 'NaN'],
    ['a large whole number', 12345678901234567890n, '12345678901234567890'],
    ['a symbol', Symbol('s'), 'Symbol(s)'],
    ['a list', [1, 'b', null, true], '1, b, (null), True'],
    ['the empty list', [], ''],
    ['a set', new Set([1, 2]), '1, 2'],
    ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['an invalid date', new Date(Number.NaN), 'Invalid Date'],
    ['an error', new RangeError('far'), 'RangeError: far'],
    ['a URL', new URL('http://a/'), 'http://a/'],
    ['an object with its own toString', new Money(), '5 EUR'],
    ['an object of a class', new Plain(), "Plain { a: 1, b: 'x' }"],
    ['a plain object', { a: { b: 1 } }, '{ a: { b: 1 } }'],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), '[Object: null prototype] { a: 1 }'],
    ['a list in a list', [1, [2]], '1, [ 2 ]'],
    ['bytes', new Uint8Array(2), 'Uint8Array(2) [ 0, 0 ]'],
    ['a value whose toString throws', hostile, '(TypeError while showing the value)'],
  ])('shows %s', (_name, value, expected) => {
    expect(formatValue(value)).toBe(expected)
  })

  it('shows a list that contains itself', () => {
    expect(formatValue(cyclic)).toContain('1, ')
  })

  it.each([
    [7, '000', '007'],
    [-7, '000', '-007'],
    [1.25, '0.0', '1.3'],
    [-1.25, '0.0', '-1.3'],
    [0.5, '.00', '.50'],
    [1234567.891, '#,##0.00', '1,234,567.89'],
    [1.5, '0.##', '1.5'],
    [2, '0.##', '2'],
    [12.3, '0.0ms', '12.3ms'],
    [1.005, 'F1', '1.0'],
    [1234.5, 'N0', '1,234'],
    [1235.5, 'N0', '1,236'],
    [1234.5, 'n', '1,234.50'],
    [42, 'D5', '00042'],
    [-42, 'd', '-42'],
    [255, 'X4', '00FF'],
    [255, 'x', 'ff'],
    [0.256, 'P1', '25.6 %'],
    [10n ** 20n, 'N0', '100,000,000,000,000,000,000'],
    [1e21, '0.0', '1000000000000000000000.0'],
    [1e21, 'N0', '1,000,000,000,000,000,000,000'],
    [0.1, 'F20', '0.10000000000000000555'],
    [Number.NaN, '0.0', 'NaN'],
    [Number.POSITIVE_INFINITY, 'F2', 'Infinity'],
    [5, 'words', 'words'],
    [12345, 'E3', '1.234E+004'],
    [1e-7, 'e2', '1.00e-007'],
    [12345, 'g3', '1.23e+04'],
    [0.00001, 'G', '1E-05'],
    [0.0001234, 'G2', '0.00012'],
    [1.5, 'C', '¤1.50'],
    [-1.5, 'C', '(¤1.50)'],
    [-1, 'X', 'FFFFFFFF'],
    [5, 'B8', '00000101'],
    [12345, '000-00', '123-45'],
    [1234567, '0,,', '1'],
    [0.256, '0%', '26%'],
    [1234.5, '0.0E+0', '1.2E+3'],
    [5, "'x'0\\%", 'x5%'],
    [5, '+0;-0;zero', '+5'],
    [-5, '+0;-0;zero', '-5'],
    [0, '+0;-0;zero', 'zero'],
    [-0.4, '0', '-0'],
    [-0.4, '#', ''],
  ])('shows the number %s with the format %j as %j', (value, pattern, expected) => {
    expect(formatValue(value, pattern)).toBe(expected)
  })
})
