import { ArgumentException, InvalidOperationException, PathString, QueryString, StringComparison } from '@windhover/core'
import { describe, expect, it } from 'vitest'

/** The recorded tables of ASP.NET Core cover the rest: tables-parity.test.ts. */
describe('PathString.startsWithSegments', () => {
  it.each([
    ['/test/path', '/TEST', true],
    ['/test/path', '/TEST/pa', false],
    ['/test/PATH/path/TEST', '/TEST/path/PATH', true],
    ['/ſtart', '/start', false],
    ['/\u212a', '/k', false],
    ['/𐐨/x', '/𐐀', true],
    ['/a@', '/a`', false],
    ['/[', '/{', false],
  ])('%s starts with %s: %s', (path, other, expected) => {
    expect(PathString.startsWithSegments(path, other) !== undefined).toBe(expected)
  })

  it.each([
    ['/test/path', '/TEST', false],
    ['/test/path', '/test/pa', false],
    ['/TEST/PATH/path/TEST', '/TEST/PATH', true],
  ])('by code units %s starts with %s: %s', (path, other, expected) => {
    expect(PathString.startsWithSegments(path, other, StringComparison.Ordinal) !== undefined).toBe(expected)
  })

  it('finds the way back: matched and remaining are the path', () => {
    const match = PathString.startsWithSegments('/Foo/İ/x', '/foo/İ')
    expect(match).toEqual({ matched: '/Foo/İ', remaining: '/x' })
  })
})

describe('a text without its leading slash', () => {
  it.each<[string, () => unknown]>([
    ['startsWithSegments', () => PathString.startsWithSegments('/api/x', 'api')],
    ['add', () => PathString.add('/a', 'b')],
    ['toUriComponent', () => PathString.toUriComponent('a')],
    ['fromUriComponent', () => PathString.fromUriComponent('a')],
  ])('is an argument error for %s', (_name, call) => {
    expect(call).toThrow(ArgumentException)
  })
})

describe('a text without its leading question mark', () => {
  it.each<[string, () => unknown]>([
    ['add', () => QueryString.add('a=1', '?b=2')],
    ['add, on the right', () => QueryString.add('?a=1', 'b=2')],
    ['toUriComponent', () => QueryString.toUriComponent('a=1')],
  ])('is an argument error for %s', (_name, call) => {
    expect(call).toThrow(ArgumentException)
  })
})

describe('PathString.fromUriComponent', () => {
  it('raises an invalid-operation error for %00', () => {
    expect(() => PathString.fromUriComponent('/a%00b')).toThrow(InvalidOperationException)
  })

  it.each([
    ['an overlong slash', '/%C0%AF', '/%C0%AF'],
    ['an overlong NUL', '/%C0%80', '/%C0%80'],
    ['a surrogate', '/%ED%A0%80', '/%ED%A0%80'],
    ['a character beyond Unicode', '/%F4%90%80%80', '/%F4%90%80%80'],
    ['the last character', '/%F4%8F%BF%BF', '/\u{10ffff}'],
    ['a truncated character', '/%E2%82x', '/%E2%82x'],
    ['a lone continuation', '/%80%41', '/%80A'],
    ['the backslash', '/%5C', '/\\'],
    ['an encoded percent once', '/%2561dmin', '/%61dmin'],
  ])('decodes %s: %s is %s', (_name, component, path) => {
    expect(PathString.fromUriComponent(component)).toBe(path)
  })

  it('takes time in proportion to the path', () => {
    const started = performance.now()
    PathString.fromUriComponent(`/${'%ff'.repeat(100_000)}${'%F0%9F'.repeat(100_000)}`)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

describe('the round trip', () => {
  it.each(['/a b', '/é/😀', '/?#[]"<>\\^`{|}', '/a+b;c=d', '/\u0001'])('%j survives being encoded and decoded', path => {
    expect(PathString.fromUriComponent(PathString.toUriComponent(path))).toBe(path)
  })

  it.each(['a b', 'é&=+;', '%41', "it's", '/?:@', '😀'])('%j survives as a value of a query', value => {
    const [, encoded] = QueryString.create([['k', value]]).split('=')
    expect(decodeURIComponent(encoded!)).toBe(value)
  })
})

describe('QueryString.create', () => {
  it('encodes half a surrogate pair as U+FFFD', () => {
    expect(QueryString.create([['k', 'a\ud800']])).toBe('?k=a%EF%BF%BD')
  })
})
