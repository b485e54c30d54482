import { type ConfigurationShape, InvalidOperationException, Shape, type ShapesFor } from '@windhover/core'
import { ConfigurationBuilder, type InMemoryCollection } from '@windhover/hosting'
import { describe, expect, expectTypeOf, it } from 'vitest'

const configurationOf = (values: InMemoryCollection) => new ConfigurationBuilder().addInMemoryCollection(values).build()

class ServerOptions {
  host = 'localhost'
  port = 25
  secure = false
  nested = { depth: 1, label: 'inner' }
  tags = ['first']
  weights = new Map([['a', 1]])
  #secret = 'unset'

  get secret(): string {
    return this.#secret
  }

  set secret(value: string) {
    this.#secret = value.toUpperCase()
  }

  get fixed(): string {
    return 'fixed'
  }

  describe(): string {
    return this.host
  }
}

describe('Configuration.bind', () => {
  it('takes the type of a property from its default value', () => {
    const options = configurationOf({
      host: 'example',
      PORT: '8080',
      secure: 'true',
      'nested:depth': '2',
      'tags:0': 'second',
      'weights:b': '2.5',
      secret: 'x',
    }).bind(new ServerOptions())

    expect(options).toMatchObject({ host: 'example', port: 8080, secure: true, nested: { depth: 2, label: 'inner' }, secret: 'X' })
    expect(options.tags).toEqual(['first', 'second'])
    expect(options.weights).toEqual(
      new Map([
        ['a', 1],
        ['b', 2.5],
      ]),
    )
  })

  it('does not touch the lists and maps that were there', () => {
    const tags = ['first']
    const target = { tags, weights: new Map([['a', 1]]) }
    const { weights } = target
    configurationOf({ 'tags:0': 'x', 'weights:a': '9' }).bind(target)
    expect(tags).toEqual(['first'])
    expect(weights).toEqual(new Map([['a', 1]]))
    expect(target.weights.get('a')).toBe(9)
  })

  it('leaves methods and read-only properties alone', () => {
    const options = configurationOf({ describe: 'x', fixed: 'x' }).bind(new ServerOptions())
    expect(options.describe()).toBe('localhost')
    expect(options.fixed).toBe('fixed')
  })

  it.each([
    ['a value', { sender: 'x' }],
    ['children', { 'sender:0': 'x' }],
  ])('refuses %s for a property whose type nothing tells', (_name, values) => {
    class MailOptions {
      sender: string | undefined
    }
    expect(() => configurationOf(values).bind(new MailOptions())).toThrowError(
      expect.objectContaining({ code: 'WINDHOVER_ERR_CONFIGURATION_SHAPE_MISSING' }),
    )
  })

  it('does not need the type of a property that the configuration does not mention', () => {
    class MailOptions {
      sender: string | undefined
      recipients: string[] = []
    }
    expect(configurationOf({ other: 'x' }).bind(new MailOptions())).toEqual({ sender: undefined, recipients: [] })
  })

  it('takes what a default cannot tell from the shape of the class', () => {
    class MailOptions {
      timeout = 30_000
      sender: string | undefined
      recipients: string[] = []
      routes: { host: string; port: number }[] = []

      static readonly shape = {
        timeout: Shape.timeSpan,
        sender: Shape.optional(String),
        recipients: [String],
        routes: [{ host: String, port: Number }],
      } satisfies ShapesFor<MailOptions>
    }
    const options = configurationOf({
      timeout: '00:01:00',
      sender: 'me',
      'recipients:0': 'you',
      'routes:0:host': 'a',
      'routes:0:port': '1',
      'routes:1:host': 'b',
    }).bind(new MailOptions())
    expect(options).toEqual({ timeout: 60_000, sender: 'me', recipients: ['you'], routes: [{ host: 'a', port: 1 }, { host: 'b' }] })
  })

  it('prefers the shape that is passed', () => {
    expect(configurationOf({ delay: '00:00:01' }).bind({ delay: 0 }, { delay: Shape.timeSpan })).toEqual({ delay: 1000 })
  })

  it('names the key of an element that does not fit', () => {
    expect(() => configurationOf({ 'ports:0': '1', 'ports:1': 'x' }).get({ ports: [Shape.int32] })).toThrowError(/"ports:1".*"x"/)
  })

  it('names every unknown key when asked to refuse them', () => {
    expect(() =>
      configurationOf({ host: 'a', hsot: 'b', 'nested:dpeth': '1' }).bind(new ServerOptions(), undefined, {
        errorOnUnknownConfiguration: true,
      }),
    ).toThrowError(/ServerOptions has no property for "hsot"/)
    expect(() =>
      configurationOf({ 'nested:dpeth': '1' }).bind(new ServerOptions(), undefined, { errorOnUnknownConfiguration: true }),
    ).toThrowError(/"nested:dpeth"/)
  })

  it.each([
    ['one value where there are several', { nested: 'x' }],
    ['one value where there is a list', { tags: 'x' }],
    ['one value where there is a map', { weights: 'x' }],
    ['several values where there is one', { 'port:a': '1' }],
  ])('refuses %s, if wanted', (_name, values) => {
    const configuration = configurationOf(values as InMemoryCollection)
    expect(() => configuration.bind(new ServerOptions(), undefined, { errorOnUnknownConfiguration: true })).toThrow(
      InvalidOperationException,
    )
    expect(configuration.bind(new ServerOptions())).toEqual(new ServerOptions())
  })

  it('knows a read-only property, though it does not set it', () => {
    const options = configurationOf({ fixed: 'x' }).bind(new ServerOptions(), undefined, { errorOnUnknownConfiguration: true })
    expect(options.fixed).toBe('fixed')
  })

  it('refuses several values for a text that has none yet', () => {
    expect(() => configurationOf({ 'name:a': 'x' }).get({ name: String })).toThrow(InvalidOperationException)
  })

  it('cannot be made to change a prototype', () => {
    const values = { '__proto__:polluted': 'x', 'constructor:prototype:polluted': 'x', 'map:__proto__': 'y' }
    const target = configurationOf(values).bind(new ServerOptions())
    const bound = configurationOf(values).get({ map: Shape.dictionaryOf(String), list: [String] })
    expect(Object.getPrototypeOf(target)).toBe(ServerOptions.prototype)
    expect(({} as { polluted?: string }).polluted).toBeUndefined()
    expect(bound?.map).toEqual(new Map([['__proto__', 'y']]))
  })

  it('lets the compiler check the shapes against the properties', () => {
    const target = { port: 1, names: [''] }
    // @ts-expect-error a number is not read as a text
    configurationOf({}).bind(target, { port: String })
    // @ts-expect-error there is no such property
    configurationOf({}).bind(target, { prot: Number })
    expect(configurationOf({}).bind(target, { names: [String] })).toBe(target)
  })
})

describe('Configuration.get with a shape', () => {
  it('is undefined when there is nothing', () => {
    expect(configurationOf({}).getSection('none').get(ServerOptions)).toBeUndefined()
    expect(configurationOf({}).getSection('none').get([String])).toBeUndefined()
  })

  it('makes an instance of the class', () => {
    const options = configurationOf({ 's:port': '1' }).getSection('s').get(ServerOptions)
    expect(options).toBeInstanceOf(ServerOptions)
    expect(options?.port).toBe(1)
  })

  it('reads lists of lists and maps of objects', () => {
    const configuration = configurationOf({ 'grid:0:0': '1', 'grid:0:1': '2', 'grid:1:0': '3', 'byName:x:size': '1', 'byName:Y:size': '2' })
    const value = configuration.get({ grid: [[Number]], byName: Shape.dictionaryOf({ size: Number }) })
    expect(value).toEqual({
      grid: [[1, 2], [3]],
      byName: new Map([
        ['x', { size: 1 }],
        ['Y', { size: 2 }],
      ]),
    })
    expectTypeOf(value).toEqualTypeOf<
      { grid: number[][] | undefined; byName: Map<string, { size: number | undefined }> | undefined } | undefined
    >()
  })

  it.each<[string, ConfigurationShape, string | null, unknown]>([
    ['an empty list for an empty text', [String], '', []],
    ['no list for another text', [String], 'x', undefined],
    ['undefined for an optional number that is empty', Shape.optional(Number), '', undefined],
    ['the empty text for an optional text that is empty', Shape.optional(String), '', ''],
    ['undefined for an optional text that is null', Shape.optional(String), null, undefined],
  ])('gives %s', (_name, shape, text, expected) => {
    expect(configurationOf({ value: text }).getSection('value').get(shape)).toEqual(expected)
  })

  it('reads a property that is named like the method of a parser', () => {
    expect(configurationOf({ parse: 'x' }).get({ parse: String })).toEqual({ parse: 'x' })
  })
})
