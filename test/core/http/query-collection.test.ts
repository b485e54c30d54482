import { ArgumentNullException, QueryBuilder, QueryCollection, QueryHelpers } from '@windhover/core'
import { describe, expect, it } from 'vitest'

/** The recorded tables of ASP.NET Core cover the grammar: tables-parity.test.ts. */
describe('QueryCollection', () => {
  const query = QueryCollection.parse('?a=1&b=2&A=3&__proto__=4')

  it('reads like URLSearchParams, but for the case of names', () => {
    expect([query.get('a'), query.get('A'), query.get('none')]).toEqual(['1', '1', null])
    expect([query.getAll('A'), query.getAll('none')]).toEqual([['1', '3'], []])
    expect([query.has('B'), query.has('toString'), query.size]).toEqual([true, false, 4])
    expect(query.get('__proto__')).toBe('4')
  })

  it('lists each name once and each value once, those of one name together', () => {
    expect([...query.keys()]).toEqual(['a', 'b', '__proto__'])
    expect([...query]).toEqual([
      ['a', '1'],
      ['a', '3'],
      ['b', '2'],
      ['__proto__', '4'],
    ])
  })

  it('keeps its values from being changed through a list that it gave', () => {
    query.getAll('a').push('x')
    expect(query.getAll('a')).toEqual(['1', '3'])
  })

  it('takes time in proportion to the query', () => {
    const started = performance.now()
    const many = QueryCollection.parse(`?${'a=%zz&'.repeat(50_000)}${'%%%'.repeat(50_000)}`)
    expect(many.size).toBe(50_001)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

describe('QueryHelpers.parseQuery', () => {
  it.each([null, undefined, ''])('gives no values for %s', queryString => {
    expect(QueryHelpers.parseQuery(queryString).size).toBe(0)
  })
})

describe('QueryBuilder', () => {
  it('raises an argument-null error for no value', () => {
    expect(() => new QueryBuilder().add('a', null as unknown as string)).toThrow(ArgumentNullException)
  })

  it('adds one pair for each value of a list', () => {
    const builder = new QueryBuilder([['a', '1']]).add('b', ['2', '3 4'])
    expect(builder.toQueryString()).toBe('?a=1&b=2&b=3%204')
    expect([...builder]).toEqual([
      ['a', '1'],
      ['b', '2'],
      ['b', '3 4'],
    ])
  })
})
