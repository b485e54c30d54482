import { Shape, type ValueShape } from '@windhover/core'
import { ConfigurationBuilder } from '@windhover/hosting'
import { describe, expect, it } from 'vitest'

const Size = { Small: 1, Large: 2 } as const
const Kind = { Text: 'text', CloseReceived: 'close-received' } as const

const parse = (type: ValueShape, text: string): unknown =>
  new ConfigurationBuilder().addInMemoryCollection({ key: text }).build().getValue('key', type)

describe('values of the configuration', () => {
  it.each<[name: string, text: string, type: ValueShape, expected: unknown]>([
    ['Boolean', ' True ', Boolean, true],
    ['Boolean', 'FALSE', Boolean, false],
    ['Number', '+.5', Number, 0.5],
    ['Number', '5.', Number, 5],
    ['Number', '-1E-2', Number, -0.01],
    ['Number', 'nan', Number, Number.NaN],
    ['Number', '-Infinity', Number, Number.NEGATIVE_INFINITY],
    ['integer', '9007199254740991', Shape.integer, Number.MAX_SAFE_INTEGER],
    ['integer', '-5', Shape.integer, -5],
    ['integer', '&HfF', Shape.integer, 255],
    ['integer', '#10', Shape.integer, 16],
    ['int32', '-2147483648', Shape.int32, -2147483648],
    ['int32', '0xffffffff', Shape.int32, -1],
    ['Number', '+infinity', Number, Number.POSITIVE_INFINITY],
    ['time span', '1:02:03:04.5', Shape.timeSpan, 93_784_500],
    ['time span', '000:00:001', Shape.timeSpan, 1000],
    ['time span', '-00:00:01', Shape.timeSpan, -1000],
    ['time span', '00:00:00.0000001', Shape.timeSpan, 0.0001],
    ['time span', '23:59:59.999', Shape.timeSpan, 86_399_999],
    ['time span', '-7', Shape.timeSpan, -604_800_000],
    ['time span', '2.12:30', Shape.timeSpan, 217_800_000],
    ['enumeration of numbers', ' large ', Shape.enumOf(Size), 2],
    ['enumeration of numbers', '7', Shape.enumOf(Size), 7],
    ['enumeration of numbers', 'Small, large', Shape.enumOf(Size), 3],
    ['enumeration of numbers', '4,Small', Shape.enumOf(Size), 5],
    ['enumeration of texts', 'closereceived', Shape.enumOf(Kind), 'close-received'],
    ['enumeration of texts', 'CLOSE-RECEIVED', Shape.enumOf(Kind), 'close-received'],
    ['parser of your own', 'http://a:1/', { parse: text => new URL(text).host }, 'a:1'],
  ])('%s from %j', (_name, text, type, expected) => {
    expect(parse(type, text)).toEqual(expected)
  })

  it.each<[name: string, text: string, type: ValueShape]>([
    ['Boolean', '', Boolean],
    ['Number', '', Number],
    ['Number', '0x10', Number],
    ['Number', '1_000', Number],
    ['Number', '1 000', Number],
    ['Number', '.', Number],
    ['integer', '9007199254740992', Shape.integer],
    ['integer', '0x', Shape.integer],
    ['integer', '', Shape.integer],
    ['int32', '2147483648', Shape.int32],
    ['int32', '0x100000000', Shape.int32],
    ['time span', '24:00:00', Shape.timeSpan],
    ['time span', '10675200', Shape.timeSpan],
    ['time span', '24:00', Shape.timeSpan],
    ['time span', '00:60', Shape.timeSpan],
    ['time span', '00:00:60', Shape.timeSpan],
    ['time span', '', Shape.timeSpan],
    ['time span', '99999999999999', Shape.timeSpan],
    ['enumeration of numbers', 'medium', Shape.enumOf(Size)],
    ['enumeration of numbers', 'Small,', Shape.enumOf(Size)],
    ['enumeration of numbers', '2147483648', Shape.enumOf(Size)],
    ['enumeration of texts', 'text,text', Shape.enumOf(Kind)],
    ['enumeration of numbers', 'toString', Shape.enumOf(Size)],
    ['enumeration of texts', '7', Shape.enumOf(Kind)],
    ['parser of your own', 'nowhere', { parse: text => new URL(text).host }],
  ])('%s does not take %j', (_name, text, type) => {
    expect(() => parse(type, text)).toThrowError(
      expect.objectContaining({ code: 'WINDHOVER_ERR_CONFIGURATION_VALUE', message: expect.stringContaining('"key"') }),
    )
  })
})
