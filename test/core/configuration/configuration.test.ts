import { Shape } from '@windhover/core'
import { ConfigurationBuilder, type InMemoryCollection } from '@windhover/hosting'
import { describe, expect, expectTypeOf, it } from 'vitest'

const configurationOf = (...sources: InMemoryCollection[]) =>
  sources.reduce<ConfigurationBuilder>((builder, source) => builder.addInMemoryCollection(source), new ConfigurationBuilder()).build()

describe('Configuration', () => {
  it('reads keys without regard to case', () => {
    expect(configurationOf({ 'Logging:Level': 'Debug' }).get('LOGGING:level')).toBe('Debug')
  })

  it('tells a value that a source sets to null from one that no source has', () => {
    const configuration = configurationOf({ a: '1' }, { a: null })
    expect(configuration.tryGet('a')).toBeNull()
    expect(configuration.get('a')).toBeUndefined()
    expect(configuration.tryGet('b')).toBeUndefined()
  })

  it('gives the default of getValue only for a missing value', () => {
    const configuration = configurationOf({ port: '80', empty: '' })
    expect(configuration.getValue('port', Number, 1)).toBe(80)
    expect(configuration.getValue('missing', Number, 1)).toBe(1)
    expect(configuration.getValue('missing', Number)).toBeUndefined()
    expect(configuration.getValue('empty', Shape.optional(Number), 7)).toBe(7)
    expectTypeOf(configuration.getValue('port', Number, 1)).toEqualTypeOf<number>()
    expectTypeOf(configuration.getValue('port', Number)).toEqualTypeOf<number | undefined>()
  })

  it('names the section that is required and missing', () => {
    expect(() => configurationOf({ 'a:b': '1' }).getSection('a').getRequiredSection('c')).toThrowError(/"a:c"/)
  })

  it('reads a section of a section by the whole path', () => {
    const section = configurationOf({ 'a:b:c': '1' }).getSection('a').getSection('b')
    expect(section.path).toBe('a:b')
    expect(section.get('c')).toBe('1')
    expect(section.getChildren().map(child => child.path)).toEqual(['a:b:c'])
  })

  it('writes through a section, to be seen everywhere', () => {
    const configuration = configurationOf({ 'a:b': '1' })
    const section = configuration.getSection('a:b')
    section.value = '2'
    configuration.getSection('a').set('c', '3')
    expect([configuration.get('a:b'), section.value, configuration.get('a:c')]).toEqual(['2', '2', '3'])
  })

  it('lists every key below, parents first, with whole or relative paths', () => {
    const configuration = configurationOf({ 'a:b:c': '1', 'a:d': '2', e: '3' })
    expect([...configuration.asEnumerable()]).toEqual([
      ['a', undefined],
      ['a:b', undefined],
      ['a:b:c', '1'],
      ['a:d', '2'],
      ['e', '3'],
    ])
    expect([...configuration.getSection('a').asEnumerable(true)]).toEqual([
      ['b', undefined],
      ['b:c', '1'],
      ['d', '2'],
    ])
    expect([...configuration.getSection('a').asEnumerable()][0]).toEqual(['a:b', undefined])
  })
})
