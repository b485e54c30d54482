import { ConfigurationBuilder, ConfigurationManager } from '@windhover/hosting'
import { describe, expect, it } from 'vitest'

describe('ConfigurationManager', () => {
  it('shows a source as soon as it is added, and tells that it changed', () => {
    const configuration = new ConfigurationManager()
    let changes = 0
    configuration.onChange(() => changes++)
    configuration.addInMemoryCollection({ a: '1' })
    expect([configuration.get('a'), changes]).toEqual(['1', 1])
    configuration.addInMemoryCollection({ a: '2' })
    expect(configuration.get('a')).toBe('2')
  })

  it('can be set before any source is added, and later sources win over that', () => {
    const configuration = new ConfigurationManager()
    configuration.set('a', 'set')
    expect(configuration.get('a')).toBe('set')
    expect(configuration.addInMemoryCollection({ a: '1' }).get('a')).toBe('1')
  })

  it('does not keep a source that fails', () => {
    const configuration = new ConfigurationManager()
    expect(() => configuration.addJsonStream('{')).toThrow()
    expect(configuration.sources).toHaveLength(1)
    expect(configuration.addInMemoryCollection({ a: '1' }).get('a')).toBe('1')
  })

  it('forgets its sources when they are cleared', () => {
    const configuration = new ConfigurationManager().addInMemoryCollection({ a: '1' }).clearSources()
    expect(configuration.sources).toEqual([])
    expect(configuration.get('a')).toBeUndefined()
  })

  it('is a configuration in every respect', () => {
    const configuration = new ConfigurationManager().addInMemoryCollection({ 's:number': '5', 'ConnectionStrings:db': 'x' })
    expect(configuration.getSection('s').exists()).toBe(true)
    expect(configuration.getRequiredSection('s').get({ number: Number })).toEqual({ number: 5 })
    expect(configuration.get({ s: { number: Number } })).toEqual({ s: { number: 5 } })
    expect(configuration.getValue('s:number', Number, 1)).toBe(5)
    expect(configuration.getConnectionString('db')).toBe('x')
    expect(configuration.bind({ s: { number: 0 } })).toEqual({ s: { number: 5 } })
    expect(configuration.getChildren().map(child => child.key)).toEqual(['ConnectionStrings', 's'])
    expect([...configuration.asEnumerable()]).toContainEqual(['s:number', '5'])
    expect([configuration.path, configuration.exists(), configuration.tryGet('none')]).toEqual(['', true, undefined])
  })
})

describe('addConfiguration', () => {
  it('shows another configuration as it is at the moment, between the other sources', () => {
    const inner = new ConfigurationManager().addInMemoryCollection({ a: 'inner', b: 'inner' })
    const configuration = new ConfigurationBuilder()
      .addInMemoryCollection({ a: 'first' })
      .addConfiguration(inner)
      .addInMemoryCollection({ b: 'last' })
      .build()
    expect([configuration.get('a'), configuration.get('b')]).toEqual(['inner', 'last'])
    inner.set('a', 'changed')
    expect(configuration.get('a')).toBe('changed')
    expect(configuration.getChildren().map(child => child.key)).toEqual(['a', 'b'])
  })

  it('passes on that it changed, until disposed', () => {
    const inner = new ConfigurationManager()
    const configuration = new ConfigurationBuilder().addConfiguration(inner).build()
    let changes = 0
    configuration.onChange(() => changes++)
    inner.reload()
    configuration[Symbol.dispose]()
    inner.reload()
    expect(changes).toBe(1)
  })

  it.each([
    [true, undefined],
    [false, '1'],
  ])('with shouldDispose %s leaves %j of a chained value after disposal', (shouldDispose, expected) => {
    const inner = new ConfigurationBuilder().addInMemoryCollection({ a: '1' }).build()
    new ConfigurationBuilder().addConfiguration(inner, shouldDispose).build()[Symbol.dispose]()
    expect(inner.get('a')).toBe(expected)
  })
})
