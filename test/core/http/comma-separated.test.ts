import { HeaderDictionary } from '@windhover/core'
import { describe, expect, it } from 'vitest'

describe('getCommaSeparatedValues', () => {
  it.each([
    ['no header', [], []],
    ['one value', ['websocket'], ['websocket']],
    ['blanks around elements', [' a ,  b'], ['a', 'b']],
    ['several lines', ['a, b', 'c'], ['a', 'b', 'c']],
    ['empty elements', [',a,, b ,'], ['a', 'b']],
    ['quotes around an element', ['"13"'], ['13']],
    ['a comma in quotes', ['"alpha", "b,c"'], ['alpha', 'b,c']],
    ['a quote that is not closed', ['a, "b, c'], ['a', '"b, c']],
    ['a quote alone', ['"'], ['"']],
  ])('reads %s', (_, lines, values) => {
    const headers = new HeaderDictionary()
    for (const line of lines) headers.append('X-List', line)
    expect(headers.getCommaSeparatedValues('x-list')).toEqual(values)
  })

  it('takes time in proportion to the length of the header', () => {
    const headers = new HeaderDictionary()
    headers.set('X-List', '",'.repeat(100_000))
    expect(headers.getCommaSeparatedValues('X-List').length).toBeGreaterThan(0)
  })
})
